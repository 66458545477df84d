import { z } from 'zod';
import { SettingSchema, SettingsQuery } from '#contracts/api/providers.schema';
import { pageFrom } from '#platform/repositories/paging';
import { listSettings } from '#platform/repositories/settings';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { settingToWire } from './setting-to-wire.ts';

export const getSettings = defineEndpoint({
  method: 'get', path: '/api/v1/settings', operationId: 'listSettings', tag: 'Providers and secrets', summary: 'My provider settings', permission: 'secret:read', audit: 'none', query: SettingsQuery,
  answers: { 200: { description: 'Newest first; never a key', schema: z.array(SettingSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query, req }) => pagedAnswer(req, await listSettings(deps.db, principal.userId, query.active_only ?? false, pageFrom(query)), settingToWire),
});
