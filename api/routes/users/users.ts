import { z } from 'zod';
import { MadeLinkSchema, UserParams, UserPatch, UserSchema, type UserWire } from '#contracts/api/accounts.schema';
import { ListQuery } from '#contracts/api/common.schema';
import { permissionsOf } from '#contracts/permissions';
import { CodedError, notFound } from '#platform/coded-error';
import { createAccountLink, endLinksMadeBy } from '#platform/repositories/account-links';
import { appendAuditEvent } from '#platform/repositories/audit';
import { pageFrom } from '#platform/repositories/paging';
import { changeUser, CREDENTIAL, findUser, listUsers, removeSecondFactor, signOutEverywhere, type PersonRecord } from '#platform/repositories/users';
import { deliverLink } from '../../accounts/links.ts';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';

function toWire(user: PersonRecord): UserWire {
  const live = user.sessions.filter((session) => session.expiresAt.getTime() > Date.now());
  const seen = user.sessions.map((session) => session.lastSeenAt.toISOString()).toSorted().at(-1) ?? null;
  return { id: user.id, name: user.name, email: user.email, role: user.role as UserWire['role'], is_active: user.isActive, has_password: user.accounts.some(({ providerId }) => providerId === CREDENTIAL), two_factor: user.twoFactorEnabled, sessions: live.length, created_at: user.createdAt.toISOString(), last_seen_at: seen };
}

export const getUsers = defineEndpoint({
  method: 'get', path: '/api/v1/users', operationId: 'listUsers', tag: 'Users', summary: 'Who has an account', permission: 'users:manage', audit: 'none', query: ListQuery, answers: { 200: { description: 'Oldest first', schema: z.array(UserSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ query, req }) => pagedAnswer(req, await listUsers(deps.db, pageFrom(query)), toWire),
});

export const putUser = defineEndpoint({
  method: 'put', path: '/api/v1/users/{id}', operationId: 'changeUser', tag: 'Users', summary: 'Change role, name, or switch an account off', description: 'A new role or a switched-off account ends all sessions of the person; switching off also ends the API tokens; invitations and links that they made as administrator end with that role. Runs under way stop at their next step when the right for it is gone. The last administrator stays one.',
  permission: 'users:manage', audit: 'user.changed', params: UserParams, body: UserPatch, answers: { 200: { description: 'As it is now', schema: UserSchema } }, errors: ['InvalidInput', 'NotFound', 'Conflict'],
  handler: (deps) => async ({ principal, params, body, audit }) => {
    const after = await deps.db.$transaction(async (tx) => {
      const before = await findUser(tx, params.id);
      const changed = await changeUser(tx, params.id, { role: body.role, isActive: body.is_active, name: body.name });
      if (!before || !changed) throw notFound('This person');
      if (changed === 'last_admin') throw new CodedError('Conflict', 'Somebody has to be administrator.', { remedy: 'Make another person administrator first.' });
      if (!changed.isActive) await signOutEverywhere(tx, changed.id);
      else if (changed.role !== before.role && changed.id !== principal.userId) await tx.session.deleteMany({ where: { userId: changed.id } });
      const links = changed.isActive && permissionsOf(changed.role).has('users:manage') ? 0 : await endLinksMadeBy(tx, changed.id);
      await appendAuditEvent(tx, audit({ type: 'user.changed', resource: `user/${changed.id}`, data: { role: changed.role, was_role: before.role, is_active: changed.isActive, was_active: before.isActive, ...(links > 0 ? { links_ended: links } : {}) } }));
      return findUser(tx, changed.id);
    });
    deps.principals.forgetUser(params.id);
    return { status: 200, body: toWire(after as PersonRecord) };
  },
});

export const postUserSignOut = defineEndpoint({
  method: 'post', path: '/api/v1/users/{id}/sign-out', operationId: 'signOutUser', tag: 'Users', summary: 'End all sessions and tokens of a person', permission: 'users:manage', audit: 'user.signed_out', params: UserParams, answers: { 204: { description: 'Ended, open streams within 5 seconds' } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ params, audit }) => {
    await deps.db.$transaction(async (tx) => {
      if (!(await findUser(tx, params.id))) throw notFound('This person');
      const ended = await signOutEverywhere(tx, params.id);
      await appendAuditEvent(tx, audit({ type: 'user.signed_out', resource: `user/${params.id}`, data: { ...ended } }));
    });
    deps.principals.forgetUser(params.id);
    return { status: 204 };
  },
});

export const postUserPasswordReset = defineEndpoint({
  method: 'post', path: '/api/v1/users/{id}/password-reset', operationId: 'resetUserPassword', tag: 'Users', summary: 'Make a link to a new password', description: 'The link is in this answer and never again, unless the mail hook has sent it. It works once, for an hour.', permission: 'users:manage', audit: 'user.password_reset_requested', params: UserParams,
  answers: { 201: { description: 'The link', schema: MadeLinkSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const { token, row } = await deps.db.$transaction(async (tx) => {
      const user = await findUser(tx, params.id);
      if (!user) throw notFound('This person');
      const made = await createAccountLink(tx, { kind: 'password_reset', email: user.email, userId: user.id, createdBy: principal.userId });
      await appendAuditEvent(tx, audit({ type: 'user.password_reset_requested', resource: `user/${user.id}`, data: { by_admin: true } }));
      return made;
    });
    return { status: 201, body: await deliverLink(deps, row, token) };
  },
});

export const deleteUserSecondFactor = defineEndpoint({
  method: 'delete', path: '/api/v1/users/{id}/two-factor', operationId: 'removeSecondFactor', tag: 'Users', summary: 'Take the second factor of a person off', description: 'For somebody who lost app and backup codes; make sure that it is them. Ends their sessions, tokens and links. One\'s own is switched off on the Account page, by the password.', permission: 'users:manage', audit: 'user.two_factor_removed', params: UserParams,
  answers: { 204: { description: 'Off: the password alone signs in' } }, errors: ['InvalidInput', 'NotFound', 'Conflict'],
  handler: (deps) => async ({ principal, params, audit }) => {
    if (params.id === principal.userId) throw new CodedError('Conflict', 'Your own second factor is switched off by your password.', { remedy: 'Use the Account page.' });
    await deps.db.$transaction(async (tx) => {
      if (!(await findUser(tx, params.id))) throw notFound('This person');
      if (!(await removeSecondFactor(tx, params.id))) throw new CodedError('Conflict', 'This person has no second factor.');
      const ended = await signOutEverywhere(tx, params.id);
      await appendAuditEvent(tx, audit({ type: 'user.two_factor_removed', resource: `user/${params.id}`, data: { ...ended } }));
    });
    deps.principals.forgetUser(params.id);
    return { status: 204 };
  },
});
