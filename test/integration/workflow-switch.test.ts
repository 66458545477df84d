import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import { syncCatalog } from '#platform/repositories/workflows';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';

/** Row C13: workflows are switched off and on: the catalog's by administrators, one's own by oneself. */
let api: ApiUnderTest;
let admin: { id: string; token: string };
let writer: { id: string; token: string };
beforeAll(async () => {
  api = await startApi();
  [admin, writer] = [await api.person('admin'), await api.person('researcher')];
});
afterAll(() => api.close());

const turn = (who: { token: string }, id: string, word: 'activate' | 'deactivate') => api.call('POST', `/api/v1/workflows/${id}/${word}`, { as: who.token });
const start = (who: { token: string }, id: string, inputs: object) => api.call('POST', '/api/v1/runs', { as: who.token, json: { workflow_id: id, inputs, provider: 'demo' } });
const audited = async (id: string) => (await api.deps.db.auditEvent.findMany({ where: { type: 'workflow.switched', resource: `workflow/${id}` }, orderBy: { sequence: 'asc' } })).map(({ subject, data }) => [subject, (data as { active: boolean }).active]);
const listed = async (id: string) => ((await api.call('GET', '/api/v1/workflows?limit=200', { as: writer.token })).body as { workflow_id: string }[]).some((row) => row.workflow_id === id);

describe('a workflow of the catalog', () => {
  const inputs = { learning_goal: GOAL };

  it('is switched off by an administrator, told to who starts it, stays off over a start of the product, and comes back', async () => {
    const off = await turn(admin, 'learn_agentic_ai', 'deactivate');
    expect(off).toMatchObject({ status: 200, body: { workflow_id: 'learn_agentic_ai', is_active: false } });
    const refused = await start(writer, 'learn_agentic_ai', inputs);
    expect(refused).toMatchObject({ status: 409, body: { code: 'Conflict', detail: 'The workflow "learn_agentic_ai" is switched off by an administrator.', errors: [{ pointer: '#/workflow_id' }] } });
    await syncCatalog(api.deps.db, api.deps.catalog);
    expect([await listed('learn_agentic_ai'), (await start(writer, 'learn_agentic_ai', inputs)).status]).toEqual([false, 409]);
    expect((await api.call('GET', '/api/v1/workflows/learn_agentic_ai', { as: writer.token })).body).toMatchObject({ is_active: false });
    expect(await turn(admin, 'learn_agentic_ai', 'activate')).toMatchObject({ status: 200, body: { is_active: true } });
    await syncCatalog(api.deps.db, api.deps.catalog);
    expect([await listed('learn_agentic_ai'), (await start(writer, 'learn_agentic_ai', inputs)).status]).toEqual([true, 201]);
    expect(await audited((off.body as { id: string }).id)).toEqual([[admin.id, false], [admin.id, true]]);
  });

  it('is nobody else\'s to switch, and nobody\'s to change or delete: the answer says why', async () => {
    for (const word of ['activate', 'deactivate'] as const) expect((await turn(writer, 'learn_agentic_ai', word)).status).toBe(403);
    for (const reply of [await api.call('DELETE', '/api/v1/workflows/learn_agentic_ai', { as: admin.token }), await api.call('PUT', '/api/v1/workflows/learn_agentic_ai', { as: admin.token, json: { name: 'Mine' } })]) {
      expect([reply.status, (reply.body as Problem).detail]).toEqual([403, '"learn_agentic_ai" comes with the product: it is not changed or deleted here.']);
    }
    expect(await listed('learn_agentic_ai')).toBe(true);
  });

  it('that left the catalog does not come back by this', async () => {
    await api.deps.db.workflow.create({ data: { id: '0199aaaa-0000-7000-8000-000000000077', slug: 'gone', name: 'Gone', description: '', difficulty: 'beginner', estimatedSeconds: 60, currentVersion: 1, isActive: false } });
    expect((await turn(admin, 'gone', 'activate')).status).toBe(404);
    const all = await api.call('GET', '/api/v1/workflows?limit=200&active_only=false', { as: admin.token });
    expect(all.headers.get('x-total-count')).toBe(String((all.body as unknown[]).length));
  });
});

describe('a written workflow', () => {
  const inputs = { topic: 'agents' };
  const write = (id: string) => api.call('POST', '/api/v1/workflows', { as: writer.token, json: { workflow_id: id, name: id, persona: 'student', definition: { inputs: { schema: { type: 'object', properties: { topic: { type: 'string', title: 'Topic' } }, required: ['topic'] } }, steps: [{ type: 'prompt', prompt: 'On {{topic}}', output_variable: 'text' }], outputs: [{ file_name: 'a.md', title: 'A', content: '{{text}}' }] } } });

  it('is its writer\'s to switch off and on, also by saving; an administrator does not switch on what its writer switched off', async () => {
    const { id } = (await write('notes')).body as { id: string };
    await api.call('PUT', '/api/v1/workflows/notes/channels/live', { as: writer.token, json: { version: 1 } });
    expect((await turn(writer, 'notes', 'deactivate')).body).toMatchObject({ is_active: false });
    expect((await start(writer, 'notes', inputs)).body).toMatchObject({ status: 409, detail: 'The workflow "notes" is switched off.' });
    expect((await turn(admin, 'notes', 'activate')).status).toBe(403);
    expect((await api.call('PUT', '/api/v1/workflows/notes', { as: writer.token, json: { is_active: true } })).body).toMatchObject({ is_active: true, version: 1 });
    expect((await start(writer, 'notes', inputs)).status).toBe(201);
    expect(await audited(id)).toEqual([[writer.id, false], [writer.id, true]]);
  });

  it('that an administrator switched off, its writer cannot switch on; an administrator can', async () => {
    await write('risky');
    await api.call('PUT', '/api/v1/workflows/risky/channels/live', { as: writer.token, json: { version: 1 } });
    expect((await turn(admin, 'risky', 'deactivate')).body).toMatchObject({ is_active: false });
    expect((await turn(writer, 'risky', 'activate')).body).toMatchObject({ status: 403, detail: expect.stringContaining('An administrator switched this workflow off') as string });
    expect((await api.call('PUT', '/api/v1/workflows/risky', { as: writer.token, json: { is_active: true } })).body).toMatchObject({ status: 403, errors: [{ pointer: '#/is_active' }] });
    await turn(writer, 'risky', 'deactivate');
    expect((await turn(writer, 'risky', 'activate')).status).toBe(403);
    expect((await turn(admin, 'risky', 'activate')).body).toMatchObject({ is_active: true });
    expect((await start(writer, 'risky', inputs)).status).toBe(201);
  });
});
