import { ActivityCancellationType, ActivityFailure, ApplicationFailure, isCancellation, proxyActivities, proxyLocalActivities, TimeoutFailure } from '@temporalio/workflow';
import { QUICK_TOOLS } from '#contracts/tool-policy';
import type { RunRequest, WorkflowActivities } from '#contracts/workflow';

/** Retries are cut short by error class in activities/failures.ts; this policy only has to be wider than every class, than any number of
 * workers that are stopped in the middle of the same call, and long enough (half an hour) for a database that comes back. */
const RETRY = { backoffCoefficient: 2, maximumInterval: '20 seconds' as const, nonRetryableErrorTypes: ['PayloadNotStored'] };

/** Activities that only keep what the run has: quick, idempotent, needed by nobody else. */
type Keeping = 'saveArtifact' | 'recordEvidence' | 'finishRun';
/** @property here  false when the worker needs longer than a workflow task should take */
interface KeepCall { activityId?: string; summary: string; here?: boolean }
type Stub<Name extends 'runCheck' | 'runTool'> = (call: Omit<KeepCall, 'here'>, request: Parameters<WorkflowActivities[Name]>[0]) => ReturnType<WorkflowActivities[Name]>;
type Keep = { [Name in Keeping]: (call: KeepCall, request: Parameters<WorkflowActivities[Name]>[0]) => ReturnType<WorkflowActivities[Name]> };

/** Activity stubs with the run's own durations. */
export function activitiesFor({ timings, engine }: Pick<RunRequest, 'timings' | 'engine'>) {
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
  const here = proxyLocalActivities<WorkflowActivities>({ startToCloseTimeout: '4 seconds', retry: { maximumAttempts: 1 } });
  // While one goes on, no cancel is heard and no answer of a step beside it.
  const near = proxyLocalActivities<WorkflowActivities>({ startToCloseTimeout: '2 seconds', retry: { maximumAttempts: 1 }, cancellationType });
  const at = ({ activityId, summary }: KeepCall) => ({ ...(activityId ? { activityId } : {}), summary });
  const since = (first: number) => (engine ?? 1) >= first;
  const quick = (call: KeepCall) => since(2) && call.here !== false;
  const keep: Keep = {
    saveArtifact: (call, request) => hereFirst(quick(call), () => here.saveArtifact.executeWithOptions({ summary: call.summary }, [request]), () => storage.saveArtifact.executeWithOptions(at(call), [request])),
    recordEvidence: (call, request) => hereFirst(quick(call), () => here.recordEvidence.executeWithOptions({ summary: call.summary }, [request]), () => storage.recordEvidence.executeWithOptions(at(call), [request])),
    finishRun: (call, request) => hereFirst(quick(call), () => here.finishRun.executeWithOptions({ summary: call.summary }, [request]), () => finish.finishRun.executeWithOptions(at(call), [request])),
  };
  // What leaves the machine is an activity; a check of tools that has to says so when it is asked here.
  const check: Stub<'runCheck'> = (call, request) => {
    const asActivity = () => checks.runCheck.executeWithOptions(at(call), [request]);
    if (request.check === 'provider') return asActivity();
    if (request.check === 'tools') return since(3) ? hereFirst(true, () => near.runCheck.executeWithOptions({ summary: call.summary }, [request]), asActivity) : asActivity();
    return local.runCheck.executeWithOptions({ summary: call.summary }, [request]);
  };
  // Runs from before get the activity's own promise: one more around it, and steps side by side would go on in another order than then.
  const tool: Stub<'runTool'> = (call, request) => {
    const asActivity = () => calls.runTool.executeWithOptions(at(call), [request]);
    return since(3) && QUICK_TOOLS.has(request.tool) ? hereFirst(true, () => near.runTool.executeWithOptions({ summary: call.summary }, [request]), asActivity) : asActivity();
  };
  return { calls, check, local, keep, tool };
}

/** First within the workflow task, on the worker that has the run: three events of history and two hops less. What cannot be
 * done at once, because database or storage is away, is an activity with tries of its own. */
async function hereFirst<T>(isQuick: boolean, here: () => Promise<T>, asActivity: () => Promise<T>): Promise<T> {
  if (!isQuick) return asActivity();
  try {
    return await here();
  } catch (error) {
    // A local activity fails with what it threw, without the wrapping of an activity.
    const cause = error instanceof ActivityFailure ? error.cause : error;
    const mayStillDo = cause instanceof TimeoutFailure || (cause instanceof ApplicationFailure && cause.nonRetryable !== true);
    if (isCancellation(error) || !mayStillDo) throw error;
    return asActivity();
  }
}

export type RunActivities = ReturnType<typeof activitiesFor>;
