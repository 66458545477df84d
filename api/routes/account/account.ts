import { AccountSchema, ChangePasswordBody, CredentialsBody, type AccountWire } from '#contracts/api/accounts.schema';
import { CodedError, notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { CREDENTIAL, findUser, findUserByEmail, passwordHashOf, signOutEverywhere, writePasswordHash, type PersonRecord } from '#platform/repositories/users';
import { hashPassword } from '../../accounts/password-hash.ts';
import { requireGoodPassword, requireOwnPassword, requireSession } from '../../accounts/require-password.ts';
import type { Deps } from '../../deps.ts';
import { defineEndpoint } from '../../endpoint.ts';

const toWire = (user: PersonRecord): AccountWire => ({
  id: user.id, name: user.name, email: user.email, role: user.role as AccountWire['role'], has_password: user.accounts.some(({ providerId }) => providerId === CREDENTIAL), two_factor: user.twoFactorEnabled,
  oidc: user.accounts.map(({ providerId }) => providerId).filter((id) => id !== CREDENTIAL), created_at: user.createdAt.toISOString(),
});

async function accountOf(deps: Deps, userId: string): Promise<AccountWire> {
  const user = await findUser(deps.db, userId);
  if (!user) throw notFound('This account');
  return toWire(user);
}

export const getAccount = defineEndpoint({
  method: 'get', path: '/api/v1/account', operationId: 'getAccount', tag: 'Session', summary: 'My account', permission: 'signed-in', audit: 'none', answers: { 200: { description: 'How I sign in', schema: AccountSchema } }, errors: [],
  handler: (deps) => async ({ principal }) => ({ status: 200, body: await accountOf(deps, principal.userId) }),
});

/** How the person of the local link becomes an account: the row stays, and with it every run, key and file of theirs. */
export const postCredentials = defineEndpoint({
  method: 'post', path: '/api/v1/account/credentials', operationId: 'setCredentials', tag: 'Session', summary: 'Give my account an e-mail address and a password', description: 'For an account without a password, as the local sign-in link makes it. Nothing that belongs to it changes.', permission: 'signed-in', audit: 'user.credentials_set', body: CredentialsBody,
  answers: { 200: { description: 'The account', schema: AccountSchema } }, errors: ['InvalidInput', 'Conflict', 'PermissionDenied'],
  handler: (deps) => async ({ principal, body, audit }) => {
    requireSession(principal);
    requireGoodPassword(body.password, [body.name, body.email], '#/password');
    const hash = await hashPassword(body.password);
    await deps.db.$transaction(async (tx) => {
      if (await passwordHashOf(tx, principal.userId)) throw new CodedError('Conflict', 'This account has a password already.', { remedy: 'Change it with the present one.' });
      const other = await findUserByEmail(tx, body.email);
      if (other && other.id !== principal.userId) throw new CodedError('Conflict', 'Another account has this address.', { errors: [{ pointer: '#/email', detail: 'belongs to another account' }] });
      await tx.user.update({ where: { id: principal.userId }, data: { name: body.name, email: body.email, emailVerified: true } });
      await writePasswordHash(tx, principal.userId, hash);
      await appendAuditEvent(tx, audit({ type: 'user.credentials_set', resource: `user/${principal.userId}` }));
    });
    deps.principals.forgetUser(principal.userId);
    return { status: 200, body: await accountOf(deps, principal.userId) };
  },
});

export const postPassword = defineEndpoint({
  method: 'post', path: '/api/v1/account/password', operationId: 'changePassword', tag: 'Session', summary: 'Change my password', description: 'Ends all other sessions and all API tokens of the account.', permission: 'signed-in', audit: 'user.password_changed', body: ChangePasswordBody,
  answers: { 204: { description: 'Changed' } }, errors: ['InvalidInput', 'Conflict', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ principal, body, audit }) => {
    await requireOwnPassword(deps, principal, body.current_password, '#/current_password');
    requireGoodPassword(body.new_password, [principal.name, principal.email], '#/new_password');
    const hash = await hashPassword(body.new_password);
    await deps.db.$transaction(async (tx) => {
      await writePasswordHash(tx, principal.userId, hash);
      const ended = await signOutEverywhere(tx, principal.userId, principal.credentialId);
      await appendAuditEvent(tx, audit({ type: 'user.password_changed', resource: `user/${principal.userId}`, data: { ...ended } }));
    });
    deps.principals.forgetUser(principal.userId);
    return { status: 204 };
  },
});
