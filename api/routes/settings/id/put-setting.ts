import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { SettingPatch, SettingSchema } from '#contracts/api/providers.schema';
import type { ProviderId } from '#contracts/providers';
import { notFound } from '#platform/coded-error';
import { appendAuditEvent, type AuditType } from '#platform/repositories/audit';
import { findSetting, updateSetting } from '#platform/repositories/settings';
import { baseUrlHash } from '#platform/secrets/secret-store';
import { defineEndpoint } from '../../../endpoint.ts';
import { settingToWire } from '../setting-to-wire.ts';

export const putSetting = defineEndpoint({
  method: 'put', path: '/api/v1/settings/{id}', operationId: 'changeSetting', tag: 'Providers and secrets', summary: 'Change a provider setting', description: 'Only the fields that are sent change. A new key clears what was known of the old one; with `overlap_minutes` runs that began before go on with the old key for so long, then it is gone.',
  permission: 'secret:write', audit: ['secret.rotated', 'secret.changed', 'secret.activated', 'secret.deactivated'], params: z.strictObject({ id: Uuid }), body: SettingPatch,
  answers: { 200: { description: 'As it is now', schema: SettingSchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ principal, params, body, res, audit }) => {
    const before = await findSetting(deps.db, principal.userId, { id: params.id });
    if (!before) throw notFound('This setting');
    const provider = before.provider as ProviderId;
    if (body.api_key !== undefined) await deps.limits.secretWrite(res, principal.userId, provider);
    const row = await deps.db.$transaction(async (tx) => {
      const changed = await updateSetting(tx, deps.secrets.keeper, principal.userId, params.id, {
        ...(body.api_key === undefined ? {} : { secret: { apiKey: body.api_key, baseUrlHash: baseUrlHash(deps.config, provider) }, overlapMinutes: body.overlap_minutes }), weight: body.weight, isActive: body.is_active, isDefault: body.is_default,
      });
      if (!changed) throw notFound('This setting');
      const type: AuditType = body.api_key !== undefined ? 'secret.rotated' : changed.isActive === before.isActive ? 'secret.changed' : changed.isActive ? 'secret.activated' : 'secret.deactivated';
      await appendAuditEvent(tx, audit({ type, resource: `setting/${changed.id}`, data: { provider, is_active: changed.isActive, is_default: changed.isDefault, ...(body.overlap_minutes ? { overlap_minutes: body.overlap_minutes } : {}) } }));
      return changed;
    });
    return { status: 200, body: settingToWire(row) };
  },
});
