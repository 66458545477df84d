import type { Request, Response } from 'express';
import { permissionsOf } from '#contracts/permissions';
import { createSession } from '#platform/repositories/sessions';
import type { Transaction } from '#platform/db';
import type { Deps } from '../deps.ts';
import type { Principal } from '../endpoint.ts';
import { sessionLimits, setSessionCookie } from '../session-cookie.ts';

type Person = Pick<Principal, 'name' | 'email' | 'role'> & { id: string };

export const sessionPrincipal = (user: Person, session: { id: string; expiresAt: Date }): Principal =>
  ({ userId: user.id, name: user.name, email: user.email, role: user.role, kind: 'session', credentialId: session.id, permissions: permissionsOf(user.role), expiresAt: session.expiresAt });

/** Signs somebody in who proved it by a link. @returns who they are, and what to do once the transaction is committed */
export async function openSession(deps: Pick<Deps, 'config'>, tx: Transaction, user: Person, req: Request, res: Response): Promise<{ principal: Principal; setCookie: () => void }> {
  const made = await createSession(tx, user.id, sessionLimits(deps.config), { ipAddress: req.ip ?? null, userAgent: req.get('user-agent') ?? null });
  return { principal: sessionPrincipal(user, made), setCookie: () => setSessionCookie(res, deps.config, made.token, made.expiresAt) };
}
