import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { KeyBody, KeyPatch, ProviderKeySchema } from '#contracts/api/providers.schema';
import type { ProviderId } from '#contracts/providers';
import { CodedError, notFound } from '#platform/coded-error';
import { uuidv7 } from '#platform/ids';
import { appendAuditEvent } from '#platform/repositories/audit';
import { addKey, deleteKey, findKeys, MAX_FURTHER_KEYS, updateKey } from '#platform/repositories/provider-keys';
import { findSetting, sealed, type SettingRecord } from '#platform/repositories/settings';
import { baseUrlHash } from '#platform/secrets/secret-store';
import type { Deps } from '../../../deps.ts';
import { defineEndpoint } from '../../../endpoint.ts';
import { keyToWire, mainKeyToWire } from '../setting-to-wire.ts';

const OfSetting = z.strictObject({ id: Uuid });
const OneKey = z.strictObject({ id: Uuid, key_id: Uuid });
const tag = 'Providers and secrets';

async function settingOf(deps: Deps, userId: string, id: string): Promise<SettingRecord> {
  const setting = await findSetting(deps.db, userId, { id });
  if (!setting) throw notFound('This setting');
  return setting;
}

export const getSettingKeys = defineEndpoint({
  method: 'get', path: '/api/v1/settings/{id}/keys', operationId: 'listSettingKeys', tag, summary: 'The keys of a setting', description: 'The main key first. `resting_until` is set while a key rests after "too many requests".', permission: 'secret:read', audit: 'none', params: OfSetting,
  answers: { 200: { description: 'Never their text', schema: z.array(ProviderKeySchema) } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const setting = await settingOf(deps, principal.userId, params.id);
    return { status: 200, body: [mainKeyToWire(setting), ...(await findKeys(deps.db, principal.userId, setting.id)).map(keyToWire)] };
  },
});

export const postSettingKey = defineEndpoint({
  method: 'post', path: '/api/v1/settings/{id}/keys', operationId: 'addSettingKey', tag, summary: 'Add a further key to a setting', description: 'Calls are shared among the keys by their weights; one that the provider throttles rests, and the others take its calls.', permission: 'secret:write', audit: 'secret.created', params: OfSetting, body: KeyBody,
  answers: { 201: { description: 'Added', schema: ProviderKeySchema } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ principal, params, body, res, audit }) => {
    const setting = await settingOf(deps, principal.userId, params.id);
    const provider = setting.provider as ProviderId;
    await deps.limits.secretWrite(res, principal.userId, provider);
    const id = uuidv7();
    const secret = await sealed(deps.secrets.keeper, { apiKey: body.api_key, baseUrlHash: baseUrlHash(deps.config, provider) }, { ownerId: principal.userId, provider, rowId: id });
    const row = await deps.db.$transaction(async (tx) => {
      const added = await addKey(tx, principal.userId, setting, { id, weight: body.weight, ...secret });
      if (!added) throw new CodedError('Conflict', `A provider takes at most ${MAX_FURTHER_KEYS + 1} keys of a person.`);
      await appendAuditEvent(tx, audit({ type: 'secret.created', resource: `setting/${setting.id}/key/${added.id}`, data: { provider, weight: added.weight } }));
      return added;
    });
    return { status: 201, body: keyToWire(row), headers: { Location: `/api/v1/settings/${setting.id}/keys` } };
  },
});

export const putSettingKey = defineEndpoint({
  method: 'put', path: '/api/v1/settings/{id}/keys/{key_id}', operationId: 'changeSettingKey', tag, summary: 'Change weight or use of a further key', description: 'A key whose text changes is another key: add it and delete this one. The main key is changed at its setting.', permission: 'secret:write', audit: ['secret.changed'], params: OneKey, body: KeyPatch,
  answers: { 200: { description: 'As it is now', schema: ProviderKeySchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, body, audit }) => {
    const row = await deps.db.$transaction(async (tx) => {
      const changed = await updateKey(tx, principal.userId, params.id, params.key_id, { weight: body.weight, isActive: body.is_active });
      if (!changed) throw notFound('This key');
      await appendAuditEvent(tx, audit({ type: 'secret.changed', resource: `setting/${params.id}/key/${changed.id}`, data: { provider: changed.provider, weight: changed.weight, is_active: changed.isActive } }));
      return changed;
    });
    return { status: 200, body: keyToWire(row) };
  },
});

export const deleteSettingKey = defineEndpoint({
  method: 'delete', path: '/api/v1/settings/{id}/keys/{key_id}', operationId: 'deleteSettingKey', tag, summary: 'Delete a further key, or a replaced one before its time', permission: 'secret:write', audit: 'secret.deleted', params: OneKey,
  answers: { 204: { description: 'Deleted' } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const stored = await deps.db.$transaction(async (tx) => {
      const gone = await deleteKey(tx, principal.userId, params.id, params.key_id);
      if (!gone) throw notFound('This key');
      await appendAuditEvent(tx, audit({ type: 'secret.deleted', resource: `setting/${params.id}/key/${gone.id}`, data: { provider: gone.provider } }));
      return gone.stored;
    });
    await deps.secrets.keeper.drop(stored);
    return { status: 204 };
  },
});
