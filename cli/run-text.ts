import type { RunDetailWire, RunEventWire } from '#contracts/api/runs.schema';
import { EMPTY_RUN_VIEW, reduceRunEvents, type RunView } from '#contracts/run-reducer';
import { LIST_LIMIT_MAX } from '#contracts/limits';
import { runEventFromWire } from '#contracts/wire';
import type { ApiClient } from './api-client.ts';
import { between, dollars, seconds } from './output.ts';

/** The whole event log of a run, in windows. */
export async function allEvents(client: ApiClient, runId: string, after = 0): Promise<RunEventWire[]> {
  const events: RunEventWire[] = [];
  for (;;) {
    const window = await client.get<RunEventWire[]>(`/api/v1/runs/${encodeURIComponent(runId)}/events`, { query: { after: events.at(-1)?.sequence ?? after, limit: LIST_LIMIT_MAX } });
    events.push(...window);
    if (window.length < LIST_LIMIT_MAX) return events;
  }
}

/** A run as its log tells it, by the reducer that everything uses. */
export async function viewOfRun(client: ApiClient, runId: string): Promise<RunView> {
  return reduceRunEvents((await allEvents(client, runId)).map(runEventFromWire));
}

/** The totals line needs only these; steps come from the log. */
export function viewOfDetail(run: RunDetailWire): RunView {
  const { metrics, totals } = run;
  return {
    ...EMPTY_RUN_VIEW, status: run.status, mode: run.run_mode, workflowTitle: run.workflow_title, workflowVersion: run.workflow_version, provider: run.provider, model: run.model, simulated: run.simulated,
    queuedAt: run.created_at, startedAt: run.started_at, completedAt: run.completed_at, headline: run.headline,
    totals: { inputTokens: totals.input_tokens, outputTokens: totals.output_tokens, costUsdMicros: totals.cost_usd_micros, completions: metrics.completions, reused: metrics.reused, toolCalls: metrics.tool_calls, retries: metrics.retries, possiblyBilled: metrics.possibly_billed },
  };
}

export const RUN_COLUMNS = [
  ['ID', (run: RunDetailWire) => run.id], ['WORKFLOW', (run: RunDetailWire) => run.workflow_id], ['MODE', (run: RunDetailWire) => run.run_mode.replace(/_.*/, '')], ['STATUS', (run: RunDetailWire) => `${run.status}${run.wait_reason ? ` (${run.wait_reason})` : ''}`],
  ['PROVIDER', (run: RunDetailWire) => `${run.provider}${run.simulated ? ' DEMO' : ''}`], ['COST', (run: RunDetailWire) => dollars(run.totals.cost_usd_micros)],
  ['TIME', (run: RunDetailWire) => { const took = between(run.created_at, run.completed_at); return took === null ? null : seconds(took); }], ['STARTED', (run: RunDetailWire) => run.created_at],
] as const;
