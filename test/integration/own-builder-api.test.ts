import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import type { WorkingCopyWire } from '#contracts/api/own-workflows.schema';
import type { PurgeResult } from '#contracts/workflow';
import { startApi } from '../support/api.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

/** What the builder needs of the API: the draft as it is edited, two people at one draft, one step on samples. */
let platform: PlatformUnderTest;
let alice: { id: string; token: string };
let bob: { id: string; token: string };
beforeAll(async () => {
  platform = await startPlatform();
  [alice, bob] = await Promise.all([platform.api.person('researcher'), platform.api.person('researcher')]);
}, 120_000);
afterAll(() => platform.close());

const call = (method: string, path: string, options: { as?: string; json?: unknown; headers?: Record<string, string> } = {}) => platform.api.call(method, `/api/v1/workflows${path}`, { as: alice.token, ...options });
const definition = (words = 'On {{topic}}') => ({
  inputs: { schema: { type: 'object', properties: { topic: { type: 'string', title: 'Topic', minLength: 3 } }, required: ['topic'] } },
  steps: [{ type: 'prompt', key: 'write', prompt: words, max_tokens: 80, output_variable: 'text' }, { type: 'map', key: 'each', over: 'topic', steps: [{ type: 'prompt', key: 'about', prompt: 'About {{item.name}} in {{text}}', max_tokens: 60 }] }],
});
const make = (slug: string) => call('POST', '', { json: { workflow_id: slug, name: `Mine ${slug}`, persona: 'student', definition: definition() } });
const problem = (reply: { body: unknown }) => reply.body as Problem;
const keep = (slug: string, document: object, etag: string, as = alice.token) => call('PUT', `/${slug}/working-copy`, { as, json: { definition: document }, headers: { 'If-Match': etag } });

describe('the draft as it is edited', () => {
  it('is kept right or wrong, makes no version, and is gone when one is saved', async () => {
    await make('draft');
    const first = await call('GET', '/draft/working-copy');
    expect([first.headers.get('etag'), first.body]).toMatchObject(['"v1r0"', { revision: 0, base_version: 1, saved_at: null, definition: { slug: 'draft' } }]);
    expect(Object.keys((first.body as WorkingCopyWire).definition).slice(0, 4)).toEqual(['format', 'slug', 'name', 'description']);
    const wrong = { slug: 'draft', zebra: 1, steps: [{ type: 'nothing' }], name: '' };
    const kept = await keep('draft', wrong, '"v1r0"');
    expect([kept.status, kept.headers.get('etag')]).toEqual([200, '"v1r1"']);
    expect((await call('GET', '/draft/working-copy')).body).toMatchObject({ definition: wrong, saved_by_you: true, revision: 1 });
    expect((await call('GET', '/draft/versions')).body).toHaveLength(1);
    expect((await call('PUT', '/draft', { json: { definition: definition('Two {{topic}}') }, headers: { 'If-Match': '"v1"' } })).status).toBe(200);
    expect((await call('GET', '/draft/working-copy')).body).toMatchObject({ revision: 0, base_version: 2 });
    expect(await platform.api.deps.db.workflowWorkingCopy.count()).toBe(0);
  });

  it('two who edit one draft: the second is told, and nothing is overwritten', async () => {
    await make('pair');
    const replies = await Promise.all(['A', 'B', 'C'].map((word) => keep('pair', { name: word }, '"v1r0"')));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 412, 412]);
    const winner = (await call('GET', '/pair/working-copy')).body as WorkingCopyWire;
    const stale = await keep('pair', { name: 'late' }, '"v1r0"');
    expect([stale.status, problem(stale).code, problem(stale).detail]).toEqual([412, 'PreconditionFailed', expect.stringContaining('changed this draft at')]);
    expect(problem(stale).remedy).toContain('keep yours');
    expect((await call('GET', '/pair/working-copy')).body).toEqual(winner);
    // A version that was saved meanwhile counts as well, though the revision is the one that was edited.
    await call('PUT', '/pair', { json: { definition: definition('New {{topic}}') } });
    expect(problem(await keep('pair', { name: 'late' }, '"v1r0"')).detail).toContain('version 2 was saved');
    expect((await keep('pair', { name: 'x' }, '"v2r0"')).status).toBe(200);
    expect((await call('DELETE', '/pair/working-copy', { headers: { 'If-Match': '"v2r0"' } })).status).toBe(412);
    expect((await call('DELETE', '/pair/working-copy', { headers: { 'If-Match': '"v2r1"' } })).status).toBe(204);
    expect((await call('GET', '/pair/working-copy')).body).toMatchObject({ revision: 0 });
  });

  it('belongs to the one who writes it, needs If-Match, and has an end', async () => {
    await make('mine');
    await call('PUT', '/mine/channels/live', { json: { version: 1 } });
    expect((await call('GET', '/mine/working-copy', { as: bob.token })).status).toBe(403);
    expect((await keep('mine', {}, '"v1r0"', bob.token)).status).toBe(403);
    expect((await call('GET', '/draft/working-copy', { as: bob.token })).status).toBe(404);
    for (const etag of ['', '*', '"v1"', '"v1r0']) expect([etag, problem(await keep('mine', {}, etag)).errors?.[0]?.pointer]).toEqual([etag, '#/header/If-Match']);
    expect(problem(await keep('mine', { texts: Array.from({ length: 27 }, () => 'x'.repeat(9_000)) }, '"v1r0"')).errors?.[0]?.detail).toContain('at most 240,000');
    expect((await keep('mine', { text: 'x'.repeat(5_000_000) }, '"v1r0"')).status).toBe(413);
  });
});

describe('one step on samples', () => {
  const tried = (json: object, as = alice.token) => call('POST', '/tries/try', { as, json });

  it('runs alone, as a Test, and shows its result', async () => {
    await make('tries');
    const started = await tried({ definition: { ...definition('Say something on {{topic}}'), name: 'Edited', slug: 'tries', personas: ['student'] }, step: '#/steps/0', values: { topic: 'agents that call tools' }, provider: 'demo' });
    expect([started.status, started.body]).toMatchObject([201, { run_mode: 'test_run', workflow_id: 'tries.try', simulated: true }]);
    const run = await platform.ended(alice.token, (started.body as { id: string }).id);
    expect(run).toMatchObject({ status: 'completed', workflow_type: 'own.tries.try' });
    const inside = await tried({ step: '#/steps/1/steps/0', values: { item: { name: 'memory' }, text: 'A text' }, provider: 'demo' });
    expect(await platform.ended(alice.token, (inside.body as { id: string }).id)).toMatchObject({ status: 'completed', workflow_version: 2 });
    // Beside the workflow, never in its place: no list shows it, nobody else reaches it, and it makes no version.
    expect((await call('GET', '?limit=200')).text).not.toContain('tries.try');
    expect((await platform.api.call('POST', '/api/v1/runs', { as: alice.token, json: { workflow_id: 'tries.try', inputs: {}, provider: 'demo' } })).status).toBeGreaterThanOrEqual(400);
    expect((await call('GET', '/tries/versions')).body).toHaveLength(1);
  }, 60_000);

  it('says what is missing before anything is spent', async () => {
    expect(problem(await tried({ step: '#/steps/7', provider: 'demo' })).errors?.[0]).toMatchObject({ pointer: '#/step' });
    const unnamed = problem(await tried({ step: '#/steps/1/steps/0', values: { text: 'x' }, provider: 'demo' }));
    expect(unnamed.errors?.[0]).toMatchObject({ pointer: '#/steps/1/steps/0/prompt', detail: expect.stringContaining('item') });
    expect((await tried({ step: '#/steps/0', values: { topic: 'x' } }, bob.token)).status).toBe(404);
    expect((await tried({ step: '../etc', values: {} })).status).toBe(400);
    expect(await platform.api.deps.db.run.count({ where: { workflowSlug: 'tries.try' } })).toBe(2);
  });

  it('stores nothing for a trial that the limit on starts refuses', async () => {
    const limited = await startApi({ AWP_RUN_STARTS_PER_MINUTE: '1' });
    try {
      const { token } = await limited.person('researcher');
      const send = (path: string, json: object) => limited.call('POST', `/api/v1/workflows${path}`, { as: token, json });
      await send('', { workflow_id: 'many', name: 'Many', persona: 'student', definition: definition() });
      const one = async (topic: string) => (await send('/many/try', { step: '#/steps/0', values: { topic, [`more_${topic}`]: 1 }, provider: 'demo' })).status;
      expect([await one('first'), await one('second'), await one('third')]).toEqual([201, 429, 429]);
      expect(await limited.deps.db.workflowVersion.count({ where: { workflow: { slug: 'many.try' } } })).toBe(1);
    } finally {
      await limited.close();
    }
  }, 60_000);

  it('goes with its runs: what was tried and has none any more is removed a day later, and the rest stays', async () => {
    const { db } = platform.api.deps;
    const purged = async (): Promise<number> => {
      await db.$executeRaw`UPDATE workflows SET updated_at = now() - interval '2 hours' WHERE slug LIKE 'tries%'`;
      return (await platform.runner.deps.temporal.workflow.execute('purgeExpired', { workflowId: `purge-${randomUUID()}`, taskQueue: platform.api.deps.config.WORKER_TASK_QUEUE, args: [] }) as PurgeResult).trials;
    };
    const rows = async () => [await db.workflow.count({ where: { slug: 'tries.try' } }), await db.workflowVersion.count({ where: { workflow: { slug: 'tries.try' } } })];
    const [first, second] = await db.run.findMany({ where: { workflowSlug: 'tries.try' }, orderBy: { createdAt: 'asc' }, select: { id: true } });
    const remove = (id = '') => platform.api.call('DELETE', `/api/v1/runs/${id}`, { as: alice.token });
    expect([await purged(), await rows(), (await remove(first?.id)).status, await purged(), await rows()]).toEqual([0, [1, 2], 204, 1, [1, 1]]);
    // One that is tried again in the meantime begins anew; versions are never numbered twice.
    expect(await platform.ended(alice.token, ((await tried({ step: '#/steps/0', values: { topic: 'memory' }, provider: 'demo' })).body as { id: string }).id)).toMatchObject({ workflow_version: 3 });
    for (const { id } of await db.run.findMany({ where: { workflowSlug: 'tries.try' }, select: { id: true } })) await remove(id);
    expect([second !== undefined, await purged(), await rows(), (await call('GET', '/tries/versions')).status]).toEqual([true, 2, [0, 0], 200]);
  }, 60_000);
});

/** Each is refused where it stands, in words, and nothing of it is there afterwards: as a new workflow, as a version, as an import. */
const base = { slug: 'bad_input', name: 'Bad input', personas: ['student'], inputs: { schema: { type: 'object', properties: { topic: { type: 'string' } } } } };
const prompt = (text: string, more: object = {}) => ({ ...base, steps: [{ type: 'prompt', key: 'a', prompt: text }], ...more });
const nested = (depth: number): object => (depth === 0 ? { type: 'prompt', prompt: 'x' } : { type: 'branch', when: 'topic == "x"', do: [nested(depth - 1)] });
const BAD: [string, object, number, string][] = [
  ['a definition of 5 MB', prompt('x', { description: 'x'.repeat(5_000_000) }), 413, ''],
  ['10,000 steps', { ...base, steps: Array.from({ length: 10_000 }, () => ({ type: 'x' })) }, 400, '#/definition/steps'],
  ['a template bomb', prompt('{{topic}}'.repeat(1_000)), 400, '#/definition/steps/0/prompt'],
  ['steps without end below each other', { ...base, steps: [nested(9)] }, 400, '#/definition/steps/0/do/0/do/0/do/0/do/0/do/0/do/0/do'],
  ['an expression that loops', { ...base, steps: [{ type: 'transform', key: 'a', operation: 'expression', expression: 'topic.all(x, topic.all(y, topic.all(z, true)))' }] }, 400, '#/definition/steps/0/expression'],
  ['a pattern that stands still', { ...base, steps: [{ type: 'transform', key: 'a', operation: 'regex', source: 'topic', pattern: '(?=(a+)+)b' }] }, 400, '#/definition/steps/0/pattern'],
  ['a constructor', prompt("{{constructor.constructor('return process')()}}"), 400, '#/definition/steps/0/prompt'],
  ['a constructor as an expression', { ...base, steps: [{ type: 'branch', key: 'a', when: 'constructor.constructor("return 1")() == 1', do: [{ type: 'prompt', prompt: 'x' }] }] }, 400, '#/definition/steps/0/when'],
  ['a prototype', prompt('x', { inputs: { schema: JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}') as object } }), 400, '#/definition/inputs/schema/properties/__proto__'],
  ['a sub-run of itself', { ...base, steps: [{ type: 'workflow', key: 'a', workflow: 'bad_input', version: 1 }] }, 400, '#/definition/steps/0/workflow'],
  ['a tool of another installation', { ...base, steps: [{ type: 'tool', key: 'a', tool: 'mcp:theirs:search' }] }, 400, '#/definition/steps/0/tool'],
  ['a provider of another installation', prompt('x', { steps: [{ type: 'prompt', prompt: 'x', provider: 'their_cloud', model: 'm' }] }), 400, '#/definition/steps/0/provider'],
];

describe('what is no workflow', () => {
  it.each(BAD)('%s is refused at its place, and nothing is half saved', async (_name, definition, status, pointer) => {
    const rows = async () => ({ workflows: await platform.api.deps.db.workflow.count(), versions: await platform.api.deps.db.workflowVersion.count(), copies: await platform.api.deps.db.workflowWorkingCopy.count() });
    await make('holder');
    const before = await rows();
    const replies = [await call('POST', '', { json: { definition } }), await call('POST', '/import', { json: { format: 'awp.workflow/v1', definition } }), await call('PUT', '/holder', { json: { definition: { ...definition, slug: 'holder' } } })];
    // Under the name of another workflow the sub-run is none of itself, but there is none of that name either.
    expect(replies.map((reply) => [reply.status, pointer === '' || (problem(reply).errors ?? []).some((error) => error.pointer === pointer)])).toEqual(replies.map(() => [status, true]));
    expect(await rows()).toEqual(before);
    expect((await call('GET', '/holder/definition')).body).toMatchObject({ version: 1 });
  });
});
