import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { NextFunction, Request, Response } from 'express';
import { uuidv7 } from '#platform/ids';
import { withLogFields, type LogFields } from '#platform/log-fields';
import { isTracing, openSpan } from '#platform/tracing/tracing';
import type { Deps } from '../deps.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{8,100}$/;
/** Asked every few seconds by whoever watches the process: no traces of them. */
const UNTRACED = /^\/(?:health|ready|metrics)(?:\/|$)/;

/** Gives every request an id (a valid X-Request-Id is kept), measures it, and logs one line when it ends. */
export function requestContext(deps: Pick<Deps, 'logger' | 'metrics'>) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const given = req.get('x-request-id');
    const requestId = given && REQUEST_ID.test(given) ? given : uuidv7();
    res.locals['requestId'] = requestId;
    res.set('X-Request-Id', requestId);
    const startedAt = performance.now();
    const traced = isTracing() && !UNTRACED.test(req.path) ? openSpan(req.method, SpanKind.SERVER, req.get('traceparent'), { 'http.request.method': req.method, 'url.path': req.path.slice(0, 300), 'awp.request.id': requestId }) : null;
    /** of every line that this request leaves, also when its work goes on after the answer */
    const fields: LogFields = { request_id: requestId };
    const onClose = () => {
      const seconds = (performance.now() - startedAt) / 1000;
      const route = (res.locals['route'] as string | undefined) ?? 'none';
      deps.metrics.httpSeconds.observe({ method: req.method, route, status: String(res.statusCode) }, seconds);
      deps.logger.info({
        ...fields, method: req.method, path: req.path.slice(0, 300), status: res.statusCode, duration_ms: Math.round(seconds * 1000), aborted: !res.writableFinished || undefined,
      }, 'request');
      traced?.span.updateName(`${req.method} ${route}`).setAttributes({ 'http.route': route, 'http.response.status_code': res.statusCode });
      if (res.statusCode >= 500) traced?.span.setStatus({ code: SpanStatusCode.ERROR });
      traced?.span.end();
    };
    // The line about a request belongs to its trace, wherever the socket was closed.
    res.once('close', () => { if (traced) traced.run(onClose); else onClose(); });
    withLogFields(fields, () => { if (traced) traced.run(next); else next(); });
  };
}

export const requestIdOf = (res: Response): string => res.locals['requestId'] as string;
