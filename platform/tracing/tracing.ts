import { context, propagation, ROOT_CONTEXT, SpanStatusCode, trace, type Attributes, type Context, type Span, type SpanKind } from '@opentelemetry/api';
import type { Config } from '../config.ts';
import { redact } from '../redact.ts';
import type { TracingSdk } from './tracing-sdk.ts';

/** Live traces by OpenTelemetry, off unless OTEL_EXPORTER_OTLP_ENDPOINT is set: then nothing of the SDK is loaded, the workflow
 * bundle has no interceptors, and what is left of a span is a call of the API's empty implementation. */
let sdk: TracingSdk | null = null;
const tracer = () => trace.getTracer('awp');

/** @param service  `awp-api`, `awp-worker`: what viewers show. @returns how to send the last spans before the process ends */
export async function startTracing(config: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_HEADERS' | 'OTEL_TRACES_SAMPLER_ARG' | 'AWP_ENV'>, service: string): Promise<() => Promise<void>> {
  if (!config.OTEL_EXPORTER_OTLP_ENDPOINT) return () => Promise.resolve();
  const { createTracingSdk } = await import('./tracing-sdk.ts');
  const started = createTracingSdk({ endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT, headers: config.OTEL_EXPORTER_OTLP_HEADERS, ratio: config.OTEL_TRACES_SAMPLER_ARG, environment: config.AWP_ENV, service });
  sdk = started;
  return async () => {
    sdk = null;
    await started.stop();
  };
}

/** Where workflow spans go on their way out of the sandbox; null = tracing is off. */
export const tracingSdk = (): TracingSdk | null => sdk;
export const isTracing = (): boolean => sdk !== null;

/** What every log line inside a span carries. */
export function traceFields(): { trace_id?: string; span_id?: string } {
  const found = trace.getSpanContext(context.active());
  return found ? { trace_id: found.traceId, span_id: found.spanId } : {};
}

/** The W3C header value of the span in which this runs; undefined without one. */
export function traceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier['traceparent'];
}

/** Trace id of a traceparent: 32 hex digits. */
export const traceIdOf = (header: string | undefined | null): string | null => /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(header ?? '')?.[1] ?? null;

const contextOf = (header: string | undefined): Context => (header === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent: header }));

/** Runs work as a part of the trace that a header names; without tracing or header just runs it. */
export const inTraceOf = <T>(header: string | undefined, work: () => T): T => (sdk === null || header === undefined ? work() : context.with(contextOf(header), work));

/** A span that its owner ends, below the one a header names: for requests, which end by an event. */
export function openSpan(name: string, kind: SpanKind, header: string | undefined, attributes: Attributes): { span: Span; run<T>(work: () => T): T } {
  const parent = contextOf(header);
  const span = tracer().startSpan(name, { kind, attributes }, parent);
  return { span, run: (work) => context.with(trace.setSpan(parent, span), work) };
}

/** Runs work in a span that ends with it; an error marks the span by its code and its redacted words, and goes on. */
export function inSpan<T>(name: string, kind: SpanKind, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      const { code, name: type, message } = error as Error & { code?: unknown };
      span.setAttribute('error.type', typeof code === 'string' ? code : (type ?? 'Error'));
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(redact(message ?? '')) });
      throw error;
    } finally {
      span.end();
    }
  });
}
