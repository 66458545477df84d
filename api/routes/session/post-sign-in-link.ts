import { SessionSchema, SignInLinkBody } from '#contracts/api/session.schema';
import { permissionsOf } from '#contracts/permissions';
import { CodedError } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { consumeSignInLink, createSession, findSession } from '#platform/repositories/sessions';
import { ensureLocalAdmin } from '#platform/repositories/users';
import { endEarlierSession } from '../../accounts/open-session.ts';
import { defineEndpoint } from '../../endpoint.ts';
import { sessionLimits, setSessionCookie } from '../../session-cookie.ts';
import { sessionToWire } from './session-to-wire.ts';

export const postSignInLink = defineEndpoint({
  method: 'post', path: '/api/v1/session/sign-in-link', operationId: 'signInWithLink', tag: 'Session', summary: 'Sign in with the one-time link', description: 'The token of the link that the start prints. It works once; the answer sets the session cookie.',
  permission: 'public', audit: ['session.created', 'session.refused', 'session.ended'], body: SignInLinkBody,
  answers: { 200: { description: 'Signed in', schema: SessionSchema } }, errors: ['InvalidInput', 'Unauthenticated', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ body, req, res, audit }) => {
    const address = req.ip ?? 'unknown';
    await deps.limits.signInAllowed(address);
    const limits = sessionLimits(deps.config);
    const admin = await ensureLocalAdmin(deps.db);
    const session = await deps.db.$transaction(async (tx) => {
      if (!(await consumeSignInLink(tx, body.token))) return null;
      const made = await createSession(tx, admin.id, limits, { ipAddress: req.ip ?? null, userAgent: req.get('user-agent') ?? null });
      await appendAuditEvent(tx, audit({ type: 'session.created', subject: admin.id, actorKind: 'session', resource: `session/${made.id}` }));
      return { ...made, forget: await endEarlierSession(deps, tx, { req, audit }) };
    });
    if (!session || !(await findSession(deps.db, session.token, limits))) {
      await deps.limits.signInFailure(address);
      await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'session.refused', resource: null, outcome: 'denied' })));
      throw new CodedError('Unauthenticated', 'This sign-in link is unknown, has expired or was used before.', { remedy: 'Start the platform again: it prints a new link.' });
    }
    session.forget();
    setSessionCookie(res, deps.config, session.token, session.expiresAt);
    return { status: 200, body: sessionToWire({ userId: admin.id, ...admin, kind: 'session', credentialId: session.id, permissions: permissionsOf(admin.role), expiresAt: session.expiresAt }, deps.config) };
  },
});
