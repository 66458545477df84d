import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { runError } from '#contracts/errors';
import { TERMINAL_STATUSES, type RunMode, type TerminalStatus } from '#contracts/runs';
import type { RunRequest } from '#contracts/workflow';
import { databaseNow } from '#platform/db';
import { deliverDecision } from '#platform/deliver-decision';
import { runEnded } from '#platform/repositories/audit';
import { closeRun } from '#platform/repositories/close-run';
import { pendingDecisions } from '#platform/repositories/run-decisions';
import { startRunExecution } from '#platform/start-run';
import type { ActivityDeps } from './deps.ts';
import { countRun } from './metrics.ts';

const START_AFTER_MS = 10_000;
const BATCH = 200;
/** A decision younger than this is still being sent by the API. */
const RESEND_AFTER_MS = 5_000;
const RESEND_DEADLINE_MS = 2_000;
const RESEND_BATCH = 20;

/** Mends what no workflow code can: queued rows whose API died before the start get their one execution; cancels and decisions
 * that were not heard are passed on; rows whose execution was terminated, timed out or lost from outside get their end. Idempotent; the next turn goes on where this one stopped. */
export async function reconcileRuns(deps: ActivityDeps): Promise<{ started: number; ended: number; resent: number }> {
  const rows = await deps.db.run.findMany({
    where: { status: { notIn: [...TERMINAL_STATUSES] }, createdAt: { lt: new Date((await databaseNow(deps.db)).getTime() - START_AFTER_MS) } },
    orderBy: { updatedAt: 'asc' }, take: BATCH, include: { workflowVersion: { include: { workflow: { select: { name: true } } } } },
  });
  let started = 0;
  let ended = 0;
  for (const row of rows) {
    Context.current().heartbeat();
    const state = await executionState(deps, row.id);
    if (state === 'running') {
      // A cancel that was asked for while Temporal was away is passed on here; asking twice does no harm.
      if (row.cancelRequestedAt) await deps.temporal.workflow.getHandle(row.id).cancel();
      continue;
    }
    if (state === 'missing' && row.status === 'queued') {
      const outcome = await startRunExecution(deps.temporal, row.request as unknown as RunRequest, { workflowType: row.workflowType, title: row.workflowVersion.workflow.name, persona: row.persona, taskQueue: deps.config.WORKER_TASK_QUEUE });
      if (outcome === 'started') started += 1;
      if (row.cancelRequestedAt) await deps.temporal.workflow.getHandle(row.id).cancel();
      continue;
    }
    await end(deps, row.id, state);
    ended += 1;
  }
  return { started, ended, resent: await resendDecisions(deps) };
}

/** Decisions that found no worker are sent again under the same id; the workflow counts them once. */
async function resendDecisions(deps: ActivityDeps): Promise<number> {
  let resent = 0;
  for (const decision of await pendingDecisions(deps.db, RESEND_AFTER_MS, RESEND_BATCH)) {
    Context.current().heartbeat();
    const { state } = await deliverDecision(deps.db, deps.temporal, decision, RESEND_DEADLINE_MS);
    if (state === 'delivered') resent += 1;
  }
  return resent;
}

type Ended = 'missing' | 'terminated' | 'timed_out' | 'cancelled' | 'failed' | 'completed';

async function executionState(deps: ActivityDeps, runId: string): Promise<'running' | Ended> {
  try {
    const { status } = await deps.temporal.workflow.getHandle(runId).describe();
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

async function end(deps: ActivityDeps, runId: string, state: Ended): Promise<void> {
  const { status, detail } = WORDS[state];
  const error = status === 'cancelled' ? null : runError('Internal', detail);
  const run = await deps.db.run.findUnique({ where: { id: runId }, select: { userId: true, workflowSlug: true, runMode: true } });
  const closed = await closeRun(deps.db, runId, [{ key: 'reconciler/run-end', event: { type: 'run-end', data: { status, cap_reached: null, error, headline: detail } } }], run && runEnded(runId, run.userId, status, error?.code ?? null));
  // An execution that was lost says nothing about what Validate found.
  if (run && closed) countRun(deps.metrics, { slug: run.workflowSlug, mode: run.runMode as RunMode }, status, closed.seconds, false);
  deps.logger.warn({ run_id: runId, state }, 'a run was closed by the reconciler');
}
