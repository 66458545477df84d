import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnWorkflowWire } from '#contracts/api/own-workflows.schema';
import { uuidv7 } from '#platform/ids';
import { STARTERS } from '#contracts/own/starters/index';
import { runCli } from '#cli/program';
import type { Problem } from '#contracts/api/common.schema';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

/** Written workflows over HTTP: C10 to C14, versions, channels, who may what, export and import, and a run of one. */
let platform: PlatformUnderTest;
let alice: { id: string; token: string };
let bob: { id: string; token: string };
let student: { id: string; token: string };
beforeAll(async () => {
  platform = await startPlatform();
  [alice, bob, student] = await Promise.all([platform.api.person('researcher'), platform.api.person('researcher'), platform.api.person('student')]);
}, 120_000);
afterAll(() => platform.close());

const call = (method: string, path: string, options: { as?: string; json?: unknown; headers?: Record<string, string> } = {}) => platform.api.call(method, `/api/v1/workflows${path}`, { as: alice.token, ...options });
const definition = (words = 'On {{topic}}') => ({ inputs: { schema: { type: 'object', properties: { topic: { type: 'string', title: 'Topic', minLength: 3 } }, required: ['topic'] } }, steps: [{ type: 'prompt', key: 'write', prompt: words, max_tokens: 80, output_variable: 'text' }], outputs: [{ file_name: 'result.md', title: 'Result', content: '{{text}}' }] });
const body = (id: string, words?: string) => ({ workflow_id: id, name: `Mine ${id}`, description: '', persona: 'student', tags: ['t'], definition: definition(words) });
const wire = (reply: { body: unknown }) => reply.body as OwnWorkflowWire;
const problem = (reply: { body: unknown }) => reply.body as Problem;

describe('writing', () => {
  it('makes a version a save, none for the same content, and refuses a stale edit', async () => {
    const made = await call('POST', '', { json: body('notes') });
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"v1"']);
    expect(wire(made)).toMatchObject({ workflow_id: 'notes', persona: 'student', tags: ['t'], version: 1, channels: { draft: 1, test: null, live: null } });
    expect((await call('POST', '', { json: body('notes') })).status).toBe(409);
    const second = await call('PUT', '/notes', { json: { definition: definition('About {{topic}}'), note: 'Other words' }, headers: { 'If-Match': '"v1"' } });
    expect([second.status, wire(second).version]).toEqual([200, 2]);
    expect(wire(await call('PUT', '/notes', { json: { definition: definition('About {{topic}}') }, headers: { 'If-Match': '"v2"' } })).version).toBe(2);
    const stale = await call('PUT', '/notes', { json: { definition: definition('Stale {{topic}}') }, headers: { 'If-Match': '"v1"' } });
    expect([stale.status, problem(stale).code]).toEqual([412, 'PreconditionFailed']);
    expect((await call('GET', '/notes/versions')).body).toMatchObject([{ version: 2, note: 'Other words', channels: ['draft'] }, { version: 1 }]);
    expect((await call('GET', '/notes/diff?from=1&to=2')).body).toMatchObject({ same: false, changes: [{ pointer: '#/steps/write/prompt', kind: 'changed' }] });
  });

  it('of a workflow that left the catalog it says so', async () => {
    const row = await platform.api.deps.db.workflow.create({ data: { id: uuidv7(), slug: 'gone_for_good', name: 'Gone', description: '', difficulty: 'beginner', estimatedSeconds: 60, currentVersion: 1, isActive: false } });
    for (const ref of [row.slug, row.id]) expect(await call('POST', `/${ref}/validate`, { json: {} })).toMatchObject({ status: 200, body: { valid: false, workflow_id: 'gone_for_good', errors: [{ pointer: '#', detail: expect.stringContaining('not in the catalog') as string }], plan: [] } });
  });

  it('two who save at once: one wins, the other is told', async () => {
    await call('POST', '', { json: body('race') });
    const replies = await Promise.all(['A', 'B', 'C'].map((word) => call('PUT', '/race', { json: { definition: definition(`${word} {{topic}}`) }, headers: { 'If-Match': '"v1"' } })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it('tells every problem at its place and saves nothing', async () => {
    const bad = { ...definition('{{nobody}} {{constructor.constructor("x")()}}'), colour: 1 };
    const refused = await call('POST', '', { json: { ...body('bad'), definition: bad } });
    expect(refused.status).toBe(400);
    expect(problem(refused).errors?.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['#/definition/colour', '#/definition/steps/0/prompt']));
    expect((await call('GET', '/bad/definition')).status).toBe(404);
    const checked = await call('POST', '/validate', { json: { definition: { ...bad, slug: 'bad', name: 'Bad', personas: ['student'] } } });
    expect(checked.body).toMatchObject({ valid: false });
    expect((await call('POST', '/notes/validate', { json: {} })).body).toMatchObject({ valid: true, workflow_id: 'notes', errors: [], plan: [{ step: 'write', repeat: 1 }] });
    expect((await call('POST', '/learn_agentic_ai/validate', { json: {} })).body).toMatchObject({ valid: true, workflow_id: 'learn_agentic_ai', errors: [], warnings: [], plan: expect.arrayContaining([expect.objectContaining({ step: 'diagnose', kind: 'model' })]) as unknown });
    expect((await call('POST', '', { json: { ...body('x'), surprise: 1 } })).status).toBe(400);
    // More than the database can number.
    for (const query of ['/notes/definition?version=549755813889', '/notes/diff?from=1&to=549755813889', '/notes/export?version=549755813889']) expect([query, (await call('GET', query)).status]).toEqual([query, 400]);
    expect((await call('POST', '', { json: body('learn_agentic_ai') })).status).toBe(400);
  });

  it('hides drafts from others, shows what is live, and lets only who may publish', async () => {
    await call('POST', '', { json: body('shared') });
    expect((await call('GET', '/shared', { as: bob.token })).status).toBe(404);
    expect((await call('PUT', '/shared/channels/live', { json: { version: 1 } })).status).toBe(200);
    expect((await call('GET', '/shared', { as: bob.token })).body).toMatchObject({ kind: 'own', version: 1, workflow_type: 'own.shared' });
    expect((await call('GET', '/shared/schema', { as: bob.token })).body).toMatchObject({ fields: [{ name: 'topic', required: true }] });
    expect((await call('PUT', '/shared', { as: bob.token, json: { name: 'Stolen' } })).status).toBe(403);
    await call('PUT', '/shared', { json: { definition: definition('Two {{topic}}') } });
    expect((await call('GET', '/shared/definition?version=2', { as: bob.token })).status).toBe(404);
    await call('POST', '', { as: student.token, json: body('homework') });
    expect((await call('PUT', '/homework/channels/live', { as: student.token, json: { version: 1 } })).status).toBe(403);
    expect((await call('PUT', '/homework/channels/test', { as: student.token, json: { version: 1 } })).status).toBe(200);
  });

  it('comes back from an export as it was, refuses one that was changed, and fetches nothing', async () => {
    const file = JSON.parse((await call('GET', '/notes/export')).text) as { definition: { steps: { prompt: string }[] } };
    expect(JSON.stringify(file)).not.toMatch(/secret|api_key|user/i);
    const back = await call('POST', '/import', { as: bob.token, json: { ...file, workflow_id: undefined } });
    expect(back.status).toBe(409);
    const taken = await call('POST', '/import', { as: bob.token, json: { ...file, workflow_id: 'notes_of_bob' } });
    expect([taken.status, (taken.body as { signed_by: string }).signed_by]).toEqual([201, 'this_installation']);
    expect(wire(taken).definition['steps']).toEqual(file.definition.steps);
    const forged = structuredClone(file);
    (forged.definition.steps[0] as { prompt: string }).prompt = 'Other {{topic}}';
    expect(problem(await call('POST', '/import', { json: { ...forged, workflow_id: 'forged' } })).errors?.[0]?.pointer).toBe('#/signature');
    const strange = { ...file.definition, slug: 'strange', steps: [{ type: 'tool', key: 'a', tool: 'mcp:theirs:search' }, { type: 'prompt', key: 'b', prompt: 'x', provider: 'their_cloud', model: 'm' }] };
    expect(problem(await call('POST', '/import', { json: { format: 'awp.workflow/v1', definition: strange } })).errors?.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['#/definition/steps/0/tool', '#/definition/steps/1/provider']));
    expect((await call('POST', '/import', { json: { format: 'awp.workflow/v1', definition: { ...strange, description: 'x'.repeat(5_000_000) } } })).status).toBe(413);
    expect(await platform.api.deps.db.workflow.count({ where: { slug: { in: ['strange', 'forged', 'bad'] } } })).toBe(0);
    expect((await call('GET', '/notes/export?format=yaml')).text).toContain('format: awp.workflow/v1');
  });
});

describe('running', () => {
  it('a sub-run names the live version or one of your own: drafts and withdrawn versions of others are not there', async () => {
    await call('POST', '', { json: body('lent', 'Live once {{topic}}') });
    await call('PUT', '/lent', { json: { definition: definition('Live now {{topic}}') } });
    await call('PUT', '/lent', { json: { definition: definition('Secret draft {{topic}}') } });
    const callOf = (version: number) => ({ ...definition(), steps: [{ type: 'workflow', key: 'write', workflow: 'lent', version, inputs: { topic: '{{topic}}' }, output_variable: 'sub' }], outputs: [{ file_name: 'result.md', title: 'Result', content: '{{sub.text}}' }] });
    const valid = async (as: string, version: number) => (await call('POST', '/validate', { as, json: { definition: { ...callOf(version), slug: 'borrower', name: 'Borrower', personas: ['student'] } } })).body as { valid: boolean; errors: { detail: string }[] };
    for (const version of [1, 2]) await call('PUT', '/lent/channels/live', { json: { version } });
    for (const version of [1, 3]) expect([version, await valid(bob.token, version)]).toEqual([version, expect.objectContaining({ valid: false, errors: [expect.objectContaining({ detail: `there is no workflow lent with a version ${version} that you can use` })] })]);
    for (const version of [1, 2, 3]) expect([version, (await valid(alice.token, version)).errors]).toEqual([version, []]);
    expect((await valid(bob.token, 2)).errors).toEqual([]);
    const saved = (version: number) => call('POST', '', { as: bob.token, json: { ...body('borrower'), definition: callOf(version) } });
    expect((await saved(3)).status).toBe(400);
    expect((await saved(2)).status).toBe(201);
    const tried = await call('POST', '/borrower/try', { as: bob.token, headers: { 'Idempotency-Key': 'borrowed-draft' }, json: { step: '#/steps/0', values: { topic: 'agents' }, provider: 'demo', definition: { ...callOf(3), name: 'Borrower', personas: ['student'] } } });
    expect([tried.status, JSON.stringify(tried.body)]).toEqual([400, expect.stringContaining('there is no workflow lent with a version 3')]);
    // What was saved keeps the version that was live then: its runs go on when another is live.
    await call('PUT', '/lent/channels/live', { json: { version: 3 } });
    expect(await platform.run(bob.token, { workflow_id: 'borrower', inputs: { topic: 'agents' }, provider: 'demo', channel: 'draft' })).toMatchObject({ status: 'completed', workflow_version: 1 });
  });

  it('runs, estimates and reruns like one of the catalog; a run keeps its version; removal archives', async () => {
    await call('POST', '', { json: body('keeper') });
    await call('PUT', '/keeper/channels/live', { json: { version: 1 } });
    expect((await call('POST', '/keeper/estimate', { json: { inputs: { topic: 'tools' }, provider: 'demo' } })).body).toMatchObject({ workflow_id: 'keeper', run_mode: 'test_run' });
    const refused = await platform.api.call('POST', '/api/v1/runs', { as: alice.token, json: { workflow_id: 'keeper', inputs: { topic: 'x', more: 1 }, provider: 'demo' } });
    expect(problem(refused).errors?.map(({ pointer }) => pointer).sort()).toEqual(['#/inputs/more', '#/inputs/topic']);
    const run = await platform.run(bob.token, { workflow_id: 'keeper', inputs: { topic: 'agents that call tools' }, provider: 'demo', run_mode: 'full_run' });
    expect(run).toMatchObject({ status: 'completed', workflow_id: 'keeper', workflow_version: 1, workflow_type: 'own.keeper' });
    await call('PUT', '/keeper', { json: { definition: definition('Version two on {{topic}}') } });
    expect(await platform.run(alice.token, { workflow_id: 'keeper', inputs: { topic: 'agents' }, provider: 'demo', channel: 'draft' })).toMatchObject({ status: 'completed', workflow_version: 2 });
    expect(await platform.run(bob.token, { workflow_id: 'keeper', inputs: { topic: 'agents' }, provider: 'demo' })).toMatchObject({ workflow_version: 1 });
    // The form, the figures and the page of the draft, for the one whose it is.
    expect([wire(await call('GET', '/keeper')).version, wire(await call('GET', '/keeper?channel=draft')).version, (await call('GET', '/keeper/schema?channel=draft')).body, (await call('GET', '/keeper?channel=draft', { as: bob.token })).status]).toMatchObject([1, 2, { version: 2 }, 404]);
    expect((await call('POST', '/keeper/estimate', { json: { inputs: { topic: 'tools' }, provider: 'demo', channel: 'draft' } })).status).toBe(200);
    expect((await platform.api.call('POST', '/api/v1/runs', { as: bob.token, json: { workflow_id: 'keeper', inputs: { topic: 'agents' }, provider: 'demo', channel: 'draft' } })).status).toBe(404);
    const preview = await platform.api.call('POST', `/api/v1/runs/${run.id}/rerun/preview`, { as: bob.token, json: { kind: 'start' } });
    expect(preview.body).toMatchObject({ version_changed: false });
    expect((await call('DELETE', '/keeper')).status).toBe(204);
    expect((await call('GET', '/keeper')).status).toBe(404);
    expect((await platform.api.call('GET', `/api/v1/runs/${run.id}`, { as: bob.token })).body).toMatchObject({ workflow_version: 1, status: 'completed' });
    expect((await call('DELETE', '/race')).status).toBe(204);
    expect(await platform.api.deps.db.workflow.count({ where: { slug: 'race' } })).toBe(0);
  }, 90_000);

  it('has the starters, live, for everybody', async () => {
    const list = (await call('GET', '?limit=200', { as: student.token })).body as { workflow_id: string; kind: string }[];
    expect(list.filter(({ kind }) => kind === 'own').map(({ workflow_id: id }) => id)).toEqual(expect.arrayContaining(['haiku', 'essay_writing_assistant', 'branch_example']));
    // Each opens in the builder of who begins with it, and holds in this installation.
    await Promise.all(STARTERS.map(async ({ slug }) => {
      const opened = await call('GET', `/${String(slug)}/definition?channel=live`, { as: student.token });
      const made = await call('POST', '', { as: student.token, json: { definition: { ...wire(opened).definition, slug: `mine_${String(slug)}` } } });
      expect([slug, opened.status, made.status, (await call('POST', `/mine_${String(slug)}/validate`, { as: student.token, json: {} })).body]).toMatchObject([slug, 200, 201, { valid: true, errors: [], warnings: [] }]);
    }));
    expect((await platform.run(student.token, { workflow_id: 'haiku', inputs: { topic: 'rain' }, provider: 'demo' })).status).toBe('completed');
  }, 60_000);
});

describe('the command line', () => {
  const work = mkdtempSync(path.join(tmpdir(), 'awp-own-cli-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const awp = async (...args: string[]): Promise<{ code: number; out: string; err: string }> => {
    const said = { out: '', err: '' };
    const into = (name: 'out' | 'err') => ({ write: (text: string) => { said[name] += text; } });
    const code = await runCli(args, { stdout: into('out'), stderr: into('err'), stdin: Readable.from([]), env: { AWP_API_URL: platform.api.url, AWP_API_TOKEN: alice.token, HOME: work } }, new AbortController().signal);
    return { code, ...said };
  };

  it('checks, publishes, exports and imports files, and makes a draft of a skill folder', async () => {
    const file = path.join(work, 'plan.yaml');
    const text = (words: string): string => `slug: from_ci\nname: From CI\npersonas: [student]\ninputs: { schema: { type: object, properties: { topic: { type: string } }, required: [topic] } }\nsteps:\n  - { type: prompt, key: write, prompt: "${words}", max_tokens: 50 }\n`;
    writeFileSync(file, text('On {{topik}}'));
    const bad = await awp('workflows', 'validate', file);
    expect([bad.code, bad.out]).toEqual([3, expect.stringContaining('#/steps/0/prompt')]);
    expect((await awp('workflows', 'publish', file)).code).toBe(3);
    writeFileSync(file, text('On {{topic}}'));
    expect((await awp('workflows', 'validate', file)).code).toBe(0);
    expect((await awp('workflows', 'publish', file)).out).toContain('from_ci version 1 is on the channel live');
    expect((await awp('workflows', 'publish', file)).out).toContain('version 1');
    writeFileSync(file, text('About {{topic}}'));
    expect((await awp('workflows', 'publish', file, '--channel', 'test')).out).toContain('version 2 is on the channel test');
    const out = path.join(work, 'out.yaml');
    expect((await awp('workflows', 'export', 'from_ci', '-o', out)).code).toBe(0);
    expect((await awp('workflows', 'import', out, '--as', 'from_file')).out).toContain('from_file version 1 is your draft; signed by this installation');
    expect((await awp('workflows', 'export', 'from_ci', '--format', 'typescript', '-o', path.join(work, 'code'))).out).toContain('workflows/catalog/index.ts');
    expect(readFileSync(path.join(work, 'code/workflow.ts'), 'utf8')).toContain('export async function fromCi');
    const skill = await awp('workflows', 'import', 'skills/agents/planning', '--as', 'planning_steps');
    expect([skill.code, skill.out]).toEqual([0, expect.stringContaining('planning_steps version 1 is your draft')]);
    expect(skill.err).toContain('made from the sections');
    // A model looks at the import once: a Test run like any other, and its version is the next.
    const refined = await awp('workflows', 'import', 'skills/agents/planning', '--as', 'planning_refined', '--refine', '--provider', 'demo');
    expect([refined.code, refined.out, refined.err]).toEqual([0, expect.stringContaining('planning_refined version 2 is your draft, refined by a model.'), expect.stringContaining('completed')]);
    expect((await call('GET', '/planning_refined/versions')).body).toMatchObject([{ version: 2, note: 'Refined by demo' }, { version: 1 }]);
    expect((await call('POST', '/planning_refined/validate', { json: {} })).body).toMatchObject({ valid: true });
    writeFileSync(path.join(work, 'SKILL.md'), '---\nname: broken\n---\n');
    expect((await awp('workflows', 'import', work)).code).not.toBe(0);
  }, 60_000);
});
