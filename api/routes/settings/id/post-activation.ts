import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { SettingSchema } from '#contracts/api/providers.schema';
import { notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { updateSetting } from '#platform/repositories/settings';
import { defineEndpoint, type Endpoint } from '../../../endpoint.ts';
import { settingToWire } from '../setting-to-wire.ts';

/** `activate` and `deactivate` differ in one word. A deactivated key is kept and never used. */
function activation(verb: 'activate' | 'deactivate'): Endpoint {
  const isActive = verb === 'activate';
  const type = isActive ? 'secret.activated' : 'secret.deactivated';
  return defineEndpoint({
    method: 'post', path: `/api/v1/settings/{id}/${verb}`, operationId: `${verb}Setting`, tag: 'Providers and secrets', summary: isActive ? 'Use this key again' : 'Keep this key but do not use it', permission: 'secret:write', audit: type,
    params: z.strictObject({ id: Uuid }), answers: { 200: { description: 'As it is now', schema: SettingSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied'],
    handler: (deps) => async ({ principal, params, audit }) => {
      const row = await deps.db.$transaction(async (tx) => {
        const changed = await updateSetting(tx, deps.secrets.keeper, principal.userId, params.id, { isActive });
        if (!changed) throw notFound('This setting');
        await appendAuditEvent(tx, audit({ type, resource: `setting/${changed.id}`, data: { provider: changed.provider } }));
        return changed;
      });
      return { status: 200, body: settingToWire(row) };
    },
  });
}

export const postActivateSetting = activation('activate');
export const postDeactivateSetting = activation('deactivate');
