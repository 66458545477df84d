import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { CreatedWebhookSchema, NewWebhookSecretSchema, WebhookBody, WebhookChange, WebhookSchema, WebhooksSchema } from '#contracts/api/webhooks.schema';
import { MAX_WEBHOOKS, WEBHOOK_OVERLAP_HOURS } from '#contracts/webhooks';
import { CodedError, notFound } from '#platform/coded-error';
import { uuidv7 } from '#platform/ids';
import { appendAuditEvent } from '#platform/repositories/audit';
import { addWebhook, changeWebhook, deleteWebhook, findWebhook, listWebhooks, rotateWebhookSecret, secretBinding, secretTimes, type NewSecret } from '#platform/repositories/webhooks';
import { webhookAddressFault } from '#platform/webhooks/address';
import { newWebhookSecret } from '#platform/webhooks/sign';
import type { Deps } from '../../deps.ts';
import { defineEndpoint } from '../../endpoint.ts';
import { hostOfWebhook, webhooksToWire, webhookToWire } from './webhook-to-wire.ts';

const OneWebhook = z.strictObject({ id: Uuid });
const tag = 'Webhooks';

/** @returns the address in its one form @throws CodedError InvalidInput that names the field */
function checkedUrl({ config }: Pick<Deps, 'config'>, url: string): string {
  const fault = webhookAddressFault(url, { allowedPrivateHosts: config.AWP_ALLOWED_PRIVATE_HOSTS });
  if (fault !== null) throw new CodedError('InvalidInput', `The address ${fault}.`, { errors: [{ pointer: '#/url', detail: fault }], remedy: 'Give the https address of a server that takes POST requests from the internet.' });
  return new URL(url).href;
}

const knownAddress = (): CodedError => new CodedError('Conflict', 'You have a webhook with this address already.', { errors: [{ pointer: '#/url', detail: 'is the address of another webhook of yours' }], remedy: 'Change the events of the one that is there, or give another address.' });

async function newSecret({ secrets }: Pick<Deps, 'secrets'>, userId: string): Promise<NewSecret & { secret: string }> {
  const [id, secret] = [uuidv7(), newWebhookSecret()];
  return { id, secret, stored: await secrets.keeper.put(secret, secretBinding(userId, id)) };
}

export const getWebhooks = defineEndpoint({
  method: 'get', path: '/api/v1/webhooks', operationId: 'listWebhooks', tag, summary: 'My webhooks', description: `Newest first, at most ${MAX_WEBHOOKS}.`, permission: 'webhook:read', audit: 'none',
  answers: { 200: { description: 'Without their secrets', schema: WebhooksSchema } }, errors: [],
  handler: (deps) => async ({ principal }) => {
    const rows = await listWebhooks(deps.db, principal.userId);
    return { status: 200, body: await webhooksToWire(deps.db, rows), headers: { 'X-Total-Count': String(rows.length) } };
  },
});

export const postWebhook = defineEndpoint({
  method: 'post', path: '/api/v1/webhooks', operationId: 'createWebhook', tag, summary: 'Add a webhook', description: 'The signing secret is shown in this answer and never again. An address can be there once: a request that is sent twice makes one webhook.',
  permission: 'webhook:write', audit: 'webhook.created', body: WebhookBody, answers: { 201: { description: 'Added', schema: CreatedWebhookSchema } }, errors: ['InvalidInput', 'PermissionDenied', 'Conflict'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const url = checkedUrl(deps, body.url);
    const [id, { secret, ...sealed }] = [uuidv7(), await newSecret(deps, principal.userId)];
    const row = await deps.db.$transaction(async (tx) => {
      const added = await addWebhook(tx, principal.userId, id, { url, description: body.description, events: body.events }, sealed);
      if (added === 'known') throw knownAddress();
      if (added === 'many') throw new CodedError('Conflict', `You have ${MAX_WEBHOOKS} webhooks, which is the most.`, { remedy: 'Delete one that is not used any more.' });
      await appendAuditEvent(tx, audit({ type: 'webhook.created', resource: `webhook/${id}`, data: { host: hostOfWebhook(url), events: body.events.join(' ') } }));
      return added;
    }).catch(async (error: unknown) => { await deps.secrets.keeper.drop(sealed.stored); throw error; });
    return { status: 201, body: { ...(await webhookToWire(deps.db, row)), secret }, headers: { Location: `/api/v1/webhooks/${id}` } };
  },
});

export const getWebhook = defineEndpoint({
  method: 'get', path: '/api/v1/webhooks/{id}', operationId: 'getWebhook', tag, summary: 'One of my webhooks', permission: 'webhook:read', audit: 'none', params: OneWebhook,
  answers: { 200: { description: 'Without its secret', schema: WebhookSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const row = await findWebhook(deps.db, principal.userId, params.id);
    if (!row) throw notFound('This webhook');
    return { status: 200, body: await webhookToWire(deps.db, row) };
  },
});

export const putWebhook = defineEndpoint({
  method: 'put', path: '/api/v1/webhooks/{id}', operationId: 'changeWebhook', tag, summary: 'Change a webhook, or switch it on or off', permission: 'webhook:write', audit: 'webhook.changed', params: OneWebhook, body: WebhookChange,
  answers: { 200: { description: 'As it is now', schema: WebhookSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'Conflict'],
  handler: (deps) => async ({ principal, params, body, audit }) => {
    const url = checkedUrl(deps, body.url);
    const row = await deps.db.$transaction(async (tx) => {
      const changed = await changeWebhook(tx, principal.userId, params.id, { url, description: body.description, events: body.events, isActive: body.is_active });
      if (!changed) throw notFound('This webhook');
      if (changed === 'known') throw knownAddress();
      if (changed === 'locked') throw new CodedError('Conflict', 'An administrator switched this webhook off.', { errors: [{ pointer: '#/is_active', detail: 'is an administrator\'s to set' }], remedy: 'Ask an administrator to switch it on.' });
      await appendAuditEvent(tx, audit({ type: 'webhook.changed', resource: `webhook/${changed.id}`, data: { host: hostOfWebhook(url), events: body.events.join(' '), is_active: changed.isActive } }));
      return changed;
    });
    return { status: 200, body: await webhookToWire(deps.db, row) };
  },
});

export const deleteWebhookEndpoint = defineEndpoint({
  method: 'delete', path: '/api/v1/webhooks/{id}', operationId: 'deleteWebhook', tag, summary: 'Delete a webhook with its deliveries', permission: 'webhook:write', audit: 'webhook.deleted', params: OneWebhook,
  answers: { 204: { description: 'Deleted: what was not sent yet is not sent' } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const gone = await deps.db.$transaction(async (tx) => {
      const deleted = await deleteWebhook(tx, principal.userId, params.id);
      if (!deleted) throw notFound('This webhook');
      await appendAuditEvent(tx, audit({ type: 'webhook.deleted', resource: `webhook/${params.id}`, data: { host: hostOfWebhook(deleted.url) } }));
      return deleted;
    });
    for (const stored of gone.stored) await deps.secrets.keeper.drop(stored);
    return { status: 204 };
  },
});

export const postWebhookSecret = defineEndpoint({
  method: 'post', path: '/api/v1/webhooks/{id}/secret', operationId: 'rotateWebhookSecret', tag, summary: 'Make a new signing secret', description: `For ${WEBHOOK_OVERLAP_HOURS} hours each message is signed with the one before as well, so that a receiver can change at its own time. A further change ends that overlap.`,
  permission: 'webhook:write', audit: 'webhook.secret_rotated', params: OneWebhook, answers: { 201: { description: 'The new secret', schema: NewWebhookSecretSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const { secret, ...sealed } = await newSecret(deps, principal.userId);
    const { ended, until } = await deps.db.$transaction(async (tx) => {
      const replaced = await rotateWebhookSecret(tx, principal.userId, params.id, sealed);
      if (!replaced) throw notFound('This webhook');
      await appendAuditEvent(tx, audit({ type: 'webhook.secret_rotated', resource: `webhook/${params.id}` }));
      return { ended: replaced, until: (await secretTimes(tx, [params.id])).get(params.id)?.overlapUntil };
    }).catch(async (error: unknown) => { await deps.secrets.keeper.drop(sealed.stored); throw error; });
    for (const stored of ended) await deps.secrets.keeper.drop(stored);
    return { status: 201, body: { secret, overlap_until: until?.toISOString() } };
  },
});
