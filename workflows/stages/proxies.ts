import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { RunRequest, WorkflowActivities } from '#contracts/workflow';

/** Retries are cut short by error class in activities/failures.ts; this policy only has to be wider than every class, than any number of
 * workers that are stopped in the middle of the same call, and long enough (half an hour) for a database that comes back. */
const RETRY = { backoffCoefficient: 2, maximumInterval: '20 seconds' as const, nonRetryableErrorTypes: ['PayloadNotStored'] };

/** Activity stubs with the run's own durations. */
export function activitiesFor({ timings }: Pick<RunRequest, 'timings'>) {
  const retry = { ...RETRY, initialInterval: timings.retryBaseMs, maximumAttempts: timings.attempts };
  const heartbeatTimeout = timings.heartbeatTimeoutMs;
  const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;
  // Our own timers end a call; heartbeats notice a dead worker. The rest is room to store a paid answer while the database is away.
  const calls = proxyActivities<WorkflowActivities>({ startToCloseTimeout: timings.callTimeoutMs + 300_000, heartbeatTimeout, retry, cancellationType });
  const checks = proxyActivities<WorkflowActivities>({ startToCloseTimeout: timings.pingTimeoutMs + 15_000, heartbeatTimeout, retry, cancellationType });
  const storage = proxyActivities<WorkflowActivities>({ startToCloseTimeout: 60_000, heartbeatTimeout, retry });
  // The end of a run is never given up: it waits for the database as long as it takes.
  const finish = proxyActivities<WorkflowActivities>({ startToCloseTimeout: 120_000, heartbeatTimeout, retry: { ...RETRY, initialInterval: timings.retryBaseMs } });
  const local = proxyLocalActivities<WorkflowActivities>({ startToCloseTimeout: 15_000, retry, localRetryThreshold: '1 minute' });
  return { calls, checks, storage, finish, local };
}

export type RunActivities = ReturnType<typeof activitiesFor>;
