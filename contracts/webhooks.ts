/** Outgoing webhooks: what a person can be told of at an address of theirs, how often it is tried, how long it is kept. Plain data. */
export const WEBHOOK_EVENTS = ['run.completed', 'run.failed', 'run.cancelled', 'approval.requested', 'question.asked', 'budget.exhausted'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
/** Sent when somebody asks for it, whatever the endpoint listens to. */
export const WEBHOOK_TEST = 'webhook.test';
export type DeliveredEvent = WebhookEvent | typeof WEBHOOK_TEST;

/** Words a person reads. */
export const WEBHOOK_EVENT_WORDS: Record<DeliveredEvent, { label: string; sentence: string }> = {
  'run.completed': { label: 'Run completed', sentence: 'A run of yours ended with a result.' },
  'run.failed': { label: 'Run failed', sentence: 'A run of yours failed, or ran out of time.' },
  'run.cancelled': { label: 'Run cancelled', sentence: 'A run of yours was cancelled.' },
  'approval.requested': { label: 'Approval asked of you', sentence: 'Somebody else\'s run waits for an approval that you may give.' },
  'question.asked': { label: 'Question asked', sentence: 'A run of yours waits for your answer.' },
  'budget.exhausted': { label: 'Budget used up', sentence: 'A run of yours waits for a bigger budget.' },
  'webhook.test': { label: 'Test', sentence: 'Sent because somebody asked for it.' },
};

/** `type` of the CloudEvents envelope. */
export const cloudEventType = (event: DeliveredEvent): string => `awp.${event}`;

export const DELIVERY_STATES = ['pending', 'delivered', 'failed', 'stopped'] as const;
/** `stopped`: the endpoint was switched off before it took the message */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Why an endpoint is off: its owner, an administrator, it said 410, it failed for days. */
export const WEBHOOK_OFF_REASONS = ['owner', 'administrator', 'gone', 'failing'] as const;
export type WebhookOffReason = (typeof WEBHOOK_OFF_REASONS)[number];

/** Endpoints of one person. */
export const MAX_WEBHOOKS = 10;
/** Seconds from a failed try to the next: about a day in all. */
export const WEBHOOK_RETRY_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000] as const;
export const WEBHOOK_TRIES = WEBHOOK_RETRY_SECONDS.length + 1;
/** A wait is this part longer or shorter, by chance: receivers that came back are not all called in the same second. */
export const WEBHOOK_JITTER = 0.2;
/** The longest that a receiver's Retry-After is followed. */
export const WEBHOOK_RETRY_AFTER_MAX_SECONDS = 36_000;
/** Without one success in between: then the endpoint is switched off. */
export const WEBHOOK_FAILING_DAYS = 5;
/** A replaced secret signs beside the new one for so long. */
export const WEBHOOK_OVERLAP_HOURS = 24;
/** Deliveries are kept so long. */
export const WEBHOOK_DELIVERY_DAYS = 30;
export const WEBHOOK_TIMEOUT_MS = 10_000;
/** Of the receiver's answer: read, and kept. */
export const WEBHOOK_ANSWER_BYTES = 4_096;
export const WEBHOOK_ANSWER_CHARACTERS = 1_000;
/** Requests to one endpoint at the same time. */
export const WEBHOOK_LANES = 4;

/** ms until the next try. @param tries  made so far, from 1 @param random  0 to 1 @param firstWaitMs  the first wait, which the others follow in proportion
 * @param askedMs  the receiver's Retry-After @returns null when there is no further try */
export function webhookRetryMs(tries: number, random: number, firstWaitMs: number, askedMs = 0): number | null {
  const seconds = WEBHOOK_RETRY_SECONDS[tries - 1];
  if (seconds === undefined) return null;
  const wait = (seconds / WEBHOOK_RETRY_SECONDS[0]) * firstWaitMs * (1 + WEBHOOK_JITTER * (2 * random - 1));
  return Math.round(Math.max(wait, Math.min(askedMs, WEBHOOK_RETRY_AFTER_MAX_SECONDS * 1000)));
}

/** The workflow that sends to one endpoint. */
export const DELIVER_WORKFLOW_TYPE = 'deliverWebhooks';
export const WAKE_SIGNAL = 'wakeSignal';
export const deliverWorkflowId = (webhookId: string): string => `webhook-${webhookId}`;
export interface DeliverRequest { webhookId: string }
/** `nextInMs`: until the next row is due; null when none waits */
export interface DeliverResult { delivered: number; failed: number; nextInMs: number | null }
