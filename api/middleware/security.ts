import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { CodedError } from '#platform/coded-error';
import type { Config } from '#platform/config';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

/** Headers of every answer. The API serves data, so its content policy allows nothing; the docs page sets its own. */
export function securityHeaders(config: Pick<Config, 'AWP_ENV'>): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"], objectSrc: ["'none'"], imgSrc: ["'self'"] } },
      strictTransportSecurity: config.AWP_ENV === 'production' ? { maxAge: 31_536_000, includeSubDomains: true } : false,
      referrerPolicy: { policy: 'strict-origin-when-cross-origin' }, frameguard: { action: 'deny' }, crossOriginResourcePolicy: { policy: 'same-site' },
    }),
    (_req, res, next) => {
      res.set({ 'Permissions-Policy': 'camera=(), microphone=(), geolocation=()', 'Cache-Control': 'no-store' });
      next();
    },
  ];
}

/** Requests that no client of ours sends: other methods, two Host headers. */
export function refuseOddRequests(req: Request, res: Response, next: NextFunction): void {
  if (!METHODS.has(req.method)) {
    res.set('Allow', [...METHODS].join(', '));
    throw new CodedError('MethodNotAllowed', `${req.method} is not used by this API.`);
  }
  const hosts = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1) throw new CodedError('InvalidInput', 'The request has more than one Host header.');
  next();
}

const BODY_TIMEOUT_MS = 30_000;

/** A JSON body that drips in holds a connection for nothing: it is cut off. Files may take their time (the server's own limit). */
export function cutSlowBodies(req: Request, res: Response, next: NextFunction): void {
  if (req.path !== '/api/v1/uploads') {
    const timer = setTimeout(() => { if (!req.complete) req.destroy(); }, BODY_TIMEOUT_MS).unref();
    res.once('close', () => { clearTimeout(timer); });
  }
  next();
}

/** CORS for exactly the listed origins, and on a few paths for Temporal Web; a foreign origin gets no header at all. */
export function cors(origins: ReadonlySet<string>, temporalWeb: { origins: readonly string[]; paths: ReadonlySet<string> }): RequestHandler {
  return (req, res, next) => {
    const { origin } = req.headers;
    res.vary('Origin');
    const allowed = origin !== undefined && (origins.has(origin) || (temporalWeb.paths.has(req.path) && temporalWeb.origins.includes(origin)));
    if (allowed) {
      res.set({
        'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true',
        'Access-Control-Expose-Headers': 'X-Total-Count, Link, Location, ETag, X-Request-Id, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Idempotency-Replayed',
      });
    }
    if (req.method !== 'OPTIONS') { next(); return; }
    if (allowed) {
      res.set({
        'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE', 'Access-Control-Max-Age': '3600',
        'Access-Control-Allow-Headers': 'Content-Type, Authorization, Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-Id, X-Namespace',
      });
    }
    res.status(204).end();
  };
}
