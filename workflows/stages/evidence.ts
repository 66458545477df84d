import { CancellationScope } from '@temporalio/workflow';
import { stagesOf } from '#contracts/runs';
import type { RunRequest } from '#contracts/workflow';
import type { EventLog } from './event-log.ts';
import type { RunActivities } from './proxies.ts';

/** Guarantee G5 inside a run: a passed Test is signed; a Full run with fresh evidence of an earlier one skips its own Test,
 * and the log says by whose. */
export async function recordEvidence(request: RunRequest, log: EventLog, activities: RunActivities): Promise<void> {
  // The Test is done: a cancel that comes now must not take away what it proved.
  await CancellationScope.nonCancellable(() => log.carry((before) => activities.keep.recordEvidence({ activityId: 'test/evidence/1', summary: 'Sign what the Test proves' }, { before, request })));
}

/** @returns whether the Test of this Full run is needless; then it is in the log as skipped */
export async function skipByEvidence(request: RunRequest, log: EventLog, activities: RunActivities): Promise<boolean> {
  if (request.fork?.retest) return false;
  const found = await log.carry((before) => activities.local.findEvidence.executeWithOptions({ summary: 'Look for a fresh passing Test' }, [{ before, request }]));
  if (!found) return false;
  log.emit({ type: 'stage-start', stage: 'test', data: { stages: [...stagesOf(request.mode)] } });
  log.emit({ type: 'evidence-use', stage: 'test', data: { run_id: found.runId, tested_at: found.testedAt } });
  log.emit({ type: 'stage-end', stage: 'test', data: { outcome: 'skipped', cap: null, remark: `Skipped: evidence of run ${found.runId}, whose Test passed with the same inputs, workflow version and model.` } });
  return true;
}
