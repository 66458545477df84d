import { StandingSchema, type StandingReason } from '#contracts/api/standing.schema';
import { RunParams } from '#contracts/api/runs.schema';
import type { RunView, WaitView } from '#contracts/run-reducer';
import { isTerminal } from '#contracts/runs';
import { findOpenBreaker } from '#platform/repositories/provider-health';
import { countQueuedBefore } from '#platform/repositories/run-queries';
import { bounded } from '#platform/bounded';
import type { Deps } from '../../../deps.ts';
import { defineEndpoint } from '../../../endpoint.ts';
import { workersOf, type WorkersSeen } from '../../../workers-seen.ts';
import { requireRun } from '../require-run.ts';

const LIMIT_MS = 2000;
const reason = (kind: StandingReason['kind'], detail: string, more: Partial<StandingReason> = {}): StandingReason => ({ kind, detail, remedy: null, until: null, ahead: null, ...more });
const minutes = (ms: number): string => (ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`);

export const getRunStanding = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/standing', operationId: 'getRunStanding', tag: 'Runs', summary: 'Why a run does not move', description: 'Looks at workers, queue, provider and waits, and says in words what holds the run up. Empty for an ended run.', permission: 'run:read', audit: 'none', params: RunParams,
  answers: { 200: { description: 'The reasons, the one that explains most first', schema: StandingSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const view = await deps.views.viewOf(run.id, run.lastSequence);
    const reasons = isTerminal(run.status) ? [] : await reasonsOf(deps, { id: run.id, userId: run.userId, createdAt: run.createdAt, view });
    return { status: 200, body: { run_id: run.id, asked_at: new Date().toISOString(), last_event_at: view.lastEventAt, reasons } };
  },
});

interface Standing { id: string; userId: string; createdAt: Date; view: RunView }

async function reasonsOf(deps: Deps, { id, userId, createdAt, view }: Standing): Promise<StandingReason[]> {
  const waits = view.waits.map(waitReason);
  // A run that waits for a person waits whoever works.
  if (waits.some(({ kind }) => kind === 'waiting')) return waits;
  const [workers, pending, breaker, ahead] = await Promise.all([
    workersOf(deps.temporal, deps.config.WORKER_TASK_QUEUE).catch(() => null), pendingOf(deps, id),
    view.provider ? findOpenBreaker(deps.db, view.provider, userId) : null, view.status === 'queued' ? countQueuedBefore(deps.db, createdAt) : 0,
  ]);
  const reasons = [...workerReasons(workers), ...waits];
  if (breaker && !waits.some(({ kind }) => kind === 'provider_down')) reasons.push(reason('provider_down', `${view.provider} failed several times in a row and is left alone for now.`, { until: breaker.toISOString(), remedy: 'Nothing has to be done: one call tries it again then. You can cancel and choose another provider.' }));
  if (workers?.alive && view.status === 'queued') reasons.push(ahead > 0 ? reason('queued_behind', `${ahead} ${ahead === 1 ? 'run was' : 'runs were'} accepted before this one and wait as well.`, { ahead }) : reason('queued_behind', 'It is the next in the queue; all workers are busy.', { ahead: 0 }));
  if (workers?.alive) reasons.push(...pending);
  return reasons.length > 0 ? reasons : [reason('working', 'Workers are there and nothing holds it up: the step that runs is taking its time.')];
}

function workerReasons(workers: WorkersSeen | null): StandingReason[] {
  if (workers === null) return [reason('temporal_away', 'The engine that runs workflows does not answer.', { remedy: 'The run is stored and goes on by itself when it is back. Whoever runs the installation looks at “npm run doctor”.' })];
  if (workers.alive) return [];
  return [reason('no_worker', workers.silentMs === null ? 'No worker is running.' : `No worker has been seen for ${minutes(workers.silentMs)}.`, { remedy: 'Nothing is lost; it goes on by itself as soon as a worker starts. Whoever runs the installation looks at “npm run doctor”.' })];
}

function waitReason(wait: WaitView): StandingReason {
  const until = wait.nextTryAt ?? wait.until;
  if (wait.reason === 'rate_limit') return reason('rate_limited', wait.detail, { until });
  if (wait.reason === 'provider') return reason('provider_down', wait.detail, { until, remedy: 'Nothing has to be done: it asks again by itself.' });
  if (wait.reason === 'pause') return reason('paused', wait.detail, { remedy: 'Nothing is lost; it goes on by itself when an administrator takes the pause back.' });
  return reason('waiting', wait.detail, { until, remedy: wait.reason === 'approval' ? 'Somebody who may approve decides it on the Approvals page.' : 'It is answered on the page of the run.' });
}

/** Activities that a person knows, in their words. */
const ACTIVITY_WORDS: Record<string, string> = { complete: 'A call of the model', runTool: 'A call of a tool', saveArtifact: 'Writing a file' };

/** What Temporal tries again now, and when. */
async function pendingOf(deps: Deps, id: string): Promise<StandingReason[]> {
  try {
    const { raw } = await bounded(deps.temporal.withDeadline(Date.now() + LIMIT_MS, () => deps.temporal.workflow.getHandle(id).describe()), LIMIT_MS + 500);
    return (raw.pendingActivities ?? []).flatMap((activity) => {
      const attempt = activity.attempt ?? 1;
      const next = activity.nextAttemptScheduleTime?.seconds;
      if (attempt < 2) return [];
      return [reason('retrying', `${ACTIVITY_WORDS[activity.activityType?.name ?? ''] ?? 'A step'} is tried again by itself: this is try ${attempt}, the one before failed.`, { until: next ? new Date(Number(next) * 1000).toISOString() : null })];
    });
  } catch {
    return []; // not started yet, or Temporal is away, which is told by itself
  }
}
