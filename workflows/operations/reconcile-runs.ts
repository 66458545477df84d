import { proxyActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from '#contracts/workflow';

const activities = proxyActivities<Pick<WorkflowActivities, 'reconcileRuns'>>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 3 } });

/** Started by a Schedule: starts queued rows that have no execution, ends rows whose execution was ended from outside,
 * sends decisions again that no worker took. */
export async function reconcileRuns(): Promise<{ started: number; ended: number; resent: number }> {
  return activities.reconcileRuns();
}
