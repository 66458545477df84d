import { z } from 'zod';
import { EndedSessionsSchema, SessionRowSchema, type SessionRowWire } from '#contracts/api/accounts.schema';
import { ListQuery, Uuid } from '#contracts/api/common.schema';
import { notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { pageFrom } from '#platform/repositories/paging';
import { deleteOtherSessions, deleteSession, listSessions, type SessionRecord } from '#platform/repositories/sessions';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';

const toWire = (row: SessionRecord, current: string): SessionRowWire => ({
  id: row.id, current: row.id === current, created_at: row.createdAt.toISOString(), last_seen_at: row.lastSeenAt.toISOString(), expires_at: row.expiresAt.toISOString(), ip_address: row.ipAddress || null, user_agent: row.userAgent || null,
});

export const getSessions = defineEndpoint({
  method: 'get', path: '/api/v1/sessions', operationId: 'listSessions', tag: 'Session', summary: 'Where I am signed in', permission: 'signed-in', audit: 'none', query: ListQuery, answers: { 200: { description: 'Newest first', schema: z.array(SessionRowSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query, req }) => pagedAnswer(req, await listSessions(deps.db, principal.userId, pageFrom(query)), (row) => toWire(row, principal.credentialId)),
});

export const deleteOneSession = defineEndpoint({
  method: 'delete', path: '/api/v1/sessions/{id}', operationId: 'endSession', tag: 'Session', summary: 'End one of my sessions', permission: 'signed-in', audit: 'session.ended', params: z.strictObject({ id: Uuid }), answers: { 204: { description: 'Ended: at once in this process, within 3 seconds in others' } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, audit }) => {
    await deps.db.$transaction(async (tx) => {
      if (!(await deleteSession(tx, params.id, principal.userId))) throw notFound('This session');
      await appendAuditEvent(tx, audit({ type: 'session.ended', resource: `session/${params.id}` }));
    });
    deps.principals.forget(params.id);
    return { status: 204 };
  },
});

export const deleteSessions = defineEndpoint({
  method: 'delete', path: '/api/v1/sessions', operationId: 'endOtherSessions', tag: 'Session', summary: 'End all my other sessions', permission: 'signed-in', audit: 'session.ended', answers: { 200: { description: 'How many were ended', schema: EndedSessionsSchema } }, errors: [],
  handler: (deps) => async ({ principal, audit }) => {
    const ended = await deps.db.$transaction(async (tx) => {
      const count = await deleteOtherSessions(tx, principal.userId, principal.credentialId);
      await appendAuditEvent(tx, audit({ type: 'session.ended', resource: `user/${principal.userId}`, data: { others: count } }));
      return count;
    });
    deps.principals.forgetUser(principal.userId);
    return { status: 200, body: { ended } };
  },
});
