import { DeviceCodeBody, DeviceDecisionBody, DeviceRequestSchema, DeviceStartBody, DeviceStartSchema, DeviceTokenBody, DeviceTokenSchema, RevokeTokenBody } from '#contracts/api/device.schema';
import { permissionsOf, type Permission } from '#contracts/permissions';
import { CodedError, notFound } from '#platform/coded-error';
import { createApiToken, findApiToken, revokeApiToken } from '#platform/repositories/api-tokens';
import { appendAuditEvent } from '#platform/repositories/audit';
import { createDeviceLogin, decideDeviceLogin, DEVICE_LOGIN_SECONDS, findByUserCode, POLL_SECONDS, pollDeviceLogin } from '#platform/repositories/device-logins';
import { findUser } from '#platform/repositories/users';
import { defineEndpoint, type Principal } from '../../endpoint.ts';

const TOKEN_DAYS = 30;
/** A command line does a person's daily work: it neither administers, nor makes tokens, nor changes keys. Who wants that makes a token by hand. */
const WITHHELD = new Set<Permission>(['users:manage', 'settings:manage', 'audit:read', 'runs:view:all', 'token:write', 'secret:write']);
const scopesOf = (role: string): Permission[] => [...permissionsOf(role)].filter((permission) => !WITHHELD.has(permission));

/** A token must not make another one, and a person looks at the page that they confirm on. */
function requireSession(principal: Principal): void {
  if (principal.kind !== 'session') throw new CodedError('PermissionDenied', 'A command line is let in by a person who is signed in in a browser.');
}

export const postDeviceStart = defineEndpoint({
  method: 'post', path: '/api/v1/session/device', operationId: 'startDeviceLogin', tag: 'Session', summary: 'Begin the sign-in of a command line', description: 'The flow of RFC 8628: the program shows `user_code` and address, the person confirms there, the program asks for its token meanwhile. Lives ten minutes.',
  permission: 'public', audit: 'none', body: DeviceStartBody, answers: { 201: { description: 'Both codes', schema: DeviceStartSchema } }, errors: ['InvalidInput', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ body, req }) => {
    await deps.limits.deviceStart(req.ip ?? 'unknown');
    const made = await deps.db.$transaction((tx) => createDeviceLogin(tx, body.client_name, req.ip ?? null));
    if (!made) throw new CodedError('RateLimited', 'Too many sign-ins wait to be confirmed.', { retryAfterSeconds: 60 });
    const page = `${new URL(deps.config.WEB_ORIGIN).origin}/device`;
    return { status: 201, body: { device_code: made.deviceCode, user_code: made.userCode, verification_uri: page, verification_uri_complete: `${page}?code=${made.userCode}`, expires_in: DEVICE_LOGIN_SECONDS, interval: POLL_SECONDS } };
  },
});

export const postDeviceToken = defineEndpoint({
  method: 'post', path: '/api/v1/session/device/token', operationId: 'takeDeviceToken', tag: 'Session', summary: 'Ask for the token of a confirmed sign-in', description: 'Given out once.',
  permission: 'public', audit: 'token.created', body: DeviceTokenBody, answers: { 200: { description: 'How it stands; the token when it was confirmed', schema: DeviceTokenSchema } }, errors: ['InvalidInput', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ body, req, audit }) => {
    await deps.limits.signInAllowed(req.ip ?? 'unknown');
    const answer = await deps.db.$transaction(async (tx) => {
      const poll = await pollDeviceLogin(tx, body.device_code);
      if (poll.kind !== 'approved') return { state: ({ pending: 'authorization_pending', slow_down: 'slow_down', denied: 'access_denied', expired: 'expired_token' } as const)[poll.kind], access_token: null, expires_at: null, scopes: [] };
      const user = await findUser(tx, poll.userId);
      if (!user?.isActive) return { state: 'access_denied' as const, access_token: null, expires_at: null, scopes: [] };
      const scopes = scopesOf(user.role);
      const expiresAt = new Date(Date.now() + TOKEN_DAYS * 86_400_000);
      const { token, record } = await createApiToken(tx, user.id, { name: `awp on ${poll.clientName}`.slice(0, 100), scopes, expiresAt });
      await appendAuditEvent(tx, audit({ type: 'token.created', subject: user.id, resource: `token/${record.id}`, data: { name: record.name, expires_in_days: TOKEN_DAYS, how: 'device' } }));
      return { state: 'granted' as const, access_token: token, expires_at: expiresAt.toISOString(), scopes };
    });
    if (answer.state === 'expired_token') await deps.limits.signInFailure(req.ip ?? 'unknown');
    return { status: 200, body: answer };
  },
});

export const postDevicePreview = defineEndpoint({
  method: 'post', path: '/api/v1/account/device', operationId: 'previewDeviceLogin', tag: 'Session', summary: 'What a code of a command line asks for', permission: 'signed-in', audit: 'none', body: DeviceCodeBody,
  answers: { 200: { description: 'Who asks, and for what', schema: DeviceRequestSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ principal, body, req }) => {
    requireSession(principal);
    const address = req.ip ?? 'unknown';
    await deps.limits.signInAllowed(address);
    const row = await findByUserCode(deps.db, body.user_code);
    if (!row) {
      await deps.limits.signInFailure(address);
      throw notFound('This code, or one that is still open,');
    }
    return { status: 200, body: { client_name: row.clientName, ip_address: row.ipAddress, created_at: row.createdAt.toISOString(), expires_at: row.expiresAt.toISOString(), scopes: scopesOf(principal.role), token_days: TOKEN_DAYS } };
  },
});

export const postDeviceDecision = defineEndpoint({
  method: 'post', path: '/api/v1/account/device/decision', operationId: 'decideDeviceLogin', tag: 'Session', summary: 'Let a command line in, or not', permission: 'signed-in', audit: ['device.approved', 'device.denied'], body: DeviceDecisionBody,
  answers: { 204: { description: 'Decided' } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ principal, body, req, audit }) => {
    requireSession(principal);
    const address = req.ip ?? 'unknown';
    await deps.limits.signInAllowed(address);
    const state = body.decision === 'approve' ? 'approved' : 'denied';
    const done = await deps.db.$transaction(async (tx) => {
      const row = await findByUserCode(tx, body.user_code);
      if (!row || !(await decideDeviceLogin(tx, row.id, principal.userId, state))) return false;
      await appendAuditEvent(tx, audit({ type: `device.${state}`, resource: `device/${row.id}`, data: { client: row.clientName, from: row.ipAddress } }));
      return true;
    });
    if (!done) {
      await deps.limits.signInFailure(address);
      throw notFound('This code, or one that is still open,');
    }
    return { status: 204 };
  },
});

export const postRevokeToken = defineEndpoint({
  method: 'post', path: '/api/v1/tokens/revoke', operationId: 'revokeOwnToken', tag: 'Session', summary: 'Revoke a token of mine by its text', description: 'What `awp logout` does. 204 as well when there is nothing to revoke.', permission: 'signed-in', audit: 'token.revoked', body: RevokeTokenBody,
  answers: { 204: { description: 'It opens nothing any more' } }, errors: ['InvalidInput', 'PermissionDenied'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const found = await findApiToken(deps.db, body.token);
    if (found?.user.id !== principal.userId) return { status: 204 };
    await deps.db.$transaction(async (tx) => {
      if (await revokeApiToken(tx, found.record.id, principal.userId)) await appendAuditEvent(tx, audit({ type: 'token.revoked', resource: `token/${found.record.id}` }));
    });
    deps.principals.forget(found.record.id);
    return { status: 204 };
  },
});
