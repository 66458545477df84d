import { z } from 'zod';
import { TokenSchema } from '#contracts/api/session.schema';
import { listApiTokens } from '#platform/repositories/api-tokens';
import { defineEndpoint } from '../../endpoint.ts';
import { tokenToWire } from './token-to-wire.ts';

export const getTokens = defineEndpoint({
  method: 'get', path: '/api/v1/tokens', operationId: 'listTokens', tag: 'Session', summary: 'My API tokens', permission: 'token:read', audit: 'none',
  answers: { 200: { description: 'Newest first, without their secrets', schema: z.array(TokenSchema) } }, errors: [],
  handler: (deps) => async ({ principal }) => {
    const tokens = await listApiTokens(deps.db, principal.userId);
    return { status: 200, body: tokens.map(tokenToWire), headers: { 'X-Total-Count': String(tokens.length) } };
  },
});
