import { SkillParams, SkillSchema } from '#contracts/api/knowledge.schema';
import { notFound } from '#platform/coded-error';
import { findSkill } from '#platform/repositories/knowledge';
import { defineEndpoint } from '../../endpoint.ts';
import { skillToWire } from './knowledge-to-wire.ts';

export const getSkill = defineEndpoint({
  method: 'get', path: '/api/v1/knowledge/{id}', operationId: 'getSkill', tag: 'Knowledge', summary: 'One skill', description: 'With its sections in order. A slash of the id is written %2F.', permission: 'workflow:read', audit: 'none', params: SkillParams,
  answers: { 200: { description: 'The skill', schema: SkillSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ params }) => {
    const row = await findSkill(deps.db, params.id);
    if (!row) throw notFound('This skill');
    return { status: 200, body: { ...skillToWire(row), content: row.sections.map(({ id, heading, text }) => ({ id, anchor: id.slice(row.id.length + 1), heading, text })) }, revalidate: true };
  },
});
