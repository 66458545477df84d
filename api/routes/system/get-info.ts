import { InfoSchema } from '#contracts/api/system.schema';
import { defineEndpoint } from '../../endpoint.ts';
import { VERSION } from '#platform/version';

export const getInfo = defineEndpoint({
  method: 'get', path: '/', operationId: 'getInfo', tag: 'System', summary: 'What this is', permission: 'public', audit: 'none',
  answers: { 200: { description: 'Name, version and where the docs are', schema: InfoSchema } }, errors: [],
  handler: () => async () => ({ status: 200, body: { message: 'Agentic Workflow Platform API', version: VERSION, docs: '/docs', openapi: '/openapi.json' } }),
});
