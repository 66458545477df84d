import type { Request, RequestHandler } from 'express';
import { permissionsOf } from '#contracts/permissions';
import { CodedError } from '#platform/coded-error';
import { findApiToken } from '#platform/repositories/api-tokens';
import { findSession } from '#platform/repositories/sessions';
import type { Deps } from '../deps.ts';
import type { Principal } from '../endpoint.ts';
import { readSessionCookie, sessionLimits } from '../session-cookie.ts';

/** Who calls: a bearer token if there is one, else the session cookie. A credential that is sent and wrong is refused, it
 * never falls back to the other.
 * @returns null when no credential was sent */
export async function authenticate(deps: Pick<Deps, 'db' | 'config' | 'principals'>, req: Request): Promise<Principal | null> {
  const header = req.headers.authorization;
  if (header !== undefined) return byToken(deps, header);
  const cookie = readSessionCookie(req, deps.config);
  if (cookie === null) return null;
  const principal = await deps.principals.resolve(`session ${cookie}`, () => bySession(deps, cookie));
  if (!principal) throw new CodedError('Unauthenticated', 'This session has ended.');
  return principal;
}

async function bySession(deps: Pick<Deps, 'db' | 'config'>, cookie: string): Promise<Principal | null> {
  const session = await findSession(deps.db, cookie, sessionLimits(deps.config));
  if (!session) return null;
  const { user } = session;
  return { userId: user.id, name: user.name, email: user.email, role: user.role, kind: 'session', credentialId: session.id, permissions: permissionsOf(user.role), expiresAt: session.expiresAt };
}

async function byToken(deps: Pick<Deps, 'db' | 'principals'>, header: string): Promise<Principal> {
  const [, bearer] = /^Bearer +(\S{1,512}) *$/i.exec(header) ?? [];
  const principal = bearer ? await deps.principals.resolve(`token ${bearer}`, () => findByToken(deps, bearer)) : null;
  if (!principal) throw new CodedError('Unauthenticated', 'This API token is not valid, has expired or was revoked.');
  return principal;
}

async function findByToken(deps: Pick<Deps, 'db'>, bearer: string): Promise<Principal | null> {
  const found = await findApiToken(deps.db, bearer);
  if (!found) return null;
  const { user, record } = found;
  return {
    userId: user.id, name: user.name, email: user.email, role: user.role, kind: 'api_token', credentialId: record.id, permissions: permissionsOf(user.role, record.scopes), expiresAt: record.expiresAt,
  };
}

/** What describes the whole API is open on a local machine; in production a stranger has no use for the list of every address.
 * @throws CodedError Unauthenticated */
export function signedInInProduction(deps: Pick<Deps, 'db' | 'config' | 'principals'>): RequestHandler {
  return async (req, _res, next) => {
    if (deps.config.AWP_ENV === 'production' && !(await authenticate(deps, req))) throw new CodedError('Unauthenticated', 'No credential was sent.');
    next();
  };
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A browser sends its cookie with requests that other sites make. A write by cookie must therefore come from one of our
 * own origins, said by the browser itself: Origin, or where it sends none, Sec-Fetch-Site.
 * @throws CodedError PermissionDenied */
export function refuseForeignWrites(req: Request, principal: Principal | null, origins: ReadonlySet<string>): void {
  if (SAFE.has(req.method) || principal?.kind === 'api_token') return;
  const { origin, 'sec-fetch-site': site } = req.headers;
  const fromOurPage = origin === undefined ? site === 'same-origin' || (principal === null && site === undefined) : origins.has(origin);
  if (!fromOurPage) throw new CodedError('PermissionDenied', 'This request comes from another site.', { remedy: 'Use the web app of this installation, or an API token.' });
}
