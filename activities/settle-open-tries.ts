import { callId } from '#contracts/workflow';
import { worstCost } from '#platform/provider-catalog';
import { failCall, openTries } from '#platform/repositories/completions';
import { appendRunEvents, lockRun } from '#platform/repositories/run-events';
import type { ActivityDeps } from './deps.ts';

const GIVEN_UP = 'its run ended while it was under way';

/** Before a run is closed: tries that are still in flight. Their process died and the call was not made again (the run was cancelled
 * or ran out of time first), or their execution is gone. They are possibly billed, with their worst cost, like those that a later try
 * gave up for dead; the log tells them as the try itself would have, under its key. Idempotent. */
export async function settleOpenTries(deps: Pick<ActivityDeps, 'db' | 'config' | 'metrics'>, runId: string): Promise<void> {
  // Nearly always there is none, and nothing is locked for it.
  if ((await openTries(deps.db, runId)).length === 0) return;
  const settled = await deps.db.$transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run === null) return 0; // deleted meanwhile, with its ledger
    // Under the lock of the run, which the end of each try takes too: none of these ends beside this.
    const tries = await openTries(tx, runId);
    const events = [];
    for (const open of tries) {
      const { completionId, attempt, stage, step, ordinal } = open;
      const worst = open.worstCostUsdMicros ?? worstCost(deps.config, open, 0);
      const possiblyBilled = await failCall(tx, completionId, attempt, 'possibly_billed', null, GIVEN_UP, worst === null ? null : BigInt(worst));
      events.push({ key: `${callId(open)}/${attempt}/retry-${completionId}`, event: { type: 'completion-retry', stage, step, ordinal, attempt, data: { code: 'WorkerStopped', detail: GIVEN_UP, wait_ms: null, possibly_billed_attempts: possiblyBilled } } } as const);
    }
    await appendRunEvents(tx, runId, events, run);
    return tries.length;
  });
  if (settled > 0) deps.metrics.ledger.inc({ outcome: 'possibly_billed' }, settled);
}
