import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import { endpoints } from '#api/endpoints';
import { uuidv7 } from '#platform/ids';
import { createSession } from '#platform/repositories/sessions';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';
import { endEvent, writeArtifact, writeEvents } from '../support/runs.ts';

/** Control C10: what belongs to somebody else is not there, for everybody, the administrator included, in path, query and body. */
/** what belongs to all */
const SHARED = new Set<string>(['getSkill', 'getWorkflow', 'getWorkflowSchema', 'estimateWorkflow',
  // people and invitations: administrators only
  'changeUser', 'eraseUser', 'signOutUser', 'resetUserPassword', 'removeSecondFactor', 'withdrawInvitation', 'removeBudget', 'switchWebhook']);
/** refused before anything is looked up: by permission, and where no launcher stands behind the API */
const DRILL = 'killWorkerUnderRun';
const NOBODY = '0199aaaa-0000-7000-8000-000000000001';
let api: ApiUnderTest;
let ids: Record<'run' | 'artifact' | 'setting' | 'token' | 'session' | 'upload' | 'workflow' | 'webhook', string>;
let alice: { id: string; token: string };
let others: { name: string; token: string }[];

beforeAll(async () => {
  api = await startApi({ OPENAI_API_KEY: 'sk-test-0123456789abcdef' });
  alice = await api.person('researcher');
  others = await Promise.all((['researcher', 'admin'] as const).map(async (name) => ({ name, token: (await api.person(name)).token })));
  const run = (await api.call('POST', '/api/v1/runs', { as: alice.token, json: { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: GOAL } } })).body as { id: string };
  await writeEvents(api.deps, run.id, [endEvent()]);
  const artifact = await writeArtifact(api.deps, { id: run.id, userId: alice.id }, { fileName: 'notes.md', mimeType: 'text/markdown', content: '# Hers' });
  const setting = (await api.call('POST', '/api/v1/settings', { as: alice.token, json: { provider: 'openai', api_key: 'sk-alice-0123456789' } })).body as { id: string };
  const token = (await api.call('POST', '/api/v1/tokens', { as: alice.token, json: { name: 'hers' } })).body as { id: string };
  const session = await api.deps.db.$transaction((tx) => createSession(tx, alice.id, { idleMs: null, absoluteMs: 60_000 }, { ipAddress: null, userAgent: null }));
  const upload = await api.deps.db.upload.create({ data: { id: uuidv7(), userId: alice.id, fileName: 'hers.csv', kind: 'csv', fileSizeBytes: 3n, sha256: '0'.repeat(64), storageKey: 'upload-none/file' } });
  const workflow = (await api.call('POST', '/api/v1/workflows', { as: alice.token, json: { workflow_id: 'hers', name: 'Hers', persona: 'student', definition: { steps: [{ type: 'prompt', prompt: 'A draft' }] } } })).body as { id: string };
  const webhook = (await api.call('POST', '/api/v1/webhooks', { as: alice.token, json: { url: 'https://hers.example.org/', events: ['run.completed'] } })).body as { id: string };
  ids = { webhook: webhook.id, workflow: workflow.id, upload: upload.id, session: session.id, run: run.id, artifact, setting: setting.id, token: token.id };
});
afterAll(() => api.close());

const kindOf = (path: string): keyof typeof ids | null => (/^\/api\/v1\/(runs|artifacts\/run)\/\{id\}/.test(path) ? 'run' : path.startsWith('/api/v1/artifacts/{id}') ? 'artifact' : path.startsWith('/api/v1/settings/{id}') ? 'setting' : path.startsWith('/api/v1/tokens/{id}') ? 'token' : path.startsWith('/api/v1/sessions/{id}') ? 'session' : path.startsWith('/api/v1/uploads/{id}') ? 'upload' : path.startsWith('/api/v1/webhooks/{id}') && !path.endsWith('/switch') ? 'webhook' : null);
/** of what people wrote; a draft is its writer's alone */
const WRITTEN = new Set<string>(['changeWorkflow', 'deleteWorkflow', 'validateWorkflow', 'activateWorkflow', 'deactivateWorkflow', 'getWorkflowDefinition', 'listWorkflowVersions', 'diffWorkflowVersions', 'publishWorkflow', 'exportWorkflow', 'getWorkingCopy', 'saveWorkingCopy', 'discardWorkingCopy', 'tryStep']);
const owned = endpoints.flatMap((endpoint) => { const kind = WRITTEN.has(endpoint.operationId) ? 'workflow' as const : kindOf(endpoint.path); return kind ? [{ ...endpoint, kind }] : []; });
/** Bodies that pass the schema, so that the id is what decides. */
const BODIES: Record<string, object> = {
  raiseBudget: { cost_usd_micros: 1_000_000 }, addSettingKey: { api_key: 'sk-other-0123456789' }, changeSettingKey: { weight: 2 }, decideGate: { decision: 'approve', shown_hash: '0'.repeat(64) }, delegateGate: { role: 'admin' }, rerunRun: { kind: 'start' }, previewRerun: { kind: 'start' }, changeSetting: { is_active: false }, changeWorkflow: { name: 'Theirs' }, validateWorkflow: {}, publishWorkflow: { version: 1 }, saveWorkingCopy: { definition: {} }, tryStep: { step: '#/steps/0' }, rateRun: { rating: 'good' }, changeWebhook: { url: 'https://other.example.org/', description: '', events: ['run.failed'], is_active: false },
};

const same = (problem: Problem) => ({ ...problem, instance: '', request_id: '', detail: problem.detail });

describe('a thing of somebody else', () => {
  it('is covered: every address with an id of an owned thing is asked below', () => {
    expect(owned.length).toBeGreaterThan(25);
    const open = endpoints.filter((endpoint) => endpoint.path.includes('{id}') && !kindOf(endpoint.path) && !WRITTEN.has(endpoint.operationId)).map((endpoint) => endpoint.operationId);
    // Things that belong to all, or that only administrators may touch.
    expect(open.filter((name) => !SHARED.has(name))).toEqual([]);
  });

  it.each(owned.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))('%s answers as if it were not there', async (_name, endpoint) => {
    const address = (id: string) => endpoint.path.replace('{gate_id}', 'full.full-run').replace('{channel}', 'test').replace('{key_id}', NOBODY).replace('{delivery_id}', NOBODY).replaceAll(/\{(id|run_id)\}/g, id) + (endpoint.operationId === 'getRunCall' ? '?call_id=test/outline/1' : endpoint.operationId === 'diffWorkflowVersions' ? '?from=1&to=1' : '');
    const body = BODIES[endpoint.operationId];
    if (endpoint.body) expect(body, `${endpoint.operationId} needs a body in BODIES`).toBeDefined();
    for (const { name, token } of others) {
      const [theirs, nothing] = [await api.call(endpoint.method.toUpperCase(), address(ids[endpoint.kind]), { as: token, json: body }), await api.call(endpoint.method.toUpperCase(), address(NOBODY), { as: token, json: body })];
      const wanted = endpoint.operationId !== DRILL ? 404 : name === 'admin' ? 409 : 403;
      expect([name, theirs.status, nothing.status, theirs.text.slice(0, 200)]).toEqual([name, wanted, wanted, expect.any(String)]);
      expect(same(theirs.body)).toEqual(same(nothing.body));
    }
  });

  it('is not found in a query', async () => {
    for (const { token } of others) {
      expect((await api.call('GET', `/api/v1/runs/compare?ids=${ids.run},${NOBODY}`, { as: token })).status).toBe(404);
      expect((await api.call('GET', '/api/v1/runs', { as: token })).body).toEqual([]);
      expect((await api.call('GET', '/api/v1/artifacts', { as: token })).body).toEqual([]);
      expect((await api.call('GET', '/api/v1/settings', { as: token })).body).toEqual([]);
      expect((await api.call('GET', '/api/v1/webhooks', { as: token })).body).toEqual([]);
    }
  });

  it('is in the audit log when somebody asks for it by path, query or body, and what is not there is not; a flood of attempts fills no table', async () => {
    const { id, token } = await api.person('student');
    const ask = (method: string, path: string, json?: object) => api.call(method, path, { as: token, json });
    const written = async () => (await api.deps.db.auditEvent.findMany({ where: { subject: id, type: 'access.denied' }, orderBy: { sequence: 'asc' } })).map(({ resource, outcome, data }) => ({ resource, outcome, ...(data as { answer?: number; attempts: number }) }));
    await ask('GET', `/api/v1/runs/${NOBODY}`);
    await ask('GET', `/api/v1/runs/compare?ids=${NOBODY},${NOBODY.replace('1', '2')}`);
    expect(await written()).toEqual([]);
    await ask('GET', `/api/v1/runs/${ids.run}/events`);
    await ask('GET', `/api/v1/runs/compare?ids=${ids.run},${NOBODY}`);
    await ask('GET', '/api/v1/workflows/hers/definition');
    expect((await ask('POST', '/api/v1/runs', { workflow_id: 'ask_my_data', run_mode: 'test_run', provider: 'demo', inputs: { question: 'How much is it in all?', data_file: ids.upload } })).status).toBe(400);
    expect(await written()).toEqual([
      expect.objectContaining({ resource: `run/${ids.run}`, outcome: 'denied', answer: 404, attempts: 1 }), expect.objectContaining({ resource: `run/${ids.run}`, answer: 404 }),
      expect.objectContaining({ resource: `workflow/${ids.workflow}`, answer: 404 }), expect.objectContaining({ resource: `upload/${ids.upload}`, answer: 400 }),
    ]);
    for (let attempt = 0; attempt < 30; attempt += 1) expect((await ask('GET', '/api/v1/users')).status).toBe(403);
    const refused = (await written()).filter(({ resource }) => resource === 'route/api/v1/users');
    expect(refused.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is still there for its owner, unchanged', async () => {
    expect((await api.call('GET', `/api/v1/runs/${ids.run}`, { as: alice.token })).status).toBe(200);
    expect((await api.call('GET', `/api/v1/artifacts/${ids.artifact}/content`, { as: alice.token })).status).toBe(200);
    expect((await api.call('GET', `/api/v1/settings/${ids.setting}`, { as: alice.token })).body).toMatchObject({ is_active: true });
    expect((await api.call('GET', `/api/v1/webhooks/${ids.webhook}`, { as: alice.token })).body).toMatchObject({ url: 'https://hers.example.org/', is_active: true, secret_overlap_until: null });
  });
});
