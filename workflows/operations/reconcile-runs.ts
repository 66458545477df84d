import { proxyActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from '#contracts/workflow';

const activities = proxyActivities<Pick<WorkflowActivities, 'reconcileRuns'>>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 3 } });

/** Started by a Schedule: starts queued rows that have no execution, ends rows whose execution was ended from outside,
 * sends decisions again that no worker took, wakes the sending of webhooks that nobody woke. */
export async function reconcileRuns(): Promise<{ started: number; ended: number; resent: number; woken: number }> {
  return activities.reconcileRuns();
}
