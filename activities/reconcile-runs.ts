import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { runError } from '#contracts/errors';
import type { TerminalStatus } from '#contracts/runs';
import { deliverDecision } from '#platform/deliver-decision';
import { runEnded } from '#platform/repositories/audit';
import { closeRun } from '#platform/repositories/close-run';
import { pendingDecisions, type DecisionCursor } from '#platform/repositories/run-decisions';
import { findRunRequest } from '#platform/repositories/run-queries';
import { unendedRuns, type UnendedCursor, type UnendedRun } from '#platform/repositories/unended-runs';
import { overdueWebhooks } from '#platform/repositories/webhook-deliveries';
import { startRunExecution } from '#platform/start-run';
import { wakeWebhooks } from '#platform/webhooks/wake';
import type { ActivityDeps } from './deps.ts';
import { isCancelled, toFailure } from './failures.ts';
import { ofRun, tellEnd } from './run-lines.ts';
import { settleOpenTries } from './settle-open-tries.ts';

const START_AFTER_MS = 10_000;
/** A decision younger than this is still being sent by the API. */
const RESEND_AFTER_MS = 5_000;
/** A webhook due for less long is being woken by whoever wrote it. */
const WAKE_AFTER_MS = 5_000;
/** For each question to Temporal. */
const DEADLINE_MS = 2_000;
const PAGE = 200;
/** Asked at the same time: with a Temporal that is far away one after the other would take minutes. */
const LANES = 8;
/** Of the minute that the workflow gives an attempt. */
const ATTEMPT_MS = 45_000;

interface Progress { after: UnendedCursor | null; started: number; ended: number; failed: number }
export interface Reconciled { started: number; ended: number; resent: number; /** endpoints whose messages nobody had begun to send */ woken: number; /** rows that could not be looked at; the log says why, the next turn tries again */ failed: number }

/** Mends what no workflow code can: queued rows whose API died before the start get their one execution; cancels and decisions
 * that were not heard are passed on; rows whose execution was terminated, timed out or lost from outside get their end; webhooks that are due
 * and that nobody sends are begun. Idempotent.
 * A turn looks at every row that has not ended, page by page; a row that fails holds up nobody else, and an attempt whose time is over is
 * followed by one that goes on after the last row (kept in the heartbeat's details), as is one whose worker died.
 * @throws ServiceUnavailable (retryable) when there are more rows than an attempt looks at */
export async function reconcileRuns(deps: ActivityDeps, { page = PAGE, attemptMs = ATTEMPT_MS } = {}): Promise<Reconciled> {
  const { info, cancellationSignal } = Context.current();
  const progress: Progress = { after: null, started: 0, ended: 0, failed: 0, ...(info.heartbeatDetails as Partial<Progress> | undefined) };
  const until = performance.now() + attemptMs;
  const mayGoOn = (): boolean => !cancellationSignal.aborted && performance.now() < until;
  // Side by side: neither many rows nor decisions that nobody takes hold the other up.
  const [mended, resent, woken] = await Promise.allSettled([mendRuns(deps, progress, page, mayGoOn), resendDecisions(deps, page, mayGoOn), wakeOverdue(deps, page)]);
  cancellationSignal.throwIfAborted();
  if (mended.status === 'rejected') throw mended.reason;
  if (resent.status === 'rejected') throw resent.reason;
  if (woken.status === 'rejected') throw woken.reason;
  const { after, ...counts } = progress;
  if (mended.value) return { ...counts, resent: resent.value, woken: woken.value };
  deps.logger.warn({ ...counts, after: after?.createdAt }, 'there are more live runs than one attempt of the reconciler looks at');
  throw toFailure({ code: 'ServiceUnavailable', detail: 'There are more live runs than one attempt looks at; the next one goes on.', delayMs: 1 }, null);
}

/** @returns false when the time was over before the last row */
async function mendRuns(deps: ActivityDeps, progress: Progress, limit: number, mayGoOn: () => boolean): Promise<boolean> {
  for (;;) {
    const rows = await unendedRuns(deps.db, START_AFTER_MS, limit, progress.after);
    const taken = await inLanes(rows, mayGoOn, async (row) => {
      const outcome = await ofRun({ ...row, runId: row.id }, () => told(deps, () => mend(deps, row)));
      if (outcome) progress[outcome] += 1;
    });
    const last = rows[taken - 1];
    if (last) progress.after = { createdAt: last.createdAt.toISOString(), id: last.id };
    Context.current().heartbeat({ ...progress });
    if (taken < rows.length) return false;
    if (rows.length < limit) return true;
  }
}

async function mend(deps: ActivityDeps, row: UnendedRun): Promise<'started' | 'ended' | null> {
  const state = await executionState(deps, row.id);
  if (state === 'running') {
    // A cancel that was asked for while Temporal was away is passed on here; asking twice does no harm.
    if (row.cancelRequested) await cancel(deps, row.id);
    return null;
  }
  if (state !== 'missing' || row.status !== 'queued') return (await end(deps, row, state)) ? 'ended' : null;
  const found = await findRunRequest(deps.db, row.userId, row.id);
  if (!found) return null; // deleted meanwhile
  const outcome = await startRunExecution(deps.temporal, found.request, { ...found.meta, taskQueue: deps.config.WORKER_TASK_QUEUE });
  if (row.cancelRequested) await cancel(deps, row.id);
  return outcome === 'started' ? 'started' : null;
}

const cancel = ({ temporal }: ActivityDeps, runId: string) => temporal.withDeadline(Date.now() + DEADLINE_MS, () => temporal.workflow.getHandle(runId).cancel());

/** Decisions that found no worker are sent again under the same id; the workflow counts them once. Those of one run in their order. */
async function resendDecisions(deps: ActivityDeps, limit: number, mayGoOn: () => boolean): Promise<number> {
  let resent = 0;
  for (let after: DecisionCursor | null = null; ;) {
    const page = await pendingDecisions(deps.db, RESEND_AFTER_MS, limit, after);
    await inLanes([...Map.groupBy(page, ({ runId }) => runId)], mayGoOn, async ([runId, decisions]) => {
      for (const decision of decisions) {
        const outcome = await ofRun({ ...decision.run, runId }, () => told(deps, () => deliverDecision(deps.db, deps.temporal, decision, DEADLINE_MS)));
        if (outcome !== 'failed' && outcome.state === 'delivered') resent += 1;
      }
    });
    after = page.at(-1) ?? null;
    if (page.length < limit || !mayGoOn()) return resent;
  }
}

/** Messages whose writer died before it woke their sending, and those whose next try has come. */
const wakeOverdue = async (deps: ActivityDeps, limit: number): Promise<number> => wakeWebhooks(deps, await overdueWebhooks(deps.db, WAKE_AFTER_MS, limit));

/** In their order, `LANES` at a time, as long as there is time. @returns how many were taken, all of which are done */
async function inLanes<Item>(items: readonly Item[], mayGoOn: () => boolean, work: (item: Item) => Promise<void>): Promise<number> {
  let taken = 0;
  const lane = async (): Promise<void> => {
    while (taken < items.length && mayGoOn()) await work(items[taken++] as Item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return taken;
}

/** What fails for one run is in the log, and is no matter of the others. */
async function told<T>(deps: ActivityDeps, work: () => Promise<T>): Promise<T | 'failed'> {
  try {
    return await work();
  } catch (error) {
    if (isCancelled(error)) throw error;
    deps.logger.error({ err: error }, 'a run could not be reconciled; the next turn tries again');
    return 'failed';
  }
}

type Ended = 'missing' | 'terminated' | 'timed_out' | 'cancelled' | 'failed' | 'completed';

async function executionState({ temporal }: ActivityDeps, runId: string): Promise<'running' | Ended> {
  try {
    const { status } = await temporal.withDeadline(Date.now() + DEADLINE_MS, () => temporal.workflow.getHandle(runId).describe());
    switch (status.name) {
      case 'TERMINATED': return 'terminated';
      case 'TIMED_OUT': return 'timed_out';
      case 'CANCELLED': return 'cancelled';
      case 'FAILED': return 'failed';
      case 'COMPLETED': return 'completed';
      default: return 'running';
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'missing';
    throw error;
  }
}

const WORDS: Record<Ended, { status: TerminalStatus; detail: string }> = {
  missing: { status: 'failed', detail: 'The execution is not known to Temporal any more; its history was lost or removed.' },
  terminated: { status: 'failed', detail: 'The execution was terminated from outside, in Temporal.' },
  timed_out: { status: 'timed_out', detail: 'The execution was timed out by Temporal.' },
  cancelled: { status: 'cancelled', detail: 'The execution was cancelled in Temporal.' },
  failed: { status: 'failed', detail: 'The execution failed before it could close the run.' },
  completed: { status: 'failed', detail: 'The execution ended without closing the run.' },
};

/** @returns false when it had ended by itself meanwhile, or is gone */
async function end(deps: ActivityDeps, run: UnendedRun, state: Ended): Promise<boolean> {
  const { status, detail } = WORDS[state];
  const error = status === 'cancelled' ? null : runError('Internal', detail);
  await settleOpenTries(deps, run.id);
  const closed = await closeRun(deps.db, run.id, [{ key: 'reconciler/run-end', event: { type: 'run-end', data: { status, cap_reached: null, error, headline: detail } } }], runEnded(run.id, run.userId, status, error?.code ?? null));
  if (!closed) return false;
  deps.logger.warn({ state }, 'a run was closed by the reconciler');
  // An execution that was lost says nothing about what Validate found.
  tellEnd(deps, run, { status, capReached: null, error }, closed, false);
  await wakeWebhooks(deps, closed.told);
  return true;
}
