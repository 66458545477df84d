import type { RunError } from './errors.ts';
import type { GateDecision, GateDelegation, GateKind, GateOutcome } from './governance.ts';
import type { FinishReason, ProviderId, Usage } from './providers.ts';
import type { RiskClass, ToolDecision } from './tool-policy.ts';
import type { Cap, RunMode, Stage, TerminalStatus, WaitReason } from './runs.ts';

/** The run event log: append-only, the single source of live view, run page, CLI and trace.json. Plain types, safe in
 * the sandbox. On the wire the envelope is snake_case (see wire.ts); `data` keys are written snake_case here already. */
export interface RunEventData {
  'run-queue': { mode: RunMode; workflow_id: string; workflow_title: string; workflow_version: number; provider: ProviderId; model: string; simulated: boolean; /** own limits, where the person set some */ limits?: RunLimits };
  'run-start': { temporal_run_id: string };
  'stage-start': { stages: Stage[] };
  'stage-end': { outcome: 'passed' | 'failed' | 'capped' | 'skipped'; cap: Cap | null; remark: string | null };
  'check-end': { check: string; title: string; outcome: 'passed' | 'warning' | 'failed'; detail: string; remedy: string | null; duration_ms: number };
  'estimate-record': Estimate;
  /** the Test of this run passed and was signed */
  'evidence-record': { evidence_id: string; key_id: string; outcome: 'passed' | 'capped' };
  /** an earlier run's evidence stands for the Test of this one */
  'evidence-use': { run_id: string; tested_at: string };
  'step-start': { title: string; /** position in the stage, from 1 */ index: number; /** planned steps of the stage, may grow */ total: number };
  /** Streamed model text; pruned once the completion's final event is written. */
  'text-delta': { text: string };
  'completion-start': { provider: ProviderId; model: string; max_output_tokens: number; possibly_billed_attempts?: PossiblyBilledAttempts };
  /** A try ended without an answer. One that is not made again by itself (`wait_ms` null: the call failed, was cancelled, or its worker
   * stopped) is told only when it may have been charged. */
  'completion-retry': { code: string; detail: string; wait_ms: number | null; possibly_billed_attempts?: PossiblyBilledAttempts };
  'completion-end': CompletionEndData;
  /** what this run may use, as Validate found it; each call is decided anew */
  'grant-record': { role: string; /** 0 = the default rules */ policy_version: number; grants: (ToolDecision & { tool: string; title: string })[] };
  'tool-call': { tool: string; tool_call_id: string; arguments: Record<string, unknown>; grant?: ToolDecision };
  /** the call was not made */
  'tool-refuse': { tool: string; tool_call_id: string; risk: RiskClass; reason: string };
  'tool-result': { tool: string; tool_call_id: string; outcome: 'ok' | 'empty' | 'unavailable' | 'failed'; summary: string; items: ToolResultItem[]; duration_ms: number };
  'step-end': { outcome: 'done' | 'failed' | 'skipped'; summary: string };
  'cap-reach': { cap: Cap; limit: number; used: number; remark: string };
  /** Written again, with the same id, when another wait ended while this one goes on. */
  'wait-start': { wait_id: string; reason: WaitReason; detail: string; /** the end of the wait, whatever happens */ until: string | null; next_try_at?: string; budget?: BudgetNeed };
  'wait-end': { wait_id: string; reason: WaitReason; outcome: 'settled' | 'expired' | 'stopped'; detail: string };
  'budget-raise': { wait_id: string; decision_id: string; from_usd_micros: number; to_usd_micros: number; by: string };
  'provider-switch': { from: { provider: ProviderId; model: string }; to: { provider: ProviderId; model: string }; /** an error code, or `try_again` after a wait */ reason: string; detail: string };
  'gate-open': { gate_id: string; kind: GateKind; key: string; title: string; shown: unknown; shown_hash: string; role: string | null; approvers: number; /** JSON Schema of the answer, null for an approval */ answer_schema: Record<string, unknown> | null; until: string };
  'gate-decide': { gate_id: string; decision_id: string; by: string; decision: GateDecision; reason: string | null; shown_hash: string; /** a yes to less than was asked */ limits?: RunLimits };
  /** nobody has decided: part of the time is over, or `by` asks again */
  'gate-remind': { gate_id: string; until: string; by?: string };
  'gate-delegate': { gate_id: string } & GateDelegation;
  'gate-close': { gate_id: string; outcome: GateOutcome };
  'artifact-save': { artifact_id: string; file_name: string; mime_type: string; file_size_bytes: number; sha256: string };
  'cancel-request': { by: string };
  /** the crash drill: a person had the worker killed under this run */
  'worker-kill': { by: string };
  'log-write': { level: 'info' | 'warn' | 'error'; message: string };
  'run-end': { status: TerminalStatus; cap_reached: Cap | null; error: RunError | null; headline: string };
}

/** Below the platform's caps: money of the run in micro-dollars, tokens and active seconds of a stage. */
export interface RunLimits { cost_usd_micros?: number | undefined; output_tokens?: number | undefined; seconds?: number | undefined }

/** Micro-dollars: the budget, what is used or promised, the least that lets the next call start. */
export interface BudgetNeed { limit_usd_micros: number; used_usd_micros: number; needed_usd_micros: number }

export interface ToolResultItem { id: string; title: string; url: string | null; source: string; snippet: string; /** of the bytes as fetched, hex; absent for what was not fetched */ sha256?: string; /** of the knowledge base: the skill's file below its folder */ file?: string }

/** Tries of this call so far that brought no answer and may have been charged, all of them: each event repeats what those before it told. */
export type PossiblyBilledAttempts = number;

export interface CompletionEndData {
  provider: ProviderId; model: string; model_served: string;
  usage: Usage; finish_reason: FinishReason;
  /** micro-dollars; null when the model has no known price */
  cost_usd_micros: number | null;
  /** full text up to MAX_EVENT_TEXT_BYTES; beyond that head and tail, `text_truncated` true */
  text: string; text_truncated: boolean;
  duration_ms: number; first_token_ms: number | null;
  /** the answer came from the ledger, nothing was bought */
  reused: boolean;
  /** user id of the person who wrote this answer in place of the model's */
  edited_by?: string;
  /** user id of the person who wrote the prompt in place of the playbook */
  prompt_edited_by?: string;
  possibly_billed_attempts: PossiblyBilledAttempts;
}

/** Low / expected / worst before the run; micro-dollars null when the price is unknown. */
export interface EstimateRange { low: number; expected: number; worst: number }
export interface StageEstimate { stage: Stage; tokens: EstimateRange; cost_usd_micros: EstimateRange | null; seconds: EstimateRange; basis: string }
export interface Estimate {
  tokens: EstimateRange;
  cost_usd_micros: EstimateRange | null;
  seconds: EstimateRange;
  price_date: string;
  /** `plan`, or `<n> past runs` */
  basis: string;
  stages: StageEstimate[];
}
/** After the run: what it bought and how long it worked; shares of what was expected, null where nothing was. */
export interface EstimateActual { tokens: number; cost_usd_micros: number | null; seconds: number; of_expected: { tokens: number | null; cost: number | null; seconds: number | null }; within_worst: boolean }

export type RunEventType = keyof RunEventData;
export const RUN_EVENT_TYPES = [
  'run-queue', 'run-start', 'stage-start', 'stage-end', 'check-end', 'estimate-record', 'evidence-record', 'evidence-use', 'step-start', 'text-delta', 'completion-start', 'completion-retry',
  'completion-end', 'grant-record', 'tool-call', 'tool-refuse', 'tool-result', 'step-end', 'cap-reach', 'wait-start', 'wait-end', 'budget-raise', 'provider-switch',
  'gate-open', 'gate-decide', 'gate-remind', 'gate-delegate', 'gate-close', 'artifact-save', 'cancel-request', 'worker-kill', 'log-write', 'run-end',
] as const satisfies readonly RunEventType[];

/** What a writer hands to the log. The database adds sequence, position and time. */
export type NewRunEvent = {
  [T in RunEventType]: {
    type: T;
    data: RunEventData[T];
    stage?: Stage | null;
    /** step key, unique in its stage, e.g. `note-2` */
    step?: string | null;
    /** counts the calls inside a step, from 1 */
    ordinal?: number | null;
    /** the activity's attempt, from 1; a retried call restarts its text */
    attempt?: number | null;
  };
}[RunEventType];

/** An event as stored. `sequence` increases per run (gaps allowed); `position` is global; `at` is the database's time, ISO 8601 with Z. */
export type RunEvent = NewRunEvent & { runId: string; sequence: number; position: number; at: string };
