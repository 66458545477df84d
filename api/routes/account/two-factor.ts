import { PasswordBody, TotpCodeBody, TwoFactorSetupSchema } from '#contracts/api/accounts.schema';
import { CodedError } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { requireOwnPassword, requireSession } from '../../accounts/require-password.ts';
import { defineEndpoint } from '../../endpoint.ts';

const ERRORS = ['InvalidInput', 'Conflict', 'PermissionDenied', 'RateLimited'] as const;

export const postTwoFactor = defineEndpoint({
  method: 'post', path: '/api/v1/account/two-factor', operationId: 'enableTwoFactor', tag: 'Session', summary: 'Begin with a second factor', description: 'Gives the secret for an authenticator app and ten backup codes, this once. It holds when the first code has been confirmed.', permission: 'signed-in', audit: 'user.two_factor_started', body: PasswordBody,
  answers: { 200: { description: 'For the app', schema: TwoFactorSetupSchema } }, errors: ERRORS,
  handler: (deps) => async ({ principal, body, req, res, audit }) => {
    await requireOwnPassword(deps, principal, body.password, '#/password');
    const { uri, backupCodes } = await deps.accounts.enableTotp(req, res, body.password);
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'user.two_factor_started', resource: `user/${principal.userId}` })));
    return { status: 200, body: { uri, secret: new URL(uri).searchParams.get('secret') ?? '', backup_codes: backupCodes } };
  },
});

export const postTwoFactorCode = defineEndpoint({
  method: 'post', path: '/api/v1/account/two-factor/confirm', operationId: 'confirmTwoFactor', tag: 'Session', summary: 'Confirm the second factor with its first code', permission: 'signed-in', audit: 'user.two_factor_enabled', body: TotpCodeBody, answers: { 204: { description: 'It holds from now on; the session is a new one' } }, errors: ERRORS,
  handler: (deps) => async ({ principal, body, req, res, audit }) => {
    requireSession(principal);
    if (!(await deps.db.twoFactor.findUnique({ where: { userId: principal.userId } }))) throw new CodedError('Conflict', 'No second factor was begun.');
    const right = await deps.limits.passwordTry(`2fa ${principal.userId}`, 'signed in');
    await deps.accounts.confirmTotp(req, res, body.code);
    await right();
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'user.two_factor_enabled', resource: `user/${principal.userId}` })));
    deps.principals.forgetUser(principal.userId);
    return { status: 204 };
  },
});

export const postTwoFactorOff = defineEndpoint({
  method: 'post', path: '/api/v1/account/two-factor/disable', operationId: 'disableTwoFactor', tag: 'Session', summary: 'Sign in without a second factor again', permission: 'signed-in', audit: 'user.two_factor_disabled', body: PasswordBody, answers: { 204: { description: 'Off; the session is a new one' } }, errors: ERRORS,
  handler: (deps) => async ({ principal, body, req, res, audit }) => {
    await requireOwnPassword(deps, principal, body.password, '#/password');
    await deps.accounts.disableTotp(req, res, body.password);
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'user.two_factor_disabled', resource: `user/${principal.userId}` })));
    deps.principals.forgetUser(principal.userId);
    return { status: 204 };
  },
});
