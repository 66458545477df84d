import { z } from 'zod';
import { DELIVERY_STATES, MAX_WEBHOOKS, WEBHOOK_EVENTS, WEBHOOK_OFF_REASONS, WEBHOOK_OVERLAP_HOURS, WEBHOOK_TEST } from '../webhooks.ts';
import { PagingQuery, shownText, Timestamp, Uuid } from './common.schema.ts';

const Events = z.array(z.enum(WEBHOOK_EVENTS)).min(1).max(WEBHOOK_EVENTS.length).refine((events) => new Set(events).size === events.length, 'names an event twice').meta({ description: 'What is sent there' });
const Address = z.string().trim().min(1).max(2_048).meta({ description: 'https; http, another port or a private host only where the administrator listed it' });

export const WebhookBody = z.strictObject({ url: Address, description: shownText(200).default(''), events: Events });
export const WebhookChange = z.strictObject({ url: Address, description: shownText(200), events: Events, is_active: z.boolean().meta({ description: 'On again: what failed before is forgotten. Off: what was not sent yet stops' }) });
export const WebhookSwitchBody = z.strictObject({ is_active: z.boolean() });

const state = {
  is_active: z.boolean(),
  off_reason: z.enum(WEBHOOK_OFF_REASONS).nullable().meta({ description: '`gone`: it answered 410. `failing`: nothing was taken for days' }), off_at: Timestamp.nullable(),
  failing_since: Timestamp.nullable().meta({ description: 'The first failure since the last success' }),
};
export const WebhookSchema = z.object({
  id: Uuid, url: z.string(), description: z.string(), events: z.array(z.enum(WEBHOOK_EVENTS)), ...state,
  secret_since: Timestamp.nullable(), secret_overlap_until: Timestamp.nullable().meta({ description: 'Until then the secret before signs as well' }), created_at: Timestamp, updated_at: Timestamp,
}).meta({ id: 'Webhook' });
export type WebhookWire = z.infer<typeof WebhookSchema>;
export const WebhooksSchema = z.array(WebhookSchema).max(MAX_WEBHOOKS);

const secret = z.string().meta({ description: '`whsec_…`, for any library of Standard Webhooks. Shown once, never again' });
/** The only answers that ever hold the secret. */
export const CreatedWebhookSchema = WebhookSchema.extend({ secret }).meta({ id: 'CreatedWebhook' });
export const NewWebhookSecretSchema = z.object({ secret, overlap_until: Timestamp.meta({ description: `${WEBHOOK_OVERLAP_HOURS} hours: each message has two signatures until then` }) }).meta({ id: 'NewWebhookSecret' });
export type CreatedWebhookWire = z.infer<typeof CreatedWebhookSchema>;

/** As the administrator sees somebody's: its host, because the rest of an address may be a secret. */
export const SomebodysWebhookSchema = z.object({ id: Uuid, host: z.string(), events: z.array(z.enum(WEBHOOK_EVENTS)), ...state, owner: z.object({ id: Uuid, name: z.string(), email: z.string() }), created_at: Timestamp }).meta({ id: 'SomebodysWebhook' });
export type SomebodysWebhookWire = z.infer<typeof SomebodysWebhookSchema>;
export const SomebodysWebhooksQuery = z.strictObject(PagingQuery);

export const DeliveriesQuery = z.strictObject({ ...PagingQuery, state: z.enum(DELIVERY_STATES).optional() });
export const DeliverySchema = z.object({
  id: Uuid, event_id: z.string().meta({ description: 'Sent as `webhook-id`, the same at each try' }), event: z.enum([...WEBHOOK_EVENTS, WEBHOOK_TEST]), run_id: Uuid.nullable(),
  state: z.enum(DELIVERY_STATES).meta({ description: '`stopped`: the endpoint was switched off before it took it' }),
  tries: z.int(), next_try_at: Timestamp.nullable(), last_try_at: Timestamp.nullable(), response_status: z.int().nullable(), problem: z.string().nullable(), duration_ms: z.int().nullable(), created_at: Timestamp,
}).meta({ id: 'WebhookDelivery' });
export type DeliveryWire = z.infer<typeof DeliverySchema>;
export const DeliveryDetailSchema = DeliverySchema.extend({ body: z.string().meta({ description: 'What is sent and signed: a CloudEvents 1.0 JSON envelope' }), response_body: z.string().nullable().meta({ description: 'The beginning of what was answered' }) }).meta({ id: 'WebhookDeliveryDetail' });
export type DeliveryDetailWire = z.infer<typeof DeliveryDetailSchema>;
