import type { CompletionAnswer, ProviderId, Message } from './providers.ts';
import type { Estimate, NewRunEvent, RunEventData, ToolResultItem } from './run-events.ts';
import type { CallExtras } from './call-extras.ts';
import type { Cap, RunMode, Stage, TerminalStatus } from './runs.ts';
import type { RunError } from './errors.ts';
import type { ApprovalPolicy, FallbackTarget, GateOutcome, GateSpec } from './governance.ts';
import type { OwnSnapshot } from './own/definition.ts';
import type { DeliverRequest, DeliverResult } from './webhooks.ts';

/** What travels between API, workflow and activities. Plain data; every payload stays under MAX_PAYLOAD_BYTES. */
export interface Caps { outputTokens: number; inputTokens: number; seconds: number; iterations: number; /** micro-dollars; null = no money cap */ costUsdMicros: number | null }

/** Durations an engine needs, all from configuration so that tests use milliseconds. */
export interface Timings { callTimeoutMs: number; pingTimeoutMs: number; heartbeatTimeoutMs: number; retryBaseMs: number; attempts: number; /** how long a wait for a bigger budget, a provider, a person may last; 0 = not at all */ budgetWaitMs: number; outageWaitMs: number; gateWaitMs: number; /** people are reminded after this part of a wait for them (0 to 1); absent = never */ remindAfter?: number }

export interface RunRequest<Input = Record<string, unknown>> {
  runId: string;
  userId: string;
  slug: string;
  version: number;
  mode: RunMode;
  provider: ProviderId;
  model: string;
  persona: string;
  input: Input;
  caps: { test: Caps; full: Caps };
  /** micro-dollars per million tokens at the time of the start; null = no known price */
  price: { input: number; output: number } | null;
  /** tried in order when the provider is away; absent = no other vendor is ever called */
  fallback?: FallbackTarget[];
  /** models that the inputs name beside the run's own, each checked and priced at the start */
  targets?: FallbackTarget[];
  /** who must agree before Full; from the catalog entry's policy */
  fullApproval?: ApprovalPolicy | null;
  timings: Timings;
  /** a re-run: where its answers may come from */
  fork?: RunFork;
  /** task queues of providers that have one of their own; model calls of the others ride on the workflow's */
  modelQueues?: Partial<Record<ProviderId, string>>;
  /** what runs do since: from 2 on files, evidence and the end are written within the workflow task, and the start names the first stage;
   * from 3 on the quick tools are called there too; absent in runs from before */
  engine?: 2 | 3;
  /** W3C trace context of the request that asked for the run; absent when tracing was off */
  traceparent?: string;
  /** of a workflow that people wrote: what it was when the run was started */
  own?: OwnSnapshot;
}

/** What a line of the log, or a counter, says of a run. */
export type RunLabels = Pick<RunRequest, 'slug' | 'mode' | 'provider' | 'model'>;

export interface PromptMessage { role: 'system' | 'user' | 'assistant'; content: string }

/** What a re-run takes over from the run it was made from (guarantee G9). */
export interface RunFork {
  sourceRunId: string;
  kind: 'start' | 'from_step' | 'failed_only';
  /** ids of calls whose recorded answers may be taken, or every one that is there; a call is taken only when it asks the same */
  reuse: 'all' | string[];
  /** answers that a person wrote in place of recorded ones, by call id */
  edits: Record<string, { text: string }>;
  /** prompts that a person wrote in place of the playbook's, by the id of the call that asks first in its step */
  prompts?: Record<string, PromptMessage[]>;
  /** user id; null when neither an answer nor a prompt was edited */
  editedBy: string | null;
  /** the Test is made again even if there is fresh evidence, because a step of it is what the person re-runs */
  retest: boolean;
}

/** The fork as one call sees it. */
export interface CallFork { sourceRunId: string; reuse: boolean; /** an answer of another provider or model may stand in: never in the Test of a Full run, whose evidence would be false */ acrossModels: boolean; edit: { text: string; by: string } | null }

export interface RunResult { status: TerminalStatus; capReached: Cap | null; error: RunError | null; headline: string }

/** Where a call stands: the ledger key, the activity id and the vendor's request id are made from it. */
export interface CallSite { runId: string; stage: Stage; step: string; ordinal: number }
export const callId = (site: Omit<CallSite, 'runId'>): string => `${site.stage}/${site.step}/${site.ordinal}`;

/** Events the workflow has not yet seen stored: each activity carries them and stores them first, so the log needs no hop of
 * its own. Keys `<temporal run id>/<n>` make a second store a no-op. */
export interface CarriedEvents { /** Temporal's run id */ keyPrefix: string; entries: { n: number; event: NewRunEvent }[]; /** for the lines that an activity logs; absent in runs from before */ run?: RunLabels }

/** Which answer schema a call wants; `items` for those that are made for a number of items. */
export interface AnswerSpec { name: string; items?: number }

export interface CompleteRequest extends CallSite {
  before: CarriedEvents;
  userId: string;
  slug: string;
  provider: ProviderId;
  model: string;
  messages: Message[];
  maxOutputTokens: number;
  temperature?: number;
  /** key in the catalog entry's `answers`; the activity sends its JSON Schema and parses the answer with it */
  answer?: AnswerSpec;
  /** names of tools that the model may ask for; the activity sends their schemas */
  tools?: string[];
  /** why this is not the run's own provider, for the ledger */
  fallbackReason?: string;
  /** user id of who wrote these messages in place of the playbook, for the log */
  promptEditedBy?: string;
  timeoutMs: number;
  fork?: CallFork;
}

export interface CompleteResult extends CompletionAnswer {
  /** parsed by the answer schema; undefined when none was asked or it did not fit */
  data?: unknown;
  /** why the answer does not fit, written for the repair turn */
  problem?: string;
  costUsdMicros: number | null;
  reused: boolean;
  /** taken from the run this one was made from: this run bought nothing */
  fromFork: boolean;
  possiblyBilledAttempts: number;
}

export interface ToolRequest extends CallSite { before: CarriedEvents; /** shown in the log beside the tool's result */ title: string; userId: string; slug: string; tool: string; arguments: Record<string, unknown>; timeoutMs: number }
export interface ToolResult { outcome: 'ok' | 'empty' | 'unavailable' | 'failed'; summary: string; items: (ToolResultItem & { /** text for the model, ≤ 12,000 characters */ text: string })[]; /** figures and rows for the workflow's own use, as JSON; counted into the limit of a result */ data?: unknown }

export interface CheckRequest { before: CarriedEvents; request: RunRequest; check: CheckName }
export const CHECKS = ['inputs', 'secret', 'provider', 'tools', 'estimate'] as const;
export type CheckName = (typeof CHECKS)[number];
export interface CheckResult { check: CheckName; title: string; outcome: 'passed' | 'warning' | 'failed'; detail: string; remedy: string | null; durationMs: number; code: RunError['code'] | null; estimate?: Estimate; /** measured by the check of the tools */ extras?: CallExtras; grants?: RunEventData['grant-record'] | undefined }

export interface RecordRequest { runId: string; before: CarriedEvents }
export interface OpenGateRequest { runId: string; userId: string; slug: string; before: CarriedEvents; stage: Stage; gate: GateSpec }
export interface RemindGateRequest { runId: string; before: CarriedEvents; stage: Stage; gateId: string; until: string }
export interface CloseGateRequest { runId: string; before: CarriedEvents; stage: Stage; gateId: string; outcome: GateOutcome }

export interface SaveArtifactRequest extends Omit<CallSite, 'ordinal'> { before: CarriedEvents; userId: string; artifactType: string; fileName: string; mimeType: string; content: string; summary: string | null; stepIndex: number | null }
export interface ArtifactRef { artifactId: string; fileName: string; mimeType: string; fileSizeBytes: number; sha256: string }

export interface EvidenceRequest { before: CarriedEvents; request: RunRequest }
/** Fresh evidence of an earlier run, which makes the Test of a Full run needless. */
export interface EvidenceFound { runId: string; testedAt: string }

export interface FinishRequest { before: CarriedEvents; request: RunRequest; result: RunResult; temporalRunId: string }

/** A key in transit: sealed under the master key for this one test, so that no history holds it. */
export interface SealedKey { id: string; envelope: { v: 1; kid: string; dek: string; dekIv: string; dekTag: string; iv: string; tag: string; data: string } }
export interface KeyTestRequest { /** null for a key that is not stored, which is in `sealed` then, and for the workspace's */ settingId: string | null; sealed?: SealedKey; userId: string; provider: ProviderId; timeoutMs: number }
export interface KeyTestResult { success: boolean; message: string; code: RunError['code'] | null; latencyMs: number | null; models: string[] }

export interface PurgeResult { artifacts: number; uploads: number; replacedKeys: number; webhookDeliveries: number; webhookSecrets: number; idempotencyKeys: number; signInLinks: number; sessions: number; rateLimits: number; trials: number; orphanedObjects: number; more: boolean; next: string | null }

/** The activities that a workflow may call. The worker's `createActivities(deps)` implements exactly this. */
export interface WorkflowActivities {
  complete(request: CompleteRequest): Promise<CompleteResult>;
  runTool(request: ToolRequest): Promise<ToolResult>;
  runCheck(request: CheckRequest): Promise<CheckResult>;
  saveArtifact(request: SaveArtifactRequest): Promise<ArtifactRef>;
  /** local activity: idempotent by key */
  recordRunEvents(request: RecordRequest): Promise<void>;
  /** Signs and stores what the Test stage that just passed proves; nothing for a run with edited answers. Idempotent. */
  recordEvidence(request: EvidenceRequest): Promise<void>;
  /** local activity */
  findEvidence(request: EvidenceRequest): Promise<EvidenceFound | null>;
  /** local: stores what people are asked and gives the hash that their decisions are bound to */
  openGate(request: OpenGateRequest): Promise<{ shownHash: string }>;
  /** local: marks that the people were reminded */
  remindGate(request: RemindGateRequest): Promise<void>;
  /** local */
  closeGate(request: CloseGateRequest): Promise<void>;
  /** Writes trace.json, logs.txt and metadata.json, then the `run-end` event that closes the run. Idempotent. */
  finishRun(request: FinishRequest): Promise<RunResult | null>;
  reconcileRuns(): Promise<{ started: number; ended: number; resent: number; woken: number; failed: number }>;
  /** sends what is due to one endpoint; idempotent */
  deliverWebhooks(request: DeliverRequest): Promise<DeliverResult>;
  /** one bounded batch of the retention rule @param after the storage folder to go on after */
  purgeExpired(after: string | null): Promise<PurgeResult>;
  testProviderKey(request: KeyTestRequest): Promise<KeyTestResult>;
}
