/** Next calls this once when the server starts. Traces are off, and nothing of OpenTelemetry is loaded, unless a receiver is named. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || !process.env.OTEL_EXPORTER_OTLP_ENDPOINT) return;
  const { startTracing } = await import('./lib/tracing');
  startTracing(process.env.OTEL_EXPORTER_OTLP_ENDPOINT, Number(process.env.OTEL_TRACES_SAMPLER_ARG || 1));
}
