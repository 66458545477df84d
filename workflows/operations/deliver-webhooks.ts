import { condition, defineSignal, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import { WAKE_SIGNAL, type DeliverRequest } from '#contracts/webhooks';
import type { WorkflowActivities } from '#contracts/workflow';

const activities = proxyActivities<Pick<WorkflowActivities, 'deliverWebhooks'>>({ startToCloseTimeout: '5 minutes', heartbeatTimeout: '15 seconds', retry: { initialInterval: '2 seconds', maximumAttempts: 10 } });
export const wakeSignal = defineSignal(WAKE_SIGNAL);
/** A row that is due within this time is waited for; later ones are the reconciler's. */
const SOON_MS = 60_000;
const LEAST_WAIT_MS = 50;
/** An execution ends then, whatever waits: whoever wakes the endpoint next starts a new one, on the newest code. A release waits for none. */
const LIFE_MS = 600_000;

/** Sends to one endpoint while something is due there. One execution an endpoint: a slow receiver holds up its own messages alone. */
export async function deliverWebhooks(request: DeliverRequest): Promise<void> {
  let woken = false;
  setHandler(wakeSignal, () => { woken = true; });
  const endsAt = Date.now() + LIFE_MS;
  while (Date.now() < endsAt && !workflowInfo().continueAsNewSuggested) {
    woken = false;
    const { nextInMs } = await activities.deliverWebhooks(request);
    if (woken) continue;
    if (nextInMs === null || nextInMs > SOON_MS) return;
    await condition(() => woken, Math.max(nextInMs, LEAST_WAIT_MS));
  }
}
