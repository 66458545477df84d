import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource, type IResource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, type ReadableSpan, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry';
import { redact } from '../redact.ts';
import { VERSION } from '../version.ts';

/** The OpenTelemetry SDK: loaded only when tracing is on (tracing.ts). OTel JS 1.x, because Temporal's interceptors are. */
export interface TracingSdk { processor: SpanProcessor; resource: IResource; /** hand the trace on to the executions that a client starts or updates */ clientInterceptors: WorkflowClientInterceptor[]; /** sends what is waiting; an unreachable receiver is no error */ stop(): Promise<void> }

const EXPORT_TIMEOUT_MS = 5_000;

/** @param endpoint  base URL of an OTLP/HTTP receiver; `/v1/traces` is added, as the OpenTelemetry variables mean it
 * @param ratio  share of new traces that are kept, 0 to 1; a trace that came in with a request keeps what its first process decided */
export function createTracingSdk({ endpoint, headers, ratio, environment, service }: { endpoint: string; headers: Record<string, string>; ratio: number; environment: string; service: string }): TracingSdk {
  const resource = new Resource({ 'service.name': service, 'service.namespace': 'awp', 'service.version': VERSION, 'service.instance.id': `${service}-${process.pid}`, 'deployment.environment.name': environment });
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, headers, timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = new BatchSpanProcessor(redacting(exporter), { scheduledDelayMillis: 1000, exportTimeoutMillis: EXPORT_TIMEOUT_MS });
  const provider = new BasicTracerProvider({ resource, sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }), spanProcessors: [processor] });
  provider.register({ contextManager: new AsyncLocalStorageContextManager().enable(), propagator: new W3CTraceContextPropagator() });
  return { processor, resource, clientInterceptors: [new OpenTelemetryWorkflowClientInterceptor()], stop: () => provider.shutdown().catch(() => undefined) };
}

/** A span's words pass the same filter as a log line: an error of a library may hold what it was given. */
function redacting(exporter: SpanExporter): SpanExporter {
  const clean = (span: ReadableSpan): ReadableSpan => Object.create(span, {
    attributes: { value: redact(span.attributes), enumerable: true },
    status: { value: redact(span.status), enumerable: true },
    events: { value: span.events.map((event) => ({ ...event, attributes: redact(event.attributes ?? {}) })), enumerable: true },
  }) as ReadableSpan;
  return {
    export: (spans, done) => { exporter.export(spans.map(clean), done); },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
