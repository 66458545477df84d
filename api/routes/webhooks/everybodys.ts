import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { SomebodysWebhookSchema, SomebodysWebhooksQuery, WebhookSwitchBody } from '#contracts/api/webhooks.schema';
import { notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { pageFrom } from '#platform/repositories/paging';
import { findAnyWebhook, listAllWebhooks, switchWebhook } from '#platform/repositories/webhooks';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { hostOfWebhook, somebodysToWire } from './webhook-to-wire.ts';

const tag = 'Webhooks';

export const getEverybodysWebhooks = defineEndpoint({
  method: 'get', path: '/api/v1/webhooks/everybody', operationId: 'listEverybodysWebhooks', tag, summary: 'Everybody\'s webhooks', description: 'Newest first. Only the host of an address is shown: the rest of it may be a secret.', permission: 'settings:manage', audit: 'none', query: SomebodysWebhooksQuery,
  answers: { 200: { description: 'Webhooks with their owners', schema: z.array(SomebodysWebhookSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ query, req }) => pagedAnswer(req, await listAllWebhooks(deps.db, pageFrom(query)), somebodysToWire),
});

export const putWebhookSwitch = defineEndpoint({
  method: 'put', path: '/api/v1/webhooks/{id}/switch', operationId: 'switchWebhook', tag, summary: 'Switch anybody\'s webhook off or on', description: 'What an administrator switched off, only an administrator switches on.', permission: 'settings:manage', audit: ['webhook.switched_off', 'webhook.switched_on'], params: z.strictObject({ id: Uuid }), body: WebhookSwitchBody,
  answers: { 200: { description: 'As it is now', schema: SomebodysWebhookSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ params, body, audit }) => {
    const row = await deps.db.$transaction(async (tx) => {
      const found = await findAnyWebhook(tx, params.id);
      if (!found) throw notFound('This webhook');
      await switchWebhook(tx, found.id, body.is_active ? null : 'administrator');
      await appendAuditEvent(tx, audit({ type: body.is_active ? 'webhook.switched_on' : 'webhook.switched_off', resource: `webhook/${found.id}`, data: { host: hostOfWebhook(found.url), owner: found.userId } }));
      return findAnyWebhook(tx, found.id);
    });
    if (!row) throw notFound('This webhook');
    return { status: 200, body: somebodysToWire(row) };
  },
});
