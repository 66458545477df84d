import type { z } from 'zod';
import type { RunBody, StartedRunSchema } from '#contracts/api/runs.schema';
import type { RunFork } from '#contracts/workflow';
import { CodedError } from '#platform/coded-error';
import { digestOf, sha256Hex } from '#platform/ids';
import { addLogFields } from '#platform/log-fields';
import { appendAuditEvent } from '#platform/repositories/audit';
import { completeIdempotencyKey, releaseIdempotencyKey, reserveIdempotencyKey } from '#platform/repositories/idempotency';
import { requireRunRoom } from '#platform/repositories/budgets';
import { insertRun, type RunRecord } from '#platform/repositories/run-queries';
import { renewUploads } from '#platform/repositories/uploads';
import { transaction } from '#platform/sql';
import { BACKGROUND_START_DEADLINE_MS, startRunExecution } from '#platform/start-run';
import type { Deps } from '../../deps.ts';
import type { Call } from '../../endpoint.ts';
import type { Edit } from '../../rerun/check-edits.ts';
import type { FoundWorkflow } from '../workflows/catalog-lookup.ts';
import { prepareRun, type PreparedRun } from './prepare-run.ts';
import { logFieldsOf } from './require-run.ts';
import { runToWire } from './run-to-wire.ts';

type StartedRun = z.infer<typeof StartedRunSchema>;
type RunCall = Pick<Call<undefined, undefined, typeof RunBody>, 'principal' | 'req' | 'res' | 'audit'> & { body: unknown };
/** What is to be started: the body of the request itself, or what a re-run makes of it. */
type Wanted = () => Promise<{ body: z.output<typeof RunBody>; fork?: RunFork; edits?: Edit[]; given?: FoundWorkflow; /** a Full run is accepted only where people approve it */ fullNeedsApproval?: boolean; /** writes what `given` only describes, once the run may start */ keep?: () => Promise<FoundWorkflow> }>;
export interface AcceptedRun { run: StartedRun; replayed: boolean }

/** Accepts a run: one transaction writes the queued row, its first event, the audit event and the idempotent answer; then the
 * execution is started; under load the answer goes out before Temporal's (pending-starts.ts). From the commit on the run will
 * end, whatever dies: the reconciler starts what could not be started. */
export async function acceptRun(deps: Deps, call: RunCall, operation: string, wanted: Wanted): Promise<AcceptedRun> {
  const key = idempotencyKey(call);
  if (key === null) return { run: await createRun(deps, call, wanted, null), replayed: false };
  const id = { userId: call.principal.userId, operation, key };
  const reservation = await reserveIdempotencyKey(deps.db, id, digestOf(call.body));
  if (reservation.kind === 'replay') {
    const run = reservation.answer.body as StartedRun;
    addLogFields(logFieldsOf({ id: run.id, workflowSlug: run.workflow_id, runMode: run.run_mode, provider: run.provider, model: run.model }));
    return { run, replayed: true };
  }
  if (reservation.kind === 'mismatch') throw new CodedError('IdempotencyMismatch', 'The body differs from the one this key was first used with.');
  if (reservation.kind === 'in_flight') throw new CodedError('Conflict', 'The first request with this Idempotency-Key is still going on.', { retryAfterSeconds: 1, remedy: 'Send it again in a second: it will get the same answer.' });
  try {
    return { run: await createRun(deps, call, wanted, { id, claimedAt: reservation.claimedAt }), replayed: false };
  } catch (error) {
    await releaseIdempotencyKey(deps.db, id, reservation.claimedAt).catch(() => {});
    throw error;
  }
}

type Claim = { id: { userId: string; operation: string; key: string }; claimedAt: Date } | null;

async function createRun(deps: Deps, call: RunCall, wanted: Wanted, claim: Claim): Promise<StartedRun> {
  const { body, fork, edits = [], given, keep, fullNeedsApproval } = await wanted();
  const prepare = (what?: FoundWorkflow) => prepareRun(deps, call.principal, body, fork, what).catch((error: unknown) => tellWhatWasWanted(body, error));
  const possible = await prepare(given);
  if (fullNeedsApproval && possible.run.runMode === 'full_run' && !possible.run.request.fullApproval) throw needsPerson();
  await deps.limits.runStart(call.res, call.principal.userId);
  const prepared = keep ? await prepare(await keep()) : possible;
  const started = await store(deps, call, prepared, edits, claim);
  deps.metrics.runStarts.inc({ workflow_id: prepared.run.workflowSlug, run_mode: prepared.run.runMode });
  const { run, entry } = prepared;
  addLogFields(logFieldsOf(run));
  const starting = startRunExecution(deps.temporal, run.request, { workflowType: run.workflowType, title: entry.title, persona: run.persona, taskQueue: deps.config.WORKER_TASK_QUEUE }, BACKGROUND_START_DEADLINE_MS).then(() => {}, (error: unknown) => {
    deps.metrics.startsLeftToReconciler.inc();
    deps.logger.warn({ err: error }, 'execution not started yet, the reconciler will');
  });
  await deps.starts.answerAfter(starting);
  return started;
}

async function store(deps: Deps, call: RunCall, prepared: PreparedRun, edits: Edit[], claim: Claim): Promise<StartedRun> {
  const { run, entry, reason, budget, budgets, uploadIds } = prepared;
  return transaction(deps.db.pool, async (client) => {
    await requireRunRoom(client, budgets, run.userId, deps.config.AWP_MAX_CONCURRENT_RUNS);
    if (!(await renewUploads(client, run.userId, uploadIds, deps.config.AWP_RETENTION_DAYS))) throw new CodedError('Conflict', 'An upload in the inputs was deleted just now.', { remedy: 'Upload the file again.' });
    const times = await insertRun(client, run, { mode: run.runMode, workflow_id: run.workflowSlug, workflow_title: entry.title, workflow_version: entry.version, provider: run.provider, model: run.model, simulated: run.simulated, ...(budget ? { limits: budget } : {}) });
    const answer: StartedRun = { ...runToWire(queuedRecord(prepared, times)), provider_reason: reason };
    if (claim && !(await completeIdempotencyKey(client, claim.id, claim.claimedAt, { status: 201, body: answer, headers: {} }, run.id))) {
      throw new CodedError('Conflict', 'Another request with this Idempotency-Key took over.', { retryAfterSeconds: 1 });
    }
    await appendAuditEvent(client, call.audit({ type: 'run.queued', resource: `run/${run.id}`, data: { workflow: run.workflowSlug, mode: run.runMode, provider: run.provider, ...(run.forkedFromId ? { forked_from: run.forkedFromId, fork_kind: run.forkKind } : {}) } }));
    for (const edit of edits) await appendAuditEvent(client, call.audit({ type: `run.${edit.kind}_edited`, resource: `run/${run.id}`, data: { call: edit.callId, source_run: run.forkedFromId, before_sha256: sha256Hex(edit.before), after_sha256: sha256Hex(edit.after) } }));
    return answer;
  });
}

const needsPerson = (): CodedError => new CodedError('PermissionDenied', 'A Full run needs the yes of a person, and neither this workflow nor the run policy asks one for it.', {
  errors: [{ pointer: '#/run_mode', detail: 'is not started for a program that acts by itself' }], remedy: 'Start a Test and give the person its page: they start the Full run there. Or ask an administrator for a rule of the run policy with approvers.',
});

/** What a read of the row gives right after it was written. */
function queuedRecord({ run, workflowTitle, workflowVersion, definitionHash }: PreparedRun, times: Pick<RunRecord, 'createdAt' | 'updatedAt'>): RunRecord {
  return {
    ...run, ...times, workflowTitle, workflowVersion, definitionHash, status: 'queued', waitReason: null, capReached: null, cancelRequestedAt: null, error: null, headline: null, temporalRunId: null,
    inputTokens: 0, outputTokens: 0, costUsdMicros: 0, lastSequence: 1, startedAt: null, completedAt: null, rating: null, ratingNote: null,
  };
}

/** An attempt to run what one may not names the workflow in the audit log. */
function tellWhatWasWanted(body: z.output<typeof RunBody>, error: unknown): never {
  if (error instanceof CodedError && error.code === 'PermissionDenied') error.refused = { resource: `workflow/${body.workflow_id.slice(0, 100)}`, data: { mode: body.run_mode ?? body.mode ?? null, provider: body.provider ?? null, detail: error.detail.slice(0, 300) } };
  throw error;
}

function idempotencyKey(call: Pick<RunCall, 'req'>): string | null {
  const key = call.req.get('idempotency-key');
  if (key === undefined) return null;
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw new CodedError('InvalidInput', 'Idempotency-Key must be 1 to 200 visible characters.', { errors: [{ pointer: '#/header/Idempotency-Key', detail: 'must be 1 to 200 visible characters' }] });
  return key;
}
