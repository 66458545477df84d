import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import type { KnowledgeHitWire, KnowledgeWire, SkillWire } from '#contracts/api/knowledge.schema';
import type { ToolPolicyWire } from '#contracts/api/tool-policy.schema';
import { createLibraryIndex } from '#activities/tools/library/library-index';
import { verifyAuditChain } from '#platform/repositories/audit';
import { startApi, type ApiUnderTest } from '../support/api.ts';

let api: ApiUnderTest;
beforeAll(async () => { api = await startApi({ AWP_MCP_SERVERS: '{"docs":{"url":"https://mcp.example.org/mcp","tools":["search"]}}' }); });
afterAll(() => api.close());
// oxlint-disable-next-line no-unnecessary-type-parameters -- the test names what it expects
const get = async <T>(address: string, as?: string | null) => { const reply = await api.call('GET', address, as === undefined ? {} : { as }); return { status: reply.status, body: reply.body as T }; };

describe('the knowledge base over HTTP', () => {
  it('is empty and says so until a worker has read the folder', async () => {
    expect((await get<KnowledgeWire>('/api/v1/knowledge')).body).toEqual({ report: null, skills: [] });
    await createLibraryIndex(api.deps.db, { skillsDir: undefined, rescanMs: 3_600_000 }).refresh();
    const { report, skills } = (await get<KnowledgeWire>('/api/v1/knowledge')).body;
    expect(report).toMatchObject({ source: 'shipped', documents: 45, problems: [] });
    expect(skills).toHaveLength(45);
    expect(skills.find((skill) => skill.id === 'agents/tool-calling')).toMatchObject({ title: 'Tool calling and function calling', category: 'agents', file: 'agents/tool-calling/SKILL.md' });
  });

  it('finds sections, and gives a skill in order', async () => {
    const hits = (await get<KnowledgeHitWire[]>('/api/v1/knowledge/search?q=sample+ratio+mismatch&limit=3')).body;
    expect(hits).toHaveLength(3);
    expect(hits[0]).toMatchObject({ skill_id: 'data/ab-testing', file: 'data/ab-testing/SKILL.md', id: expect.stringMatching(/^data\/ab-testing#/) as string });
    const skill = (await get<SkillWire>('/api/v1/knowledge/data%2Fab-testing')).body;
    expect(skill.content.length).toBe(skill.sections);
    expect(skill.content[0]).toMatchObject({ heading: 'A/B tests', id: `data/ab-testing#${skill.content[0]?.anchor}` });
  });

  it('refuses what does not fit, hides nothing behind a 500', async () => {
    expect((await get('/api/v1/knowledge/search')).status).toBe(400);
    expect((await get('/api/v1/knowledge/search?q=a&limit=51')).status).toBe(400);
    expect((await get('/api/v1/knowledge/search?q=%27%26')).status).toBe(200);
    expect((await get('/api/v1/knowledge/search?q=%00')).status).toBe(400);
    expect((await get('/api/v1/knowledge/none%2Fhere')).status).toBe(404);
    expect((await get('/api/v1/knowledge/..%2F..%2Fetc%2Fpasswd')).status).toBe(404);
    expect((await get('/api/v1/knowledge/%2Fetc')).status).toBe(400);
    for (const address of ['/api/v1/knowledge', '/api/v1/knowledge/search?q=a', '/api/v1/knowledge/a']) expect((await get(address, null)).status).toBe(401);
    const student = await api.person('student');
    expect((await get('/api/v1/knowledge', student.token)).status).toBe(200);
    const other = await api.person('admin', ['run:read']);
    expect((await get('/api/v1/knowledge', other.token)).status).toBe(403);
  });
});

describe('the tool policy over HTTP', () => {
  const rules = [{ workflow_id: 'learn_agentic_ai', role: 'researcher', allow: 'network', hosts: ['docs.example.org'] }, { workflow_id: '*', role: 'admin', allow: 'mcp:docs:*' }];

  it('begins with the default, is replaced as a whole, and each change is audited', async () => {
    const first = (await get<ToolPolicyWire>('/api/v1/tool-policy')).body;
    expect(first).toMatchObject({ version: 0, rules: [{ workflow_id: '*', role: '*', allow: 'compute' }], changed_by: null });
    expect(first.tools).toEqual(expect.arrayContaining([{ tool: 'fetch_url', risk: 'read' }, { tool: 'mcp:docs:search', risk: 'act' }]));
    const changed = await api.call('PUT', '/api/v1/tool-policy', { json: { version: 0, rules } });
    expect(changed.status).toBe(200);
    expect(changed.body as ToolPolicyWire).toMatchObject({ version: 1, rules, changed_by: expect.any(String) as string });
    const [event] = await api.deps.db.auditEvent.findMany({ where: { type: 'tool_policy.changed' } });
    expect(event).toMatchObject({ resource: 'tool_policy/1', data: { from_version: 0, to_version: 1, rules: 2 } });
    expect((await verifyAuditChain(api.deps.db)).brokenAt).toBeNull();
  });

  it('a change to what somebody else changed meanwhile is refused, and of two at once one wins', async () => {
    expect((await api.call('PUT', '/api/v1/tool-policy', { json: { version: 0, rules: [] } })).status).toBe(409);
    const both = await Promise.all([1, 1].map((version) => api.call('PUT', '/api/v1/tool-policy', { json: { version, rules: [] } })));
    expect(both.map((reply) => reply.status).sort()).toEqual([200, 409]);
  });

  it.each([
    ['hosts of a rule for a class that reaches none', { version: 2, rules: [{ workflow_id: '*', role: '*', allow: 'compute', hosts: ['a.example.org'] }] }, '#/rules/0/hosts'], ['a host with a path', { version: 2, rules: [{ workflow_id: '*', role: '*', allow: 'network', hosts: ['a.example.org/x'] }] }, '#/rules/0/hosts/0'],
    ['an unknown role', { version: 2, rules: [{ workflow_id: '*', role: 'king', allow: 'act' }] }, '#/rules/0/role'], ['an odd tool', { version: 2, rules: [{ workflow_id: '*', role: '*', allow: 'mcp:*' }] }, '#/rules/0/allow'],
    ['an odd workflow', { version: 2, rules: [{ workflow_id: 'a b', role: '*', allow: 'act' }] }, '#/rules/0/workflow_id'], ['a field too many', { version: 2, rules: [], extra: 1 }, '#/extra'], ['no version', { rules: [] }, '#/version'],
  ])('%s is refused by name', async (_, json, pointer) => {
    const reply = await api.call('PUT', '/api/v1/tool-policy', { json });
    expect(reply.status).toBe(400);
    expect((reply.body as Problem).errors?.map((error) => error.pointer)).toContain(pointer);
  });

  it('is for administrators', async () => {
    for (const role of ['student', 'researcher'] as const) {
      const { token } = await api.person(role);
      expect((await get('/api/v1/tool-policy', token)).status).toBe(403);
      expect((await api.call('PUT', '/api/v1/tool-policy', { as: token, json: { version: 2, rules: [] } })).status).toBe(403);
    }
  });
});
