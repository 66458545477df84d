import { KnowledgeSchema } from '#contracts/api/knowledge.schema';
import { listSkills, skillIndex } from '#platform/repositories/knowledge';
import { defineEndpoint } from '../../endpoint.ts';
import { reportToWire, skillToWire } from './knowledge-to-wire.ts';

export const getKnowledge = defineEndpoint({
  method: 'get', path: '/api/v1/knowledge', operationId: 'getKnowledge', tag: 'Knowledge', summary: 'The knowledge base', description: 'Every skill, and what the last look at the folder found.', permission: 'workflow:read', audit: 'none',
  answers: { 200: { description: 'Skills by id, and the report', schema: KnowledgeSchema } }, errors: [],
  handler: (deps) => async () => {
    const [report, skills] = await Promise.all([skillIndex(deps.db), listSkills(deps.db)]);
    return { status: 200, body: { report: reportToWire(report), skills: skills.map(skillToWire) }, revalidate: true };
  },
});
