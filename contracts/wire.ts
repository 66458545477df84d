import type { CompletionEndData, RunEvent } from './run-events.ts';
import type { Usage } from './providers.ts';
import type { RunView } from './run-reducer.ts';
import { ERRORS, type RunError } from './errors.ts';
import type { RunDetailWire, RunEventWire } from './api/runs.schema.ts';

/** camelCase in code, snake_case on the wire: the one place where our own envelopes change their spelling. Input field
 * names, tool arguments and everything a workflow author wrote are data and never mapped. */
export const problemType = (code: string): string => `/problems/${code.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}`;

interface WireUsage { input_tokens: number; output_tokens: number; cached_input_tokens?: number; reasoning_tokens?: number }

function usageToWire(usage: Usage): WireUsage {
  return {
    input_tokens: usage.inputTokens, output_tokens: usage.outputTokens,
    ...(usage.cachedInputTokens === undefined ? {} : { cached_input_tokens: usage.cachedInputTokens }),
    ...(usage.reasoningTokens === undefined ? {} : { reasoning_tokens: usage.reasoningTokens }),
  };
}

function usageFromWire(usage: WireUsage): Usage {
  return {
    inputTokens: usage.input_tokens, outputTokens: usage.output_tokens,
    ...(usage.cached_input_tokens === undefined ? {} : { cachedInputTokens: usage.cached_input_tokens }),
    ...(usage.reasoning_tokens === undefined ? {} : { reasoningTokens: usage.reasoning_tokens }),
  };
}

/** An event as stream, list and trace send it. */
export function runEventToWire(event: RunEvent): RunEventWire {
  const data = event.type === 'completion-end' ? { ...event.data, usage: usageToWire(event.data.usage) } : event.data;
  return {
    run_id: event.runId, sequence: event.sequence, position: event.position, type: event.type, stage: event.stage ?? null, step: event.step ?? null,
    ordinal: event.ordinal ?? null, attempt: event.attempt ?? null, data: data as unknown as Record<string, unknown>, at: event.at,
  };
}

/** The way back, for the reducer in browser and CLI. */
export function runEventFromWire(wire: RunEventWire): RunEvent {
  const data = wire.type === 'completion-end'
    ? { ...wire.data, usage: usageFromWire(wire.data['usage'] as WireUsage) } as unknown as CompletionEndData
    : wire.data;
  return {
    runId: wire.run_id, sequence: wire.sequence, position: wire.position, type: wire.type, stage: wire.stage, step: wire.step,
    ordinal: wire.ordinal, attempt: wire.attempt, data, at: wire.at,
  } as unknown as RunEvent;
}

/** `run.error`: the same object that a failed request would answer with, and the step. */
export function runErrorToWire(error: RunError, instance: string): NonNullable<RunDetailWire['error']> {
  return { type: problemType(error.code), title: error.title, status: ERRORS[error.code].status, detail: error.detail, instance, code: error.code, remedy: error.remedy, step: error.step };
}

/** The stages of a reduced run, without texts: those are in the event log. */
export function stagesToWire(view: RunView): RunDetailWire['stages'] {
  return view.stages.map((stage) => ({
    stage: stage.stage, status: stage.status, remark: stage.remark, cap: stage.cap, started_at: stage.startedAt, ended_at: stage.endedAt,
    checks: stage.checks.map(({ durationMs, ...check }) => ({ ...check, duration_ms: durationMs })),
    steps: stage.steps.map((step) => ({
      step: step.step, title: step.title, index: step.index, total: step.total, status: step.status, summary: step.summary,
      started_at: step.startedAt, ended_at: step.endedAt, completions: step.completions.length, tool_calls: step.tools.length,
    })),
  }));
}

/** What Validate found; null until its first check has ended. */
export function validationToWire(view: RunView): RunDetailWire['validation_result'] {
  const stage = view.stages.find(({ stage: name }) => name === 'validate');
  if (!stage || stage.checks.length === 0) return null;
  const wordsOf = (outcome: 'warning' | 'failed') => stage.checks.filter((check) => check.outcome === outcome).map(({ detail }) => detail);
  const cost = view.estimate?.cost_usd_micros;
  return {
    success: stage.status === 'passed', checks: Object.fromEntries(stage.checks.map(({ check, outcome }) => [check, outcome])), warnings: wordsOf('warning'), errors: wordsOf('failed'),
    estimated_cost_usd: cost ? cost.expected / 1e6 : null,
  };
}

/** What a run waits for now, and what people were asked in it. */
export function decisionsToWire(view: RunView): Pick<RunDetailWire, 'waits' | 'gates'> {
  return {
    waits: view.waits.map((wait) => ({ wait_id: wait.waitId, reason: wait.reason, detail: wait.detail, since: wait.startedAt, until: wait.until, next_try_at: wait.nextTryAt, budget: wait.budget })),
    gates: view.gates.map((gate) => ({
      gate_id: gate.gateId, kind: gate.kind, title: gate.title, shown: gate.shown ?? null, shown_hash: gate.shownHash, role: gate.role, approvers: gate.approvers, answer_schema: gate.answerSchema, until: gate.until,
      outcome: gate.outcome, opened_at: gate.openedAt, closed_at: gate.closedAt, decisions: gate.decisions.map(({ by, decision, reason, at, limits }) => ({ by, decision, reason, at, limits })),
    })),
  };
}
