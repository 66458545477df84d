import type { Request, Response } from 'express';
import { permissionsOf } from '#contracts/permissions';
import { appendAuditEvent } from '#platform/repositories/audit';
import { createSession, deleteSessionOf } from '#platform/repositories/sessions';
import type { Transaction } from '#platform/db';
import type { Deps } from '../deps.ts';
import type { Call, Principal } from '../endpoint.ts';
import { readSessionCookie, sessionLimits, setSessionCookie } from '../session-cookie.ts';

type Person = Pick<Principal, 'name' | 'email' | 'role'> & { id: string };

export const sessionPrincipal = (user: Person, session: { id: string; expiresAt: Date }): Principal =>
  ({ userId: user.id, name: user.name, email: user.email, role: user.role, kind: 'session', credentialId: session.id, permissions: permissionsOf(user.role), expiresAt: session.expiresAt });

/** Signs somebody in who proved it by a link. @returns who they are, and what to do once the transaction is committed */
export async function openSession(deps: Pick<Deps, 'config'>, tx: Transaction, user: Person, req: Request, res: Response): Promise<{ principal: Principal; setCookie: () => void }> {
  const made = await createSession(tx, user.id, sessionLimits(deps.config), { ipAddress: req.ip ?? null, userAgent: req.get('user-agent') ?? null });
  return { principal: sessionPrincipal(user, made), setCookie: () => setSessionCookie(res, deps.config, made.token, made.expiresAt) };
}

/** Whoever signs in anew in a browser leaves no session behind that its cookie no longer names.
 * @returns what to do once the transaction is committed */
export async function endEarlierSession(deps: Pick<Deps, 'config' | 'principals'>, tx: Transaction, { req, audit }: Pick<Call<undefined, undefined, undefined>, 'req' | 'audit'>): Promise<() => void> {
  const token = readSessionCookie(req, deps.config);
  const ended = token ? await deleteSessionOf(tx, token) : null;
  if (!ended) return () => undefined;
  await appendAuditEvent(tx, audit({ type: 'session.ended', subject: ended.userId, actorKind: 'session', resource: `session/${ended.id}`, data: { how: 'signed in anew' } }));
  return () => deps.principals.forget(ended.id);
}
