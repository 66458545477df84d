import { z } from 'zod';
import { KnowledgeHitSchema, KnowledgeSearchQuery } from '#contracts/api/knowledge.schema';
import { searchSkills } from '#platform/repositories/knowledge';
import { defineEndpoint } from '../../endpoint.ts';
import { hitToWire } from './knowledge-to-wire.ts';

export const getKnowledgeSearch = defineEndpoint({
  method: 'get', path: '/api/v1/knowledge/search', operationId: 'searchKnowledge', tag: 'Knowledge', summary: 'Search the knowledge base', description: 'The search that runs use: sections, best first.', permission: 'workflow:read', audit: 'none', query: KnowledgeSearchQuery,
  answers: { 200: { description: 'Sections, best first', schema: z.array(KnowledgeHitSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ query }) => ({ status: 200, body: (await searchSkills(deps.db, query.q, query.limit)).map(hitToWire) }),
});
