import { z } from 'zod';
import { ListQuery } from '#contracts/api/common.schema';
import { TokenSchema } from '#contracts/api/session.schema';
import { listApiTokens } from '#platform/repositories/api-tokens';
import { pageFrom } from '#platform/repositories/paging';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { tokenToWire } from './token-to-wire.ts';

export const getTokens = defineEndpoint({
  method: 'get', path: '/api/v1/tokens', operationId: 'listTokens', tag: 'Session', summary: 'My API tokens', permission: 'token:read', audit: 'none', query: ListQuery,
  answers: { 200: { description: 'Newest first, without their secrets', schema: z.array(TokenSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query, req }) => pagedAnswer(req, await listApiTokens(deps.db, principal.userId, pageFrom(query)), tokenToWire),
});
