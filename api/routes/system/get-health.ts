import { HealthSchema } from '#contracts/api/system.schema';
import { defineEndpoint } from '../../endpoint.ts';
import { VERSION } from '#platform/version';

export const getHealth = defineEndpoint({
  method: 'get', path: '/health', operationId: 'getHealth', tag: 'System', summary: 'Is the process alive', description: 'Looks at nothing but itself; see /ready for what it depends on.', permission: 'public', audit: 'none',
  answers: { 200: { description: 'Alive', schema: HealthSchema } }, errors: [],
  handler: (deps) => async () => ({ status: 200, body: { status: 'ok', version: VERSION, environment: deps.config.AWP_ENV, timestamp: new Date().toISOString() } }),
});
