import type { WorkerOptions } from '@temporalio/worker';
import { tracingSdk } from '#platform/tracing/tracing';

/** What a worker needs for live traces: activities run below the span of the workflow that scheduled them, and the spans of the
 * sandbox leave it through a sink. Nothing when tracing is off. The workflow's own interceptors are part of the bundle. */
export async function workerTracing(): Promise<Pick<WorkerOptions, 'interceptors' | 'sinks'>> {
  const sdk = tracingSdk();
  if (!sdk) return {};
  const { makeWorkflowExporter, OpenTelemetryActivityInboundInterceptor } = await import('@temporalio/interceptors-opentelemetry');
  return {
    interceptors: { activity: [(context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) })] },
    sinks: { exporter: makeWorkflowExporter(sdk.processor, sdk.resource) } as unknown as WorkerOptions['sinks'] & object,
  };
}
