import type { ForkKindWire } from '#contracts/api/reruns.schema';
import type { RunDetailWire, RunWire } from '#contracts/api/runs.schema';
import { actualOf } from '#contracts/estimate';
import type { RunView } from '#contracts/run-reducer';
import { decisionsToWire, runErrorToWire, stagesToWire, validationToWire } from '#contracts/wire';
import type { Config } from '#platform/config';
import { traceIdOf } from '#platform/tracing/tracing';
import type { ArtifactRecord } from '#platform/repositories/artifact-queries';
import type { forksOfRun } from '#platform/repositories/fork-answers';
import type { RunDetailRecord, RunRecord } from '#platform/repositories/run-queries';
import { artifactToWire } from '../artifacts/artifact-to-wire.ts';

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

export function runToWire(run: RunRecord): RunWire {
  return {
    id: run.id, run_id: run.id, workflow_id: run.workflowSlug, workflow_title: run.workflowTitle, workflow_version: run.workflowVersion, workflow_type: run.workflowType, persona: run.persona,
    status: run.status, wait_reason: run.waitReason, run_mode: run.runMode, provider: run.provider, model: run.model, simulated: run.simulated, inputs: run.inputs, cap_reached: run.capReached,
    headline: run.headline, error: run.error ? runErrorToWire(run.error, `/api/v1/runs/${run.id}`) : null, error_message: run.error?.detail ?? null,
    totals: { input_tokens: run.inputTokens, output_tokens: run.outputTokens, total_tokens: run.inputTokens + run.outputTokens, cost_usd_micros: run.costUsdMicros },
    rating: run.rating, rating_note: run.ratingNote, last_sequence: run.lastSequence, cancel_requested_at: iso(run.cancelRequestedAt), created_at: run.createdAt.toISOString(), started_at: iso(run.startedAt), completed_at: iso(run.completedAt),
    updated_at: run.updatedAt.toISOString(),
  };
}

export function runDetailToWire(run: RunDetailRecord, view: RunView, artifacts: readonly ArtifactRecord[], config: Config, forks: Awaited<ReturnType<typeof forksOfRun>>): RunDetailWire {
  return {
    ...runToWire(run), temporal_workflow_id: run.id, temporal_run_id: run.temporalRunId, temporal_web_url: temporalWebUrl(run, config), trace_id: traceIdOf(run.traceparent), stages: stagesToWire(view), validation_result: validationToWire(view), ...decisionsToWire(view), estimate: view.estimate, estimate_actual: actualOf(view),
    forked_from: run.forkedFromId && run.forkKind ? { run_id: run.forkedFromId, kind: run.forkKind } : null,
    forks: forks.map((fork) => ({ run_id: fork.id, kind: fork.forkKind as ForkKindWire, status: fork.status as RunWire['status'], created_at: fork.createdAt.toISOString() })),
    artifacts: artifacts.map(artifactToWire),
    metrics: {
      completions: view.totals.completions, reused: view.totals.reused, tool_calls: view.totals.toolCalls, retries: view.totals.retries, possibly_billed: view.totals.possiblyBilled,
      duration_seconds: durationSeconds(run),
    },
  };
}

export const durationSeconds = (run: RunRecord): number | null => (run.startedAt && run.completedAt ? Math.max(0, (run.completedAt.getTime() - run.startedAt.getTime()) / 1000) : null);

function temporalWebUrl(run: RunRecord, config: Config): string | null {
  if (!config.TEMPORAL_UI_URL) return null;
  return `${config.TEMPORAL_UI_URL.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(config.TEMPORAL_NAMESPACE)}/workflows/${run.id}${run.temporalRunId ? `/${run.temporalRunId}/history` : ''}`;
}
