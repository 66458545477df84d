import { z } from 'zod';
import { ModelIdsSchema } from '#contracts/api/providers.schema';
import { defineEndpoint } from '../../endpoint.ts';
import { requireProvider } from './setting-to-wire.ts';

export const getModels = defineEndpoint({
  method: 'get', path: '/api/v1/settings/models/{provider}', operationId: 'listModels', tag: 'Providers and secrets', summary: 'Model ids of a provider', description: 'From the same dated data file as prices and defaults; other models of the vendor may be named in a run too.',
  permission: 'secret:read', audit: 'none', params: z.strictObject({ provider: z.string().max(50) }), answers: { 200: { description: 'Model ids, the default first', schema: ModelIdsSchema } }, errors: ['NotFound'],
  handler: (deps) => async ({ params }) => {
    const data = deps.providerData[requireProvider(params.provider)];
    return { status: 200, body: [data.defaultModel, ...data.models.map((model) => model.id).filter((id) => id !== data.defaultModel)] };
  },
});
