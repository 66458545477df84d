import type { Request, Response } from 'express';
import type { Config } from '#platform/config';
import type { SessionLimits } from '#platform/repositories/sessions';
import { isLoopback } from './origins.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** production: 30 minutes idle, 12 hours in all. A local machine on loopback: no idle limit, 30 days. */
export function sessionLimits(config: Pick<Config, 'AWP_ENV' | 'API_HOST'>): SessionLimits {
  const local = config.AWP_ENV === 'local' && isLoopback(config.API_HOST);
  return local ? { idleMs: null, absoluteMs: 30 * DAY } : { idleMs: 30 * MINUTE, absoluteMs: 12 * 60 * MINUTE };
}

/** `__Host-` ties the cookie to this host over TLS; plain http on a local machine cannot carry it. */
const cookieName = (config: Pick<Config, 'AWP_ENV'>): string => (config.AWP_ENV === 'production' ? '__Host-awp_session' : 'awp_session');
const attributes = (config: Pick<Config, 'AWP_ENV'>) => ({ httpOnly: true, sameSite: 'lax', path: '/', secure: config.AWP_ENV === 'production' }) as const;

export function readSessionCookie(req: Request, config: Pick<Config, 'AWP_ENV'>): string | null {
  const name = cookieName(config);
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name && value && /^[A-Za-z0-9_-]{43}$/.test(value)) return value;
  }
  return null;
}

export function setSessionCookie(res: Response, config: Pick<Config, 'AWP_ENV'>, token: string, expires: Date): void {
  res.cookie(cookieName(config), token, { ...attributes(config), expires });
}

export function clearSessionCookie(res: Response, config: Pick<Config, 'AWP_ENV'>): void {
  res.clearCookie(cookieName(config), attributes(config));
}
