import { CreatedTokenSchema, TokenBody } from '#contracts/api/session.schema';
import { MAX_TOKENS } from '#contracts/limits';
import { CodedError } from '#platform/coded-error';
import { countApiTokens, createApiToken } from '#platform/repositories/api-tokens';
import { appendAuditEvent } from '#platform/repositories/audit';
import { defineEndpoint } from '../../endpoint.ts';
import { tokenToWire } from './token-to-wire.ts';

const DAY_MS = 24 * 3600_000;

export const postToken = defineEndpoint({
  method: 'post', path: '/api/v1/tokens', operationId: 'createToken', tag: 'Session', summary: 'Make an API token', description: 'The token is shown in this answer and never again. Its rights are at most those of whoever makes it.', permission: 'token:write', audit: 'token.created',
  body: TokenBody, answers: { 201: { description: 'The token', schema: CreatedTokenSchema } }, errors: ['InvalidInput', 'PermissionDenied', 'Conflict'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const missing = body.scopes?.find((scope) => !principal.permissions.has(scope));
    if (missing) throw new CodedError('PermissionDenied', `You do not have ${missing} yourself.`, { errors: [{ pointer: '#/scopes', detail: `${missing} is not yours to give` }] });
    // A token that was narrowed cannot make a wider one: without scopes it hands on exactly its own.
    const scopes = body.scopes ?? (principal.kind === 'api_token' ? [...principal.permissions] : []);
    const { token, record } = await deps.db.$transaction(async (tx) => {
      if ((await countApiTokens(tx, principal.userId)) >= MAX_TOKENS) throw new CodedError('Conflict', `You have ${MAX_TOKENS} tokens, which is the most.`, { remedy: 'Revoke those that are not used any more.' });
      const made = await createApiToken(tx, principal.userId, { name: body.name, scopes, expiresAt: new Date(Date.now() + body.expires_in_days * DAY_MS) });
      await appendAuditEvent(tx, audit({ type: 'token.created', resource: `token/${made.record.id}`, data: { name: body.name, expires_in_days: body.expires_in_days } }));
      return made;
    });
    return { status: 201, body: { ...tokenToWire(record), token } };
  },
});
