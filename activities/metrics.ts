import { Counter, Gauge, Histogram, collectDefaultMetrics, type Registry } from 'prom-client';
import { RUN_MODES, TERMINAL_STATUSES, type RunMode, type TerminalStatus } from '#contracts/runs';
import { catalog } from '#workflows/catalog/index';

/** Metrics of the work itself. Emitted by activities only: workflow code is replayed and would count twice. */
export interface Metrics {
  providerCalls: Counter<'provider' | 'status'>;
  providerLatency: Histogram<'provider'>;
  tokens: Counter<'provider' | 'kind'>;
  costUsdMicros: Counter<'provider'>;
  ledger: Counter<'outcome'>;
  runs: Counter<'workflow_id' | 'status' | 'run_mode'>;
  validationFailures: Counter<'workflow_id'>;
  runDuration: Histogram<'workflow_id' | 'run_mode'>;
  callsInFlight: Gauge;
  webhookDeliveries: Counter<'outcome'>;
}

export function createMetrics(registry: Registry): Metrics {
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const runs = new Counter({ name: 'workflow_runs_total', help: 'Runs that this process ended', labelNames: ['workflow_id', 'status', 'run_mode'], registers });
  const validationFailures = new Counter({ name: 'workflow_validation_failures_total', help: 'Runs that ended in Validate', labelNames: ['workflow_id'], registers });
  // Prometheus sees no increase in a series that begins at 1: the first failure of each process would be lost to the alerts.
  for (const { slug } of catalog) {
    validationFailures.inc({ workflow_id: slug }, 0);
    for (const status of TERMINAL_STATUSES) for (const mode of RUN_MODES) runs.inc({ workflow_id: slug, status, run_mode: mode }, 0);
  }
  const webhookDeliveries = new Counter({ name: 'webhook_deliveries_total', help: 'Tries to send a webhook: delivered, retried, given_up', labelNames: ['outcome'], registers });
  for (const outcome of ['delivered', 'retried', 'given_up']) webhookDeliveries.inc({ outcome }, 0);
  return {
    providerCalls: new Counter({ name: 'provider_api_calls_total', help: 'Calls to providers by outcome', labelNames: ['provider', 'status'], registers }),
    providerLatency: new Histogram({ name: 'provider_api_latency_seconds', help: 'Time of a provider call', labelNames: ['provider'], buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120], registers }),
    tokens: new Counter({ name: 'provider_tokens_total', help: 'Tokens as providers reported them', labelNames: ['provider', 'kind'], registers }),
    costUsdMicros: new Counter({ name: 'provider_cost_usd_micros_total', help: 'Cost in micro-dollars of calls with a known price', labelNames: ['provider'], registers }),
    ledger: new Counter({ name: 'ledger_calls_total', help: 'Ledger look-ups: bought, reused, possibly_billed', labelNames: ['outcome'], registers }),
    runs,
    validationFailures,
    runDuration: new Histogram({ name: 'workflow_duration_seconds', help: 'Time from the first event to the end', labelNames: ['workflow_id', 'run_mode'], buckets: [1, 5, 10, 30, 60, 120, 300, 600], registers }),
    webhookDeliveries,
    callsInFlight: new Gauge({ name: 'provider_calls_in_flight', help: 'Provider calls now open', registers }),
  };
}

/** A run whose end this process has written: once per run, so only after `closeRun` said so. @param inValidate  it came no further than Validate */
export function countRun(metrics: Metrics, run: { slug: string; mode: RunMode }, status: TerminalStatus, seconds: number | null, inValidate: boolean): void {
  metrics.runs.inc({ workflow_id: run.slug, status, run_mode: run.mode });
  if (status === 'failed' && inValidate) metrics.validationFailures.inc({ workflow_id: run.slug });
  if (seconds !== null) metrics.runDuration.observe({ workflow_id: run.slug, run_mode: run.mode }, seconds);
}

/** A call that is over, however it ended. @param seconds  from the first byte sent */
export function countCall(metrics: Metrics, provider: string, status: string, seconds: number): void {
  metrics.callsInFlight.dec();
  metrics.providerCalls.inc({ provider, status });
  metrics.providerLatency.observe({ provider }, seconds);
}

/** An answer that was stored. @param cost  micro-dollars; null = the model has no price */
export function countUsage(metrics: Metrics, provider: string, usage: { inputTokens: number; outputTokens: number }, cost: number | null): void {
  metrics.tokens.inc({ provider, kind: 'input' }, usage.inputTokens);
  metrics.tokens.inc({ provider, kind: 'output' }, usage.outputTokens);
  if (cost !== null) metrics.costUsdMicros.inc({ provider }, cost);
}
