import type { Client } from '@temporalio/client';
import { DELIVER_WORKFLOW_TYPE, deliverWorkflowId, WAKE_SIGNAL } from '#contracts/webhooks';
import { bounded } from '../bounded.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';

const DEADLINE_MS = 2_000;

/** Starts the workflow that sends to each of these endpoints, or tells the one that is there to look again. After the commit: what is not
 * woken now, because the process dies or Temporal is away, the reconciler wakes. Never throws.
 * @returns how many were woken */
export async function wakeWebhooks({ temporal, config, logger }: { temporal: Client; config: Pick<Config, 'WORKER_TASK_QUEUE'>; logger: Logger }, webhookIds: readonly string[]): Promise<number> {
  const woken = await Promise.allSettled(webhookIds.map((webhookId) => bounded(temporal.withDeadline(Date.now() + DEADLINE_MS, () => temporal.workflow.signalWithStart(DELIVER_WORKFLOW_TYPE, {
    workflowId: deliverWorkflowId(webhookId), taskQueue: config.WORKER_TASK_QUEUE, args: [{ webhookId }], signal: WAKE_SIGNAL,
  })), DEADLINE_MS + 500)));
  const [failed] = woken.filter((outcome) => outcome.status === 'rejected');
  if (failed) logger.warn({ err: failed.reason as unknown }, 'webhooks were not woken; the reconciler does it');
  return woken.filter((outcome) => outcome.status === 'fulfilled').length;
}
