import type { RunError } from './errors.ts';
import { leastLimits } from './granted-limits.ts';
import type { GateDecision, GateDelegation, GateKind, GateOutcome } from './governance.ts';
import type { BudgetNeed, CompletionEndData, Estimate, RunEvent, RunEventData, RunLimits, ToolResultItem } from './run-events.ts';
import type { ProviderId } from './providers.ts';
import type { ToolDecision } from './tool-policy.ts';
import { canMove, isTerminal, type Cap, type RunMode, type RunStatus, type Stage, type WaitReason } from './runs.ts';

/** Turns the event log into what a person sees. One reducer for the row's status, live view, reloaded view, CLI and
 * trace.json (guarantee G11). Pure; never mutates its input; tolerant of pruned text deltas. */
export interface RunView {
  status: RunStatus;
  mode: RunMode | null;
  workflowId: string | null;
  workflowTitle: string | null;
  workflowVersion: number | null;
  provider: ProviderId | null;
  model: string | null;
  simulated: boolean;
  /** open waits, oldest first; the three fields below are of the first */
  waits: WaitView[];
  /** since when at least one wait is open */
  waitingSince: string | null;
  waitReason: WaitReason | null;
  waitDetail: string | null;
  waitUntil: string | null;
  /** everything that people were asked, answered or not */
  gates: GateView[];
  /** changes of provider during the run */
  switches: (RunEventData['provider-switch'] & { at: string; step: string | null })[];
  /** own limits with which it started */
  limits: RunLimits;
  /** less than those, for the Full stage: what approvers granted */
  granted: RunLimits;
  /** the budget as last raised, micro-dollars; null when it was not */
  budgetUsdMicros: number | null;
  budgetRaises: { at: string; by: string; fromUsdMicros: number; toUsdMicros: number }[];
  /** when a crash drill killed the worker under it */
  kills: { at: string; by: string }[];
  cancelRequested: boolean;
  capReached: Cap | null;
  error: RunError | null;
  headline: string | null;
  queuedAt: string | null;
  startedAt: string | null;
  completedAt: string | null;
  estimate: Estimate | null;
  /** the evidence this run made, or the run whose evidence it uses */
  evidence: { runId: string | null; evidenceId: string | null } | null;
  /** what the run may use, as Validate found it */
  grants: RunEventData['grant-record'] | null;
  stages: StageView[];
  artifacts: { id: string; fileName: string; mimeType: string; fileSizeBytes: number; sha256: string }[];
  logs: { at: string; level: 'info' | 'warn' | 'error'; message: string; stage: Stage | null; step: string | null }[];
  totals: Totals;
  /** tries that may have been charged, by call (`stage/step/ordinal`), where there are any */
  possiblyBilled: Readonly<Record<string, number>>;
  lastSequence: number;
  lastEventAt: string | null;
}
export interface WaitView { waitId: string; reason: WaitReason; detail: string; until: string | null; nextTryAt: string | null; budget: BudgetNeed | null; startedAt: string }
export interface GateView {
  gateId: string; kind: GateKind; key: string; title: string; shown: unknown; shownHash: string; role: string | null; approvers: number; answerSchema: Record<string, unknown> | null; until: string;
  outcome: GateOutcome | null; openedAt: string; closedAt: string | null; remindedAt: string | null; delegations: (GateDelegation & { at: string })[]; decisions: { by: string; decision: GateDecision; reason: string | null; at: string; limits: RunLimits | null }[];
}
export interface Totals { inputTokens: number; outputTokens: number; /** null as soon as one call has no known price */ costUsdMicros: number | null; completions: number; reused: number; toolCalls: number; retries: number; possiblyBilled: number }
export interface StageView {
  stage: Stage; status: 'running' | 'passed' | 'failed' | 'capped' | 'skipped'; remark: string | null; cap: Cap | null; startedAt: string; endedAt: string | null;
  /** ms of the stage that were spent waiting: no active time */
  waitedMs: number;
  checks: { check: string; title: string; outcome: 'passed' | 'warning' | 'failed'; detail: string; remedy: string | null; durationMs: number }[];
  steps: StepView[];
}
export interface StepView { step: string; title: string; index: number; total: number; status: 'running' | 'done' | 'failed' | 'skipped'; summary: string | null; startedAt: string; endedAt: string | null; completions: CompletionView[]; tools: ToolView[] }
export interface CompletionView { ordinal: number; attempt: number; provider: ProviderId; model: string; maxOutputTokens: number; status: 'running' | 'retrying' | 'done' | 'failed'; text: string; startedAt: string; endedAt: string | null; retries: { attempt: number; code: string; detail: string; waitMs: number; at: string }[]; end: CompletionEndData | null }
export interface ToolView { toolCallId: string; tool: string; arguments: Record<string, unknown>; status: 'running' | 'ok' | 'empty' | 'unavailable' | 'failed'; summary: string | null; items: ToolResultItem[]; durationMs: number | null; startedAt: string; /** why it was allowed or refused; null in runs of before */ grant: ToolDecision | null }

export const EMPTY_RUN_VIEW: RunView = {
  status: 'queued', mode: null, workflowId: null, workflowTitle: null, workflowVersion: null, provider: null, model: null, simulated: false, waits: [], waitingSince: null, waitReason: null, waitDetail: null, waitUntil: null,
  gates: [], switches: [], limits: {}, granted: {}, budgetUsdMicros: null, budgetRaises: [], kills: [], cancelRequested: false, capReached: null, error: null, headline: null, queuedAt: null, startedAt: null, completedAt: null, estimate: null, evidence: null, grants: null, stages: [], artifacts: [], logs: [],
  totals: { inputTokens: 0, outputTokens: 0, costUsdMicros: 0, completions: 0, reused: 0, toolCalls: 0, retries: 0, possiblyBilled: 0 }, possiblyBilled: {}, lastSequence: 0, lastEventAt: null,
};

/** Applies one event. An event that was applied before (sequence not above `lastSequence`), or that comes after the end, changes nothing. */
export function reduceRun(view: RunView, event: RunEvent): RunView {
  if (event.sequence <= view.lastSequence) return view;
  const seen = { ...view, lastSequence: event.sequence, lastEventAt: event.at };
  if (isTerminal(view.status) && event.type !== 'artifact-save' && event.type !== 'log-write') return seen;
  return apply(seen, event);
}

export function reduceRunEvents(events: Iterable<RunEvent>, from: RunView = EMPTY_RUN_VIEW): RunView {
  let view = from;
  for (const event of events) view = reduceRun(view, event);
  return view;
}

function move(view: RunView, to: RunStatus): RunView {
  return view.status === to || canMove(view.status, to) ? { ...view, status: to } : view;
}

function apply(view: RunView, event: RunEvent): RunView {
  switch (event.type) {
    case 'run-queue': {
      const queued = event.data;
      return { ...view, mode: queued.mode, workflowId: queued.workflow_id, workflowTitle: queued.workflow_title, workflowVersion: queued.workflow_version, provider: queued.provider, model: queued.model, simulated: queued.simulated, limits: queued.limits ?? {}, queuedAt: event.at };
    }
    case 'run-start': return { ...move(view, 'validating'), startedAt: view.startedAt ?? event.at };
    case 'stage-start': {
      const moved = move(view, event.stage === 'validate' ? 'validating' : 'running');
      // Whatever was waited for before a stage is over when it starts.
      return { ...withWaits({ ...moved, waitingSince: null }, []), stages: [...moved.stages, { stage: event.stage ?? 'validate', status: 'running', remark: null, cap: null, startedAt: event.at, endedAt: null, waitedMs: 0, checks: [], steps: [] }] };
    }
    case 'stage-end': return onStage(view, event.stage, (stage) => ({ ...stage, status: event.data.outcome, remark: event.data.remark, cap: event.data.cap, endedAt: event.at }));
    case 'check-end': {
      const { duration_ms: durationMs, ...check } = event.data;
      return onStage(view, event.stage, (stage) => ({ ...stage, checks: [...stage.checks, { ...check, durationMs }] }));
    }
    case 'estimate-record': return { ...view, estimate: event.data };
    case 'grant-record': return { ...view, grants: event.data };
    case 'evidence-record': return { ...view, evidence: { runId: event.runId, evidenceId: event.data.evidence_id } };
    case 'evidence-use': return { ...view, evidence: { runId: event.data.run_id, evidenceId: null } };
    case 'wait-start': {
      const { wait_id: waitId, reason, detail, until, next_try_at: nextTryAt = null, budget = null } = event.data;
      const wait: WaitView = { waitId, reason, detail, until, nextTryAt, budget, startedAt: view.waits.find((open) => open.waitId === waitId)?.startedAt ?? event.at };
      return withWaits({ ...move(view, 'waiting'), waitingSince: view.waitingSince ?? event.at }, [...view.waits.filter((open) => open.waitId !== waitId), wait]);
    }
    case 'wait-end': {
      const waits = view.waits.filter((open) => open.waitId !== event.data.wait_id);
      const rested = waits.length > 0 || !view.waitingSince ? view : { ...onStage(view, event.stage, (stage) => ({ ...stage, waitedMs: stage.waitedMs + Math.max(0, Date.parse(event.at) - Date.parse(view.waitingSince ?? event.at)) })), waitingSince: null };
      return withWaits(move(rested, waits.length > 0 ? 'waiting' : event.stage === 'validate' ? 'validating' : 'running'), waits);
    }
    case 'budget-raise': return { ...view, budgetUsdMicros: event.data.to_usd_micros, budgetRaises: [...view.budgetRaises, { at: event.at, by: event.data.by, fromUsdMicros: event.data.from_usd_micros, toUsdMicros: event.data.to_usd_micros }] };
    case 'provider-switch': return { ...view, switches: [...view.switches, { ...event.data, at: event.at, step: event.step ?? null }] };
    case 'gate-open': {
      const { gate_id: gateId, shown_hash: shownHash, answer_schema: answerSchema, ...rest } = event.data;
      return { ...view, gates: [...view.gates.filter((gate) => gate.gateId !== gateId), { ...rest, gateId, shownHash, answerSchema, outcome: null, openedAt: event.at, closedAt: null, remindedAt: null, delegations: [], decisions: [] }] };
    }
    case 'gate-decide': {
      const { gate_id: gateId, by, decision, reason, limits = null } = event.data;
      return onGate(limits ? { ...view, granted: leastLimits([view.granted, limits]) } : view, gateId, (gate) => ({ ...gate, decisions: [...gate.decisions, { by, decision, reason, at: event.at, limits }] }));
    }
    case 'gate-remind': return onGate(view, event.data.gate_id, (gate) => ({ ...gate, remindedAt: event.at }));
    case 'gate-delegate': return onGate(view, event.data.gate_id, (gate) => ({ ...gate, delegations: [...gate.delegations, { by: event.data.by, to: event.data.to, reason: event.data.reason, at: event.at }] }));
    case 'gate-close': return onGate(view, event.data.gate_id, (gate) => ({ ...gate, outcome: event.data.outcome, closedAt: event.at }));
    case 'cap-reach': return { ...view, capReached: event.data.cap };
    case 'cancel-request': return { ...view, cancelRequested: true };
    case 'worker-kill': return {
      ...view, kills: [...view.kills, { at: event.at, by: event.data.by }],
      logs: [...view.logs, { at: event.at, level: 'warn', message: `Crash drill: ${event.data.by} killed the worker here.`, stage: null, step: null }],
    };
    case 'artifact-save': return addArtifact(view, event.data);
    case 'log-write': return { ...view, logs: [...view.logs, { at: event.at, level: event.data.level, message: event.data.message, stage: event.stage ?? null, step: event.step ?? null }] };
    case 'run-end': {
      const ended = event.data;
      return { ...move(view, ended.status), error: ended.error, capReached: ended.cap_reached, headline: ended.headline, completedAt: event.at, waits: [], waitingSince: null, waitReason: null, waitDetail: null, waitUntil: null, gates: view.gates.map((gate) => (gate.outcome ? gate : { ...gate, outcome: 'stopped', closedAt: event.at })), stages: view.stages.map((stage) => closeStage(stage, event.at)) };
    }
    default: return applyToStep(view, event);
  }
}

function withWaits(view: RunView, waits: WaitView[]): RunView {
  const [first] = waits;
  return { ...view, waits, waitReason: first?.reason ?? null, waitDetail: first?.detail ?? null, waitUntil: first?.until ?? null };
}

function onGate(view: RunView, gateId: string, change: (gate: GateView) => GateView): RunView {
  return { ...view, gates: view.gates.map((gate) => (gate.gateId === gateId ? change(gate) : gate)) };
}

function addArtifact(view: RunView, data: { artifact_id: string; file_name: string; mime_type: string; file_size_bytes: number; sha256: string }): RunView {
  const artifact = { id: data.artifact_id, fileName: data.file_name, mimeType: data.mime_type, fileSizeBytes: data.file_size_bytes, sha256: data.sha256 };
  return { ...view, artifacts: [...view.artifacts.filter((other) => other.id !== artifact.id && other.fileName !== artifact.fileName), artifact] };
}

/** A run that ended from outside leaves nothing "running" on the page. */
function closeStage(stage: StageView, at: string): StageView {
  if (stage.endedAt) return stage;
  const steps = stage.steps.map((step): StepView => (step.endedAt ? step : { ...step, status: 'failed', endedAt: at, completions: step.completions.map((completion) => (completion.end ? completion : { ...completion, status: 'failed', endedAt: at })) }));
  return { ...stage, status: 'failed', endedAt: at, steps };
}

function onStage(view: RunView, stage: Stage | null | undefined, change: (stage: StageView) => StageView): RunView {
  const index = view.stages.findLastIndex((candidate) => candidate.stage === stage);
  return index < 0 ? view : { ...view, stages: view.stages.with(index, change(view.stages[index] as StageView)) };
}

function onStep(view: RunView, event: RunEvent, change: (step: StepView) => StepView): RunView {
  return onStage(view, event.stage, (stage) => {
    const index = stage.steps.findLastIndex((candidate) => candidate.step === event.step);
    return index < 0 ? stage : { ...stage, steps: stage.steps.with(index, change(stage.steps[index] as StepView)) };
  });
}

function onCompletion(view: RunView, event: RunEvent, change: (completion: CompletionView) => CompletionView): RunView {
  return onStep(view, event, (step) => {
    const index = step.completions.findLastIndex((candidate) => candidate.ordinal === event.ordinal);
    return index < 0 ? step : { ...step, completions: step.completions.with(index, change(step.completions[index] as CompletionView)) };
  });
}

/** Every event of a call repeats how many of its tries may have been charged, so the most that was told stands, and what it is more
 * than before is added. A first try begins another request at the same place, whose count starts anew. */
function countDoubts(view: RunView, event: RunEvent, told = 0): RunView {
  const call = `${event.stage}/${event.step}/${event.ordinal}`;
  const counted = view.possiblyBilled[call] ?? 0;
  const before = event.type === 'completion-start' && event.attempt === 1 ? 0 : counted;
  const more = Math.max(0, told - before);
  if (more === 0 && before === counted) return view;
  return { ...view, possiblyBilled: { ...view.possiblyBilled, [call]: before + more }, totals: { ...view.totals, possiblyBilled: view.totals.possiblyBilled + more } };
}

function applyToStep(from: RunView, event: RunEvent): RunView {
  const view = event.type === 'completion-start' || event.type === 'completion-retry' || event.type === 'completion-end' ? countDoubts(from, event, event.data.possibly_billed_attempts) : from;
  const attempt = event.attempt ?? 1;
  switch (event.type) {
    case 'step-start': return onStage(view, event.stage, (stage) => ({ ...stage, steps: [...stage.steps.filter((step) => step.step !== event.step), { step: event.step ?? '', title: event.data.title, index: event.data.index, total: event.data.total, status: 'running', summary: null, startedAt: event.at, endedAt: null, completions: [], tools: [] }] }));
    case 'step-end': return onStep(view, event, (step) => ({ ...step, status: event.data.outcome, summary: event.data.summary, endedAt: event.at, completions: event.data.outcome === 'done' ? step.completions : step.completions.map((completion) => (completion.end ? completion : { ...completion, status: 'failed', endedAt: event.at })) }));
    case 'completion-start': return onStep(view, event, (step) => {
      const before = step.completions.find((completion) => completion.ordinal === event.ordinal);
      const fresh: CompletionView = { ordinal: event.ordinal ?? 1, attempt, provider: event.data.provider, model: event.data.model, maxOutputTokens: event.data.max_output_tokens, status: 'running', text: '', startedAt: before?.startedAt ?? event.at, endedAt: null, retries: before?.retries ?? [], end: null };
      return { ...step, completions: [...step.completions.filter((completion) => completion !== before), fresh] };
    });
    // Text of an earlier attempt that arrives late is discarded: a retried call starts its text anew.
    case 'text-delta': return onCompletion(view, event, (completion) => (attempt < completion.attempt || completion.end ? completion : { ...completion, attempt, text: attempt > completion.attempt ? event.data.text : completion.text + event.data.text }));
    case 'completion-retry': {
      const { code, detail, wait_ms: waitMs } = event.data;
      if (waitMs === null) return view;
      const counted = { ...view, totals: { ...view.totals, retries: view.totals.retries + 1 } };
      return onCompletion(counted, event, (completion) => ({ ...completion, status: 'retrying', text: '', retries: [...completion.retries, { attempt, code, detail, waitMs, at: event.at }] }));
    }
    case 'completion-end': return onCompletion({ ...view, totals: addTotals(view.totals, event.data) }, event, (completion) => ({ ...completion, attempt, status: 'done', text: event.data.text, endedAt: event.at, end: event.data }));
    case 'tool-call': return onStep({ ...view, totals: { ...view.totals, toolCalls: view.totals.toolCalls + 1 } }, event, (step) => ({ ...step, tools: [...step.tools, { toolCallId: event.data.tool_call_id, tool: event.data.tool, arguments: event.data.arguments, status: 'running', summary: null, items: [], durationMs: null, startedAt: event.at, grant: event.data.grant ?? null }] }));
    case 'tool-result': return onStep(view, event, (step) => ({ ...step, tools: step.tools.map((tool) => (tool.toolCallId === event.data.tool_call_id ? { ...tool, status: event.data.outcome, summary: event.data.summary, items: event.data.items, durationMs: event.data.duration_ms } : tool)) }));
    default: return view;
  }
}

function addTotals(totals: Totals, end: CompletionEndData): Totals {
  const costUsdMicros = totals.costUsdMicros === null || end.cost_usd_micros === null ? null : totals.costUsdMicros + (end.reused ? 0 : end.cost_usd_micros);
  return {
    ...totals, costUsdMicros, completions: totals.completions + 1, reused: totals.reused + (end.reused ? 1 : 0),
    inputTokens: totals.inputTokens + end.usage.inputTokens, outputTokens: totals.outputTokens + end.usage.outputTokens,
  };
}
