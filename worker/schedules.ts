import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { PURGE_SCHEDULE_ID, PURGE_WORKFLOW_TYPE, RECONCILER_SCHEDULE_ID, RECONCILER_WORKFLOW_TYPE, WORKFLOW_TASK_QUEUE } from '#contracts/task-queues';

interface Operation { scheduleId: string; workflowType: string; everySeconds: number; timeout: '5 minutes' | '6 hours'; catchup: '1 minute' | '1 hour' }

/** The platform's own Schedules: the reconciler every few seconds, the retention rule every day. Safe to call from every worker. */
export async function ensureSchedules(client: Client, every: { reconcileSeconds: number; purgeSeconds: number }): Promise<void> {
  await ensure(client, { scheduleId: RECONCILER_SCHEDULE_ID, workflowType: RECONCILER_WORKFLOW_TYPE, everySeconds: Math.max(every.reconcileSeconds, 1), timeout: '5 minutes', catchup: '1 minute' });
  await ensure(client, { scheduleId: PURGE_SCHEDULE_ID, workflowType: PURGE_WORKFLOW_TYPE, everySeconds: Math.max(every.purgeSeconds, 1), timeout: '6 hours', catchup: '1 hour' });
}

async function ensure(client: Client, { scheduleId, workflowType, everySeconds, timeout, catchup }: Operation): Promise<void> {
  const spec = { intervals: [{ every: `${everySeconds} seconds` as const }] };
  try {
    await client.schedule.create({
      scheduleId, spec,
      action: { type: 'startWorkflow', workflowType, taskQueue: WORKFLOW_TASK_QUEUE, workflowId: scheduleId, args: [], workflowExecutionTimeout: timeout },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchup },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update((previous) => ({ ...previous, spec }));
  }
}
