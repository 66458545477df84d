import { SettingBody, SettingSchema } from '#contracts/api/providers.schema';
import { CodedError, invalidField } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { createSetting } from '#platform/repositories/settings';
import { baseUrlHash, isSupported } from '#platform/secrets/secret-store';
import { defineEndpoint } from '../../endpoint.ts';
import { settingToWire } from './setting-to-wire.ts';

export const postSetting = defineEndpoint({
  method: 'post', path: '/api/v1/settings', operationId: 'createSetting', tag: 'Providers and secrets', summary: 'Create a provider setting', description: 'Refuses a second one for the same provider; POST /settings/secrets replaces. Does not test the key.',
  permission: 'secret:write', audit: 'secret.created', body: SettingBody, answers: { 201: { description: 'Created', schema: SettingSchema } }, errors: ['InvalidInput', 'Conflict', 'PermissionDenied', 'RateLimited'],
  handler: (deps) => async ({ principal, body, res, audit }) => {
    const { provider } = body;
    if (provider === 'demo') throw invalidField('#/provider', 'the demo provider needs no key');
    if (!isSupported(deps.config, provider)) throw invalidField('#/provider', 'this provider has no address yet', 'The administrator sets COMPATIBLE_BASE_URL first.');
    await deps.limits.secretWrite(res, principal.userId, provider);
    const row = await deps.db.$transaction(async (tx) => {
      const made = await createSetting(tx, deps.secrets.keeper, principal.userId, provider, { apiKey: body.api_key, baseUrlHash: baseUrlHash(deps.config, provider) }, { isActive: body.is_active, isDefault: body.is_default });
      if (!made) throw new CodedError('Conflict', `You already have a setting for ${provider}.`, { remedy: 'Change it with PUT /api/v1/settings/{id}.', errors: [{ pointer: '#/provider', detail: 'is set already' }] });
      await appendAuditEvent(tx, audit({ type: 'secret.created', resource: `setting/${made.id}`, data: { provider } }));
      return made;
    });
    return { status: 201, body: settingToWire(row), headers: { Location: `/api/v1/settings/${row.id}` } };
  },
});
