import type { DeliveryWire, WebhookWire } from '#contracts/api/webhooks.schema';
import { WEBHOOK_FAILING_DAYS, WEBHOOK_TRIES } from '#contracts/webhooks';
import { formatAbsolute } from './format';

/** How an endpoint stands, in one sentence. */
export function standingOf({ is_active, off_reason, failing_since }: Pick<WebhookWire, 'is_active' | 'off_reason' | 'failing_since'>): { text: string; bad: boolean } {
  if (is_active) return failing_since ? { text: `on, failing since ${formatAbsolute(failing_since)}`, bad: true } : { text: 'on', bad: false };
  switch (off_reason) {
    case 'gone': return { text: 'switched off: it answered 410, gone', bad: true };
    case 'failing': return { text: `switched off: nothing was taken for ${WEBHOOK_FAILING_DAYS} days`, bad: true };
    case 'administrator': return { text: 'switched off by an administrator', bad: true };
    default: return { text: 'off', bad: false };
  }
}

/** How a delivery stands. */
export function deliveryWords({ state, tries, next_try_at }: Pick<DeliveryWire, 'state' | 'tries' | 'next_try_at'>): { text: string; bad: boolean } {
  switch (state) {
    case 'delivered': return { text: 'delivered', bad: false };
    case 'failed': return { text: `not taken, given up after ${tries === 1 ? 'one try' : `${tries} tries`}`, bad: true };
    case 'stopped': return { text: 'not sent: the webhook was switched off', bad: true };
    case 'pending': return tries === 0 ? { text: 'is being sent', bad: false } : { text: `not taken yet, try ${Math.min(tries + 1, WEBHOOK_TRIES)} of ${WEBHOOK_TRIES}${next_try_at ? ` at ${formatAbsolute(next_try_at)}` : ''}`, bad: true };
  }
}

/** What a receiver in Node does with a message; docs/webhooks.md has it in Python too. */
export const VERIFY_SNIPPET = `import express from 'express';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(WEBHOOK_SECRET); // whsec_…, from where you keep secrets
express().post('/hook', express.raw({ type: () => true }), (request, response) => {
  const event = webhook.verify(request.body, request.headers); // throws when it is not ours
  response.sendStatus(204); // within 10 seconds; work on it afterwards
  console.log(event.type, event.data.run_id);
}).listen(3000);`;
