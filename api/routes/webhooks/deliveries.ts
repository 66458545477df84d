import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { DeliveriesQuery, DeliveryDetailSchema, DeliverySchema } from '#contracts/api/webhooks.schema';
import { CodedError, notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { pageFrom } from '#platform/repositories/paging';
import { addTestDelivery, findDelivery, listDeliveries, sendAgain } from '#platform/repositories/webhook-deliveries';
import { findWebhook, type WebhookRecord } from '#platform/repositories/webhooks';
import type { Database, Transaction } from '#platform/db';
import { cloudEvent } from '#platform/webhooks/cloud-event';
import { wakeWebhooks } from '#platform/webhooks/wake';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { deliveryDetailToWire, deliveryToWire } from './webhook-to-wire.ts';

const OneWebhook = z.strictObject({ id: Uuid });
const OneDelivery = z.strictObject({ id: Uuid, delivery_id: Uuid });
const tag = 'Webhooks';

async function webhookOf(db: Database | Transaction, userId: string, id: string): Promise<WebhookRecord> {
  const row = await findWebhook(db, userId, id);
  if (!row) throw notFound('This webhook');
  return row;
}

async function activeWebhookOf(tx: Transaction, userId: string, id: string): Promise<WebhookRecord> {
  const row = await webhookOf(tx, userId, id);
  if (!row.isActive) throw new CodedError('Conflict', 'This webhook is switched off: nothing is sent.', { remedy: row.offReason === 'administrator' ? 'Ask an administrator to switch it on.' : 'Switch it on first.' });
  return row;
}

export const getDeliveries = defineEndpoint({
  method: 'get', path: '/api/v1/webhooks/{id}/deliveries', operationId: 'listWebhookDeliveries', tag, summary: 'What was sent to a webhook, and what waits', description: 'Newest first; kept for 30 days, or as long as the run that they tell of.', permission: 'webhook:read', audit: 'none', params: OneWebhook, query: DeliveriesQuery,
  answers: { 200: { description: 'Deliveries', schema: z.array(DeliverySchema) } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query, req }) => {
    const { id } = await webhookOf(deps.db, principal.userId, params.id);
    return pagedAnswer(req, await listDeliveries(deps.db, principal.userId, id, { state: query.state }, pageFrom(query)), deliveryToWire);
  },
});

export const getDelivery = defineEndpoint({
  method: 'get', path: '/api/v1/webhooks/{id}/deliveries/{delivery_id}', operationId: 'getWebhookDelivery', tag, summary: 'One delivery, with its body and the answer', permission: 'webhook:read', audit: 'none', params: OneDelivery,
  answers: { 200: { description: 'The delivery', schema: DeliveryDetailSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const found = await findDelivery(deps.db, principal.userId, params.id, params.delivery_id);
    if (!found) throw notFound('This delivery');
    return { status: 200, body: deliveryDetailToWire(found.row, cloudEvent(found.told, deps.config.WEB_ORIGIN)) };
  },
});

export const postWebhookTest = defineEndpoint({
  method: 'post', path: '/api/v1/webhooks/{id}/test', operationId: 'testWebhook', tag, summary: 'Send a test message', description: 'Goes the way of every message; how it went stands in the deliveries.', permission: 'webhook:write', audit: 'webhook.tested', params: OneWebhook,
  answers: { 202: { description: 'Will be sent', schema: DeliverySchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'Conflict', 'RateLimited'],
  handler: (deps) => async ({ principal, params, res, audit }) => {
    await deps.limits.webhookSend(res, principal.userId);
    const row = await deps.db.$transaction(async (tx) => {
      const { id } = await activeWebhookOf(tx, principal.userId, params.id);
      await appendAuditEvent(tx, audit({ type: 'webhook.tested', resource: `webhook/${id}` }));
      return addTestDelivery(tx, principal.userId, id);
    });
    await wakeWebhooks(deps, [row.webhookId]);
    return { status: 202, body: deliveryToWire(row) };
  },
});

export const postSendAgain = defineEndpoint({
  method: 'post', path: '/api/v1/webhooks/{id}/deliveries/{delivery_id}/send', operationId: 'resendWebhookDelivery', tag, summary: 'Send a delivery again', description: 'Now, under the same `webhook-id`, with all its tries.', permission: 'webhook:write', audit: 'webhook.sent_again', params: OneDelivery,
  answers: { 202: { description: 'Will be sent', schema: DeliverySchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'Conflict', 'RateLimited'],
  handler: (deps) => async ({ principal, params, res, audit }) => {
    await deps.limits.webhookSend(res, principal.userId);
    const row = await deps.db.$transaction(async (tx) => {
      const { id } = await activeWebhookOf(tx, principal.userId, params.id);
      const again = await sendAgain(tx, principal.userId, id, params.delivery_id);
      if (!again) throw notFound('This delivery');
      await appendAuditEvent(tx, audit({ type: 'webhook.sent_again', resource: `webhook/${id}`, data: { delivery: again.id } }));
      return again;
    });
    await wakeWebhooks(deps, [row.webhookId]);
    return { status: 202, body: deliveryToWire(row) };
  },
});
