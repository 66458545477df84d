import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';

/** Headers for a request that goes on to the API: the browser's own, and where traces are on the trace that begins here (or that
 * came in) with a span for the hand-over. @returns null when there is nothing to add */
export function tracedHeaders(given: Headers, method: string, path: string): Headers | null {
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent: given.get('traceparent') ?? '' });
  const span = trace.getTracer('awp-web').startSpan(`forward ${method}`, { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'url.path': path } }, parent);
  const carrier: Record<string, string> = {};
  propagation.inject(trace.setSpan(context.active(), span), carrier);
  span.end();
  if (!carrier.traceparent) return null;
  const headers = new Headers(given);
  headers.set('traceparent', carrier.traceparent);
  return headers;
}
