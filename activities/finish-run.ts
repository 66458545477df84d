import { Context } from '@temporalio/activity';
import { actualOf } from '#contracts/estimate';
import { reduceRunEvents, type RunView } from '#contracts/run-reducer';
import type { NewRunEvent, RunEvent } from '#contracts/run-events';
import type { FinishRequest, RunRequest, RunResult } from '#contracts/workflow';
import { databaseNow, type Database } from '#platform/db';
import { sha256Hex } from '#platform/ids';
import { query, statement } from '#platform/sql';
import { runEnded } from '#platform/repositories/audit';
import { closeRun } from '#platform/repositories/close-run';
import { saveRunArtifacts, type NewArtifact } from '#platform/repositories/artifacts';
import { allRunEvents, hasEvent } from '#platform/repositories/run-events';
import { wakeWebhooks } from '#platform/webhooks/wake';
import type { ActivityDeps } from './deps.ts';
import { classify, toFailure } from './failures.ts';
import { carriedEvents } from './record-run-events.ts';
import { storeEvents, tellEnd } from './run-lines.ts';
import { settleOpenTries } from './settle-open-tries.ts';
import { invalidAnswerFile, ledgerCalls, stepFiles, type LedgerCallRow, type TraceLevel } from './step-files.ts';
import { buildTrace, type CallLookup } from './trace/otlp-trace.ts';

/** Ends a run, whatever its end, and answers how it stands (null: the run was deleted): trace.json, logs.txt and metadata.json from the event log, then the `run-end` event that
 * closes the stream. Idempotent; a run whose storage is away still ends, and the log says what could not be written. */
export async function finishRun(deps: ActivityDeps, request: FinishRequest): Promise<RunResult | null> {
  const { request: run, result, temporalRunId } = request;
  try {
    if (!(await storeEvents(deps, run.runId, carriedEvents(request.before)))) return null; // deleted meanwhile: nothing to close
    await settleOpenTries(deps, run.runId);
    const problem = await writeFiles(deps, request).then(() => null, (error: unknown) => error);
    if (problem) deps.logger.error({ err: problem }, 'closing files were not written');
    const last = Context.current().info.attempt >= 5;
    if (problem && !last) throw problem;
    const events: NewRunEvent[] = [
      ...(problem ? [{ type: 'log-write', data: { level: 'error', message: 'trace.json, logs.txt or metadata.json could not be stored; the whole trace is in the event log.' } } satisfies NewRunEvent] : []),
      { type: 'run-end', data: { status: result.status, cap_reached: result.capReached, error: result.error, headline: result.headline } },
    ];
    // Asked before the end: a try that fails after it is repeated, and finds nothing left to tell.
    const inValidate = result.status === 'failed' && await endsInValidate(deps.db, run.runId);
    const end = await closeRun(deps.db, run.runId, events.map((event) => ({ key: `${temporalRunId}/${event.type}`, event, temporalRunId })), runEnded(run.runId, run.userId, result.status, result.error?.code ?? null));
    if (end) {
      tellEnd(deps, run, result, end, inValidate);
      await wakeWebhooks(deps, end.told);
    }
    return await endOf(deps.db, run.runId);
  } catch (error) {
    throw toFailure({ ...classify(error, () => 1, deps.config.AWP_RETRY_BASE_MS), delayMs: 2_000 }, null);
  }
}

const END = statement('SELECT status, cap_reached AS "capReached", error, headline FROM runs WHERE id = $1');
async function endOf(db: Database, runId: string): Promise<RunResult | null> {
  const [row] = await query<RunResult>(db.pool, END, [runId]);
  return row ?? null;
}

async function endsInValidate(db: Database, runId: string): Promise<boolean> {
  const { stages } = reduceRunEvents(await allRunEvents(db, runId));
  return stages.length === 1 && stages[0]?.stage === 'validate';
}

async function writeFiles(deps: ActivityDeps, { request: run, result, temporalRunId }: FinishRequest): Promise<void> {
  const events = await allRunEvents(deps.db, run.runId);
  // Told before, by this execution: the files are those of that end, and somebody may have them by their hash.
  if (events.some(({ type }) => type === 'run-end') && (await hasEvent(deps.db, run.runId, `${temporalRunId}/run-end`))) return;
  const view = reduceRunEvents(events);
  const endedAt = new Date(Math.max((await databaseNow(deps.db)).getTime(), Date.parse(events.at(-1)?.at ?? ''))).toISOString();
  const level = (run.input as { trace_level?: TraceLevel }).trace_level ?? 'full';
  const calls = await ledgerCalls(deps.db, run.runId);
  const trace = buildTrace({ request: run, view, endedAt, status: result.status, error: result.error?.title ?? null, answers: level !== 'off', prompts: level === 'full', ledger: level === 'off' ? null : lookup(calls) });
  const invalid = result.error?.code === 'OutputInvalid' && result.error.step ? invalidAnswerFile(result.error.step, calls) : null;
  const steps = [...stepFiles(view, calls, level), ...(invalid ? [invalid] : [])];
  const listed = [...view.artifacts.map((artifact) => ({ file_name: artifact.fileName, sha256: artifact.sha256, file_size_bytes: artifact.fileSizeBytes })), ...steps.map((file) => ({ file_name: file.fileName, sha256: sha256Hex(file.content), file_size_bytes: Buffer.byteLength(file.content) }))];
  const files: Omit<NewArtifact, 'runId' | 'userId' | 'key'>[] = [
    ...steps.map((file) => ({ ...file, artifactType: 'step' })),
    { artifactType: 'trace', fileName: 'trace.json', mimeType: 'application/json', content: `${JSON.stringify(trace, null, 1)}\n`, summary: `OTLP/JSON, ${view.totals.completions} model calls, ${view.totals.toolCalls} tool calls`, stage: null, stepIndex: null },
    { artifactType: 'logs', fileName: 'logs.txt', mimeType: 'text/plain', content: logText(events), summary: null, stage: null, stepIndex: null },
    { artifactType: 'metadata', fileName: 'metadata.json', mimeType: 'application/json', content: `${JSON.stringify(await metadata(deps, run, view, result, temporalRunId, endedAt, listed), null, 2)}\n`, summary: null, stage: null, stepIndex: null },
  ];
  await saveRunArtifacts(deps.db, deps.storage, files.map((file) => ({ ...file, runId: run.runId, userId: run.userId, key: `finish/${file.fileName}` })), deps.config.AWP_RETENTION_DAYS);
}

/** Prompts and whole answers: an event keeps only head and tail of a very long one. */
function lookup(calls: readonly LedgerCallRow[]): CallLookup {
  const byCall = new Map(calls.map((row) => [`${row.stage}/${row.step}/${row.ordinal}`, { prompt: row.request, text: row.answer?.text }]));
  return (stage, step, ordinal) => byCall.get(`${stage}/${step}/${ordinal}`);
}

/** One line an event, as a person reads a log. */
function logText(events: readonly RunEvent[]): string {
  return events.filter((event) => event.type !== 'text-delta').map((event) => {
    const where = [event.stage, event.step, event.ordinal].filter((part) => part !== null && part !== undefined).join('/');
    const data = JSON.stringify(event.type === 'completion-end' ? { ...event.data, text: `${event.data.text.length} characters` } : event.data);
    return `${event.at} ${String(event.sequence).padStart(5)} ${event.type.padEnd(17)} ${where.padEnd(24)} ${data}`;
  }).join('\n').concat('\n');
}

const BILLED = statement(`
  SELECT c.stage || '/' || c.step || '/' || c.ordinal AS call, a.attempt, a.state, a.worst_cost_usd_micros::float8 AS worst_cost_usd_micros
  FROM completion_attempts a JOIN completions c ON c.id = a.completion_id WHERE c.run_id = $1 AND (a.state = 'possibly_billed' OR (a.state = 'cancelled' AND a.worst_cost_usd_micros IS NOT NULL)) ORDER BY c.created_at, a.attempt`);

async function metadata(deps: ActivityDeps, run: RunRequest, view: RunView, result: FinishRequest['result'], temporalRunId: string, endedAt: string, artifacts: readonly object[]): Promise<object> {
  const billed = await query<{ call: string; attempt: number; state: string; worst_cost_usd_micros: number | null }>(deps.db.pool, BILLED, [run.runId]);
  return {
    run_id: run.runId, workflow_id: run.slug, workflow_version: run.version, run_mode: run.mode, persona: run.persona, provider: run.provider, model: run.model, simulated: view.simulated, status: result.status, cap_reached: result.capReached,
    error: result.error, headline: result.headline, temporal: { workflow_id: run.runId, run_id: temporalRunId }, inputs: run.input, caps: run.caps, queued_at: view.queuedAt, started_at: view.startedAt, ended_at: endedAt,
    totals: { input_tokens: view.totals.inputTokens, output_tokens: view.totals.outputTokens, cost_usd_micros: view.totals.costUsdMicros, completions: view.totals.completions, reused: view.totals.reused, tool_calls: view.totals.toolCalls, retries: view.totals.retries, possibly_billed: view.totals.possiblyBilled },
    possibly_billed: billed,
    estimate: view.estimate, estimate_actual: actualOf({ ...view, completedAt: endedAt }),
    evidence: view.evidence && { run_id: view.evidence.runId, evidence_id: view.evidence.evidenceId },
    forked_from: run.fork ? { run_id: run.fork.sourceRunId, kind: run.fork.kind, edited_calls: Object.keys(run.fork.edits), edited_by: run.fork.editedBy } : null,
    grants: view.grants,
    tools: view.stages.flatMap((stage) => stage.steps.flatMap((step) => step.tools.map((tool) => ({ tool: tool.tool, call: tool.toolCallId, outcome: tool.status, grant: tool.grant, receipt: tool.items.map(({ id, url, source, sha256, file }) => ({ id, url, source, ...(sha256 ? { sha256 } : {}), ...(file ? { file } : {}) })) })))),
    artifacts,
  };
}
