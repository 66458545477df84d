import { z } from 'zod';
import { ModelIdsSchema } from '#contracts/api/providers.schema';
import { listedModels } from '#platform/repositories/listed-models';
import { defineEndpoint } from '../../endpoint.ts';
import { requireProvider } from './setting-to-wire.ts';

export const getModels = defineEndpoint({
  method: 'get', path: '/api/v1/settings/models/{provider}', operationId: 'listModels', tag: 'Providers and secrets', summary: 'Model ids of a provider', description: 'From the same dated data file as prices and defaults, then those that the provider named to the key in use when it was last tested; any other model may be named in a run too.',
  permission: 'secret:read', audit: 'none', params: z.strictObject({ provider: z.string().max(50) }), answers: { 200: { description: 'Model ids, the default first', schema: ModelIdsSchema } }, errors: ['NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const provider = requireProvider(params.provider);
    const data = deps.providerData[provider];
    const listed = await listedModels(deps.db, deps.config, principal.userId, await deps.secrets.sources(principal.userId));
    return { status: 200, body: [...new Set([data.defaultModel, ...data.models.map((model) => model.id), ...(listed.get(provider) ?? [])])] };
  },
});
