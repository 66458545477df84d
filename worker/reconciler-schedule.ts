import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { RECONCILER_SCHEDULE_ID, RECONCILER_WORKFLOW_TYPE, WORKFLOW_TASK_QUEUE } from '#contracts/task-queues';

/** Makes sure the reconciler's Schedule exists with this interval. Safe to call from every worker. */
export async function ensureReconcilerSchedule(client: Client, everySeconds: number): Promise<void> {
  const spec = { intervals: [{ every: `${everySeconds} seconds` as const }] };
  try {
    await client.schedule.create({
      scheduleId: RECONCILER_SCHEDULE_ID, spec,
      action: { type: 'startWorkflow', workflowType: RECONCILER_WORKFLOW_TYPE, taskQueue: WORKFLOW_TASK_QUEUE, workflowId: RECONCILER_SCHEDULE_ID, args: [], workflowExecutionTimeout: '5 minutes' },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(RECONCILER_SCHEDULE_ID).update((previous) => ({ ...previous, spec }));
  }
}
