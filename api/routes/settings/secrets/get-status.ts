import { z } from 'zod';
import { SecretStatusSchema } from '#contracts/api/providers.schema';
import { PROVIDER_IDS } from '#contracts/providers';
import { findSettings } from '#platform/repositories/settings';
import { defineEndpoint } from '../../../endpoint.ts';
import { secretStatusToWire } from '../setting-to-wire.ts';

export const getSecretsStatus = defineEndpoint({
  method: 'get', path: '/api/v1/settings/secrets/status', operationId: 'getSecretsStatus', tag: 'Providers and secrets', summary: 'Which providers are connected', permission: 'secret:read', audit: 'none',
  answers: { 200: { description: 'One entry per provider; never a key', schema: z.array(SecretStatusSchema) } }, errors: [],
  handler: (deps) => async ({ principal }) => {
    const [rows, sources] = await Promise.all([findSettings(deps.db, principal.userId), deps.secrets.sources(principal.userId)]);
    return { status: 200, body: PROVIDER_IDS.map((id) => secretStatusToWire(deps, id, rows.find((row) => row.provider === id), sources.get(id))) };
  },
});
