import { z } from 'zod';
import { ProviderSchema } from '#contracts/api/providers.schema';
import { PROVIDER_IDS } from '#contracts/providers';
import { listedModels } from '#platform/repositories/listed-models';
import { findKeys } from '#platform/repositories/provider-keys';
import { findSettings } from '#platform/repositories/settings';
import { defineEndpoint } from '../../endpoint.ts';
import { providerToWire } from './setting-to-wire.ts';

export const getProviders = defineEndpoint({
  method: 'get', path: '/api/v1/settings/providers', operationId: 'listProviders', tag: 'Providers and secrets', summary: 'All providers, with models, prices and whether they are connected', permission: 'secret:read', audit: 'none',
  answers: { 200: { description: 'Providers; never a key', schema: z.array(ProviderSchema) } }, errors: [],
  handler: (deps) => async ({ principal }) => {
    const [rows, sources, keys] = await Promise.all([findSettings(deps.db, principal.userId), deps.secrets.sources(principal.userId), findKeys(deps.db, principal.userId)]);
    const listed = await listedModels(deps.db, deps.config, principal.userId, sources);
    return { status: 200, body: PROVIDER_IDS.map((id) => providerToWire(deps, id, rows.find((row) => row.provider === id), sources.get(id), keys.filter((key) => key.provider === id), listed.get(id) ?? [])), headers: { 'X-Total-Count': String(PROVIDER_IDS.length) } };
  },
});
