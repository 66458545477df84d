import { z } from 'zod';
import { SettingSchema } from '#contracts/api/providers.schema';
import { notFound } from '#platform/coded-error';
import { findSetting } from '#platform/repositories/settings';
import { defineEndpoint } from '../../endpoint.ts';
import { requireProvider, settingToWire } from './setting-to-wire.ts';

export const getSettingOfProvider = defineEndpoint({
  method: 'get', path: '/api/v1/settings/provider/{name}', operationId: 'getSettingOfProvider', tag: 'Providers and secrets', summary: 'My setting of a provider', permission: 'secret:read', audit: 'none',
  params: z.strictObject({ name: z.string().max(50) }), answers: { 200: { description: 'The setting', schema: SettingSchema } }, errors: ['NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const row = await findSetting(deps.db, principal.userId, { provider: requireProvider(params.name) });
    if (!row) throw notFound(`A setting of yours for ${params.name}`);
    return { status: 200, body: settingToWire(row) };
  },
});
