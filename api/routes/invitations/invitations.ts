import { z } from 'zod';
import { InvitationBody, InvitationSchema, MadeLinkSchema, type InvitationWire } from '#contracts/api/accounts.schema';
import { ListQuery, Uuid } from '#contracts/api/common.schema';
import { CodedError, notFound } from '#platform/coded-error';
import { createAccountLink, listInvitations, withdrawInvitation, type AccountLink } from '#platform/repositories/account-links';
import { appendAuditEvent } from '#platform/repositories/audit';
import { pageFrom } from '#platform/repositories/paging';
import { findUserByEmail } from '#platform/repositories/users';
import { deliverLink } from '../../accounts/links.ts';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';

const toWire = (row: AccountLink): InvitationWire => ({
  id: row.id, email: row.email, role: (row.role ?? 'student') as InvitationWire['role'], name: row.name, state: row.usedAt ? 'accepted' : row.expiresAt.getTime() > Date.now() ? 'open' : 'expired', expires_at: row.expiresAt.toISOString(), created_at: row.createdAt.toISOString(),
});

export const getInvitations = defineEndpoint({
  method: 'get', path: '/api/v1/invitations', operationId: 'listInvitations', tag: 'Users', summary: 'Who is invited', permission: 'users:manage', audit: 'none', query: ListQuery, answers: { 200: { description: 'Newest first', schema: z.array(InvitationSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ query, req }) => pagedAnswer(req, await listInvitations(deps.db, pageFrom(query)), toWire),
});

export const postInvitation = defineEndpoint({
  method: 'post', path: '/api/v1/invitations', operationId: 'invite', tag: 'Users', summary: 'Invite somebody', description: 'The link is in this answer and never again, unless the mail hook has sent it. It works once, for seven days; a second invitation of the same address ends the first.', permission: 'users:manage', audit: 'user.invited', body: InvitationBody,
  answers: { 201: { description: 'The link', schema: MadeLinkSchema } }, errors: ['InvalidInput', 'Conflict'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const { token, row } = await deps.db.$transaction(async (tx) => {
      if (await findUserByEmail(tx, body.email)) throw new CodedError('Conflict', 'There is an account with this address already.', { errors: [{ pointer: '#/email', detail: 'has an account' }] });
      const made = await createAccountLink(tx, { kind: 'invitation', email: body.email, role: body.role, name: body.name, createdBy: principal.userId });
      await appendAuditEvent(tx, audit({ type: 'user.invited', resource: `invitation/${made.row.id}`, data: { role: body.role } }));
      return made;
    });
    return { status: 201, body: await deliverLink(deps, row, token) };
  },
});

export const deleteInvitation = defineEndpoint({
  method: 'delete', path: '/api/v1/invitations/{id}', operationId: 'withdrawInvitation', tag: 'Users', summary: 'Withdraw an invitation', permission: 'users:manage', audit: 'user.invitation_withdrawn', params: z.strictObject({ id: Uuid }), answers: { 204: { description: 'Its link works no more' } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ params, audit }) => {
    await deps.db.$transaction(async (tx) => {
      if (!(await withdrawInvitation(tx, params.id))) throw notFound('This invitation');
      await appendAuditEvent(tx, audit({ type: 'user.invitation_withdrawn', resource: `invitation/${params.id}` }));
    });
    return { status: 204 };
  },
});
