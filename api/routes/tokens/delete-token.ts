import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { notFound } from '#platform/coded-error';
import { revokeApiToken } from '#platform/repositories/api-tokens';
import { appendAuditEvent } from '#platform/repositories/audit';
import { defineEndpoint } from '../../endpoint.ts';

export const deleteToken = defineEndpoint({
  method: 'delete', path: '/api/v1/tokens/{id}', operationId: 'revokeToken', tag: 'Session', summary: 'Revoke an API token', permission: 'token:write', audit: 'token.revoked', params: z.strictObject({ id: Uuid }),
  answers: { 204: { description: 'Revoked: at once in this process, within 3 seconds in others' } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit }) => {
    await deps.db.$transaction(async (tx) => {
      if (!(await revokeApiToken(tx, params.id, principal.userId))) throw notFound('This token');
      await appendAuditEvent(tx, audit({ type: 'token.revoked', resource: `token/${params.id}` }));
    });
    deps.principals.forget(params.id);
    return { status: 204 };
  },
});
