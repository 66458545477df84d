import { proxyActivities } from '@temporalio/workflow';
import type { PurgeResult, WorkflowActivities } from '#contracts/workflow';

const activities = proxyActivities<Pick<WorkflowActivities, 'purgeExpired'>>({ startToCloseTimeout: '5 minutes', heartbeatTimeout: '1 minute', retry: { maximumAttempts: 5 } });
/** 100,000 artifacts a day; what is left over waits for the next day, so that one history stays small. */
const MAX_BATCHES = 500;

/** Started by a Schedule: the retention rule, batch by batch. @returns what went, in all */
export async function purgeExpired(): Promise<PurgeResult> {
  const total: PurgeResult = { artifacts: 0, uploads: 0, replacedKeys: 0, webhookDeliveries: 0, webhookSecrets: 0, idempotencyKeys: 0, signInLinks: 0, sessions: 0, rateLimits: 0, trials: 0, orphanedObjects: 0, more: true, next: null };
  for (let batch = 0; batch < MAX_BATCHES && total.more; batch += 1) {
    const { more, next, ...counts } = await activities.purgeExpired(total.next);
    for (const kind of Object.keys(counts) as (keyof typeof counts)[]) total[kind] += counts[kind];
    total.more = more;
    total.next = next;
  }
  return total;
}
