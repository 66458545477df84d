import { AcceptInvitationBody, ForgotPasswordAnswer, ForgotPasswordBody, LinkPreviewBody, LinkPreviewSchema, ResetPasswordBody } from '#contracts/api/accounts.schema';
import { SessionSchema } from '#contracts/api/session.schema';
import { CodedError } from '#platform/coded-error';
import { consumeAccountLink, createAccountLink, findAccountLink } from '#platform/repositories/account-links';
import { appendAuditEvent } from '#platform/repositories/audit';
import { createUser, findUserByEmail, signOutEverywhere, writePasswordHash } from '#platform/repositories/users';
import { deliverLink } from '../../accounts/links.ts';
import { endEarlierSession, openSession } from '../../accounts/open-session.ts';
import { hashPassword } from '../../accounts/password-hash.ts';
import { requireGoodPassword } from '../../accounts/require-password.ts';
import type { Deps } from '../../deps.ts';
import { defineEndpoint } from '../../endpoint.ts';
import { sessionToWire } from './session-to-wire.ts';

const ERRORS = ['InvalidInput', 'Unauthenticated', 'Conflict', 'PermissionDenied', 'RateLimited'] as const;
const overWords = () => new CodedError('Unauthenticated', 'This link is unknown, has expired or was used before.', { remedy: 'Ask an administrator for a new one.' });

/** Links are tried as passwords are: a wrong one counts against the address. */
async function refuseLink(deps: Deps, address: string): Promise<never> {
  await deps.limits.signInFailure(address);
  throw overWords();
}

export const postLinkPreview = defineEndpoint({
  method: 'post', path: '/api/v1/session/link', operationId: 'previewAccountLink', tag: 'Session', summary: 'What a link of an invitation or a new password is for', permission: 'public', audit: 'none', body: LinkPreviewBody,
  answers: { 200: { description: 'For whom it is', schema: LinkPreviewSchema } }, errors: ERRORS,
  handler: (deps) => async ({ body, req }) => {
    await deps.limits.signInAllowed(req.ip ?? 'unknown');
    const row = await findAccountLink(deps.db, body.token);
    if (!row) return refuseLink(deps, req.ip ?? 'unknown');
    return { status: 200, body: { kind: row.kind, email: row.email, name: row.name, expires_at: row.expiresAt.toISOString() } };
  },
});

export const postAcceptInvitation = defineEndpoint({
  method: 'post', path: '/api/v1/session/invitation', operationId: 'acceptInvitation', tag: 'Session', summary: 'Make an account by an invitation', description: 'Signs the new person in. The role is the one that was invited.', permission: 'public', audit: ['user.created', 'session.created', 'session.ended'], body: AcceptInvitationBody,
  answers: { 201: { description: 'Signed in', schema: SessionSchema } }, errors: ERRORS,
  handler: (deps) => async ({ body, req, res, audit }) => {
    const address = req.ip ?? 'unknown';
    await deps.limits.signInAllowed(address);
    const link = await findAccountLink(deps.db, body.token);
    if (link?.kind !== 'invitation') return refuseLink(deps, address);
    requireGoodPassword(body.password, [body.name, link.email], '#/password');
    const hash = await hashPassword(body.password);
    const { principal, setCookie, forget } = await deps.db.$transaction(async (tx) => {
      const used = await consumeAccountLink(tx, 'invitation', body.token);
      if (!used) throw overWords();
      if (await findUserByEmail(tx, used.email)) throw new CodedError('Conflict', 'There is an account with this address already.', { remedy: 'Sign in with it.' });
      // The administrator vouched for the address by inviting it.
      const user = await createUser(tx, { name: body.name, email: used.email, role: used.role ?? 'student', emailVerified: true });
      await writePasswordHash(tx, user.id, hash);
      const opened = await openSession(deps, tx, user, req, res);
      await appendAuditEvent(tx, audit({ type: 'user.created', subject: user.id, actorKind: 'session', resource: `user/${user.id}`, data: { role: user.role, invitation: used.id } }));
      await appendAuditEvent(tx, audit({ type: 'session.created', subject: user.id, actorKind: 'session', resource: `session/${opened.principal.credentialId}`, data: { how: 'invitation' } }));
      return { ...opened, forget: await endEarlierSession(deps, tx, { req, audit }) };
    });
    setCookie();
    forget();
    return { status: 201, body: sessionToWire(principal, deps.config) };
  },
});

export const postResetPassword = defineEndpoint({
  method: 'post', path: '/api/v1/session/reset-password', operationId: 'resetPassword', tag: 'Session', summary: 'Set a new password by a link', description: 'Ends all sessions and API tokens of the account. The second factor stays.', permission: 'public', audit: 'user.password_reset', body: ResetPasswordBody,
  answers: { 204: { description: 'Set; sign in with it' } }, errors: ERRORS,
  handler: (deps) => async ({ body, req, audit }) => {
    const address = req.ip ?? 'unknown';
    await deps.limits.signInAllowed(address);
    const link = await findAccountLink(deps.db, body.token);
    if (link?.kind !== 'password_reset' || !link.userId) return refuseLink(deps, address);
    requireGoodPassword(body.password, [link.email], '#/password');
    const hash = await hashPassword(body.password);
    const { userId } = link;
    await deps.db.$transaction(async (tx) => {
      if (!(await consumeAccountLink(tx, 'password_reset', body.token))) throw overWords();
      await writePasswordHash(tx, userId, hash);
      const ended = await signOutEverywhere(tx, userId);
      await appendAuditEvent(tx, audit({ type: 'user.password_reset', subject: userId, resource: `user/${userId}`, data: { ...ended } }));
    });
    deps.principals.forgetUser(userId);
    return { status: 204 };
  },
});

export const postForgotPassword = defineEndpoint({
  method: 'post', path: '/api/v1/session/forgot-password', operationId: 'forgotPassword', tag: 'Session', summary: 'Ask for a link to a new password', description: 'The answer is the same whether or not there is such an account. Without a mail hook an administrator makes the link on the Users page.', permission: 'public', audit: 'user.password_reset_requested', body: ForgotPasswordBody,
  answers: { 202: { description: 'Heard', schema: ForgotPasswordAnswer } }, errors: ['InvalidInput', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ body, req, audit }) => {
    await deps.limits.signInAllowed(req.ip ?? 'unknown');
    // Counted apart from passwords: asking for links must not keep their person from signing in.
    await deps.limits.passwordTry(`link ${body.email}`, req.ip ?? 'unknown');
    const byMail = deps.config.AWP_MAIL_HOOK_URL !== undefined;
    // Not waited for: the time of the answer must not tell who has an account.
    if (byMail) void sendReset(deps, body.email, audit({ type: 'user.password_reset_requested', resource: null })).catch((error: unknown) => { deps.logger.warn({ err: error }, 'a link to a new password was not sent'); });
    return { status: 202, body: { message: byMail ? 'If there is an account with this address, a link is on its way.' : 'Ask an administrator of this installation for a link: they make it on the Users page.' } };
  },
});

async function sendReset(deps: Deps, email: string, event: Parameters<typeof appendAuditEvent>[1]): Promise<void> {
  const user = await findUserByEmail(deps.db, email);
  if (!user?.isActive) return;
  const { token, row } = await deps.db.$transaction(async (tx) => {
    const made = await createAccountLink(tx, { kind: 'password_reset', email, userId: user.id, createdBy: null });
    await appendAuditEvent(tx, { ...event, resource: `user/${user.id}` });
    return made;
  });
  await deliverLink(deps, row, token);
}
