/** Next calls this once when the server starts. It names who sent each request, and drains before it stops. Traces are off, and nothing of OpenTelemetry is loaded, unless a receiver is named. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { drainOnStop } = await import('./lib/drain');
  drainOnStop(Number(process.env.AWP_DRAIN_SECONDS || 0) * 1000);
  const { nameSenders } = await import('./lib/forwarded-for');
  nameSenders();
  if (!process.env.OTEL_EXPORTER_OTLP_ENDPOINT) return;
  const { startTracing } = await import('./lib/tracing');
  startTracing(process.env.OTEL_EXPORTER_OTLP_ENDPOINT, Number(process.env.OTEL_TRACES_SAMPLER_ARG || 1));
}
