import { CodedError } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { deleteSession as removeSession } from '#platform/repositories/sessions';
import { defineEndpoint } from '../../endpoint.ts';
import { clearSessionCookie } from '../../session-cookie.ts';

export const deleteSession = defineEndpoint({
  method: 'delete', path: '/api/v1/session', operationId: 'signOut', tag: 'Session', summary: 'Sign out', permission: 'signed-in', audit: 'session.ended',
  answers: { 204: { description: 'Signed out; open streams end within seconds' } }, errors: ['Conflict', 'PermissionDenied'],
  handler: (deps) => async ({ principal, res, audit }) => {
    if (principal.kind !== 'session') throw new CodedError('Conflict', 'An API token has no session to end.', { remedy: 'Revoke it at DELETE /api/v1/tokens/{id}.' });
    await deps.db.$transaction(async (tx) => {
      await removeSession(tx, principal.credentialId, principal.userId);
      await appendAuditEvent(tx, audit({ type: 'session.ended', resource: `session/${principal.credentialId}` }));
    });
    deps.principals.forget(principal.credentialId);
    clearSessionCookie(res, deps.config);
    return { status: 204 };
  },
});
