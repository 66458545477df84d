import { z } from 'zod';
import { Uuid } from '#contracts/api/common.schema';
import { SettingSchema } from '#contracts/api/providers.schema';
import { notFound } from '#platform/coded-error';
import { findSetting } from '#platform/repositories/settings';
import { defineEndpoint } from '../../../endpoint.ts';
import { settingToWire } from '../setting-to-wire.ts';

export const getSetting = defineEndpoint({
  method: 'get', path: '/api/v1/settings/{id}', operationId: 'getSetting', tag: 'Providers and secrets', summary: 'One of my provider settings', permission: 'secret:read', audit: 'none',
  params: z.strictObject({ id: Uuid }), answers: { 200: { description: 'The setting', schema: SettingSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const row = await findSetting(deps.db, principal.userId, { id: params.id });
    if (!row) throw notFound('This setting');
    return { status: 200, body: settingToWire(row) };
  },
});
