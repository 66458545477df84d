import type { NextFunction, Request, Response } from 'express';
import { uuidv7 } from '#platform/ids';
import type { Deps } from '../deps.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{8,100}$/;

/** Gives every request an id (a valid X-Request-Id is kept), measures it, and logs one line when it ends. */
export function requestContext(deps: Pick<Deps, 'logger' | 'metrics'>) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const given = req.get('x-request-id');
    const requestId = given && REQUEST_ID.test(given) ? given : uuidv7();
    res.locals['requestId'] = requestId;
    res.set('X-Request-Id', requestId);
    const startedAt = performance.now();
    res.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      const route = (res.locals['route'] as string | undefined) ?? 'none';
      deps.metrics.httpSeconds.observe({ method: req.method, route, status: String(res.statusCode) }, seconds);
      deps.logger.info({
        request_id: requestId, method: req.method, path: req.path.slice(0, 300), status: res.statusCode, duration_ms: Math.round(seconds * 1000), user_id: res.locals['userId'], aborted: !res.writableFinished || undefined,
      }, 'request');
    });
    next();
  };
}

export const requestIdOf = (res: Response): string => res.locals['requestId'] as string;
