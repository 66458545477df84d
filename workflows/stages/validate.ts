import { ApplicationFailure } from '@temporalio/workflow';
import { CHECKS, type CheckName, type CheckResult, type RunRequest } from '#contracts/workflow';
import type { EventLog } from './event-log.ts';
import type { RunActivities } from './proxies.ts';

const TITLES: Record<CheckName, string> = { inputs: 'Inputs fit the form', secret: 'Key is there', provider: 'Provider answers', tools: 'Tools are reachable', estimate: 'Cost estimate' };

/** The Validate stage: all checks at once, each recorded as it ends.
 * @throws ApplicationFailure with the code of the first failed check, in the order of CHECKS */
export async function validate(request: RunRequest, log: EventLog, activities: RunActivities): Promise<CheckResult[]> {
  log.emit({ type: 'stage-start', stage: 'validate', data: { stages: ['validate'] } });
  const results = await Promise.all(CHECKS.map((check) => log.carry((before) => activities.check({ activityId: `validate/${check}/1`, summary: `Check: ${TITLES[check]}` }, { before, request, check }))));
  const failed = results.filter((result) => result.outcome === 'failed');
  const warnings = results.filter((result) => result.outcome === 'warning');
  const remark = failed.length > 0 ? `${failed.length} of ${results.length} checks failed` : warnings.length > 0 ? warnings.map((result) => result.detail).join(' ') : null;
  log.emit({ type: 'stage-end', stage: 'validate', data: { outcome: failed.length > 0 ? 'failed' : 'passed', cap: null, remark } });
  const [first] = failed;
  if (first) throw ApplicationFailure.nonRetryable(first.detail, first.code ?? 'InvalidInput', { step: first.check });
  return results;
}
