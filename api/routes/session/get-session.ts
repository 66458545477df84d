import { SessionSchema } from '#contracts/api/session.schema';
import { defineEndpoint } from '../../endpoint.ts';
import { sessionToWire } from './session-to-wire.ts';

export const getSession = defineEndpoint({
  method: 'get', path: '/api/v1/session', operationId: 'getSession', tag: 'Session', summary: 'Who am I', permission: 'signed-in', audit: 'none',
  answers: { 200: { description: 'The person and what they may do', schema: SessionSchema } }, errors: [],
  handler: (deps) => async ({ principal }) => ({ status: 200, body: sessionToWire(principal, deps.config) }),
});
