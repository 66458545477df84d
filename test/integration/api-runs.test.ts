import { randomUUID } from 'node:crypto';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import { RunDetailSchema, RunEventSchema, StartedRunSchema, type RunEventWire, type RunWire } from '#contracts/api/runs.schema';
import { WAITS_OF_ONE } from '#api/wait-for-end';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';
import { endEvent, logEvent, writeArtifact, writeEvents } from '../support/runs.ts';
import { asOwner } from '../support/servers.ts';

let api: ApiUnderTest;
let alice: { id: string; token: string };
let bob: { id: string; token: string };
// No worker listens on this file's queue: runs stay where these tests put them.
beforeAll(async () => {
  api = await startApi();
  [alice, bob] = await Promise.all([api.person('researcher'), api.person('researcher')]);
});
afterAll(() => api.close());

const body = (change: Record<string, unknown> = {}) => ({ workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL }, ...change });
async function newRun(change: Record<string, unknown> = {}, who = alice): Promise<RunWire & { provider_reason: string }> {
  const reply = await api.call('POST', '/api/v1/runs', { as: who.token, json: body(change) });
  expect([reply.status, reply.text]).toEqual([201, expect.anything()]);
  return StartedRunSchema.parse(reply.body);
}
const get = (address: string, as = alice.token, headers: Record<string, string> = {}) => api.call('GET', address, { as, headers });

it('one person waits for a bounded number of ends at the same moment; the next wait is refused, and nobody else is', async () => {
  const run = await newRun();
  const wait = () => get(`/api/v1/runs/${run.id}/result?wait_seconds=2`);
  const waiting = Array.from({ length: WAITS_OF_ONE + 3 }, wait);
  const theirs = await newRun({}, bob);
  expect((await get(`/api/v1/runs/${theirs.id}/result?wait_seconds=1`, bob.token)).status).toBe(202);
  // Started and told at once, not refused after it was started.
  expect((await api.call('POST', '/api/v1/runs/execute', { as: alice.token, json: body() })).status).toBe(202);
  const statuses = (await Promise.all(waiting)).map(({ status }) => status).toSorted();
  expect(statuses).toEqual([...Array.from({ length: WAITS_OF_ONE }, () => 202), 429, 429, 429]);
  // What was held is free again.
  expect((await wait()).status).toBe(202);
});

describe('POST /runs', () => {
  it('stores row, first event, snapshot and audit event, and starts one execution named by the run', async () => {
    const run = await newRun({ run_mode: 'validate_only' });
    expect(run).toMatchObject({ status: 'queued', run_mode: 'validate_only', provider: 'demo', simulated: true, workflow_version: 1, inputs: { learning_goal: GOAL, timebox_minutes: 60 } });
    expect(run.provider_reason).toContain('No provider is configured');
    await api.deps.starts.settled();
    const description = await api.deps.temporal.workflow.getHandle(run.id).describe();
    expect(description).toMatchObject({ type: 'learnAgenticAi', taskQueue: api.deps.config.WORKER_TASK_QUEUE });
    expect(description.searchAttributes).toMatchObject({ Persona: ['student'], Workflow: ['learn_agentic_ai'], RunMode: ['validate_only'], Provider: ['demo'], User: [alice.id] });
    expect(await api.deps.db.auditEvent.count({ where: { type: 'run.queued', resource: `run/${run.id}`, subject: alice.id } })).toBe(1);
    const row = await api.deps.db.run.findUniqueOrThrow({ where: { id: run.id }, include: { workflowVersion: true } });
    expect(row.workflowVersion.definition).toMatchObject({ slug: 'learn_agentic_ai', jsonSchema: { type: 'object' } });
  });

  it('takes the older spellings and the UUID of a workflow, and defaults to Test', async () => {
    const workflow = ((await get('/api/v1/workflows')).body as { id: string; workflow_id: string }[]).find((entry) => entry.workflow_id === 'learn_agentic_ai');
    const reply = await api.call('POST', '/api/v1/runs', { as: alice.token, json: { workflow_id: workflow?.id, input_data: { learning_goal: GOAL } } });
    expect(reply.body).toMatchObject({ run_mode: 'test_run', workflow_id: 'learn_agentic_ai' });
    expect(reply.headers.get('location')).toBe(`/api/v1/runs/${(reply.body as RunWire).id}`);
    expect((await api.call('POST', '/api/v1/runs', { as: alice.token, json: { workflow_id: 'learn_agentic_ai', mode: 'validate_only', inputs: { learning_goal: GOAL } } })).body).toMatchObject({ run_mode: 'validate_only' });
  });

  it('an Idempotency-Key makes one run: parallel requests get the same answer or 409, another body 422, another person their own', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const send = (json: unknown, as = alice.token) => api.call('POST', '/api/v1/runs', { as, json, headers });
    const replies = await Promise.all(Array.from({ length: 6 }, () => send(body())));
    const made = replies.filter((reply) => reply.status === 201);
    expect(replies.every((reply) => reply.status === 201 || reply.status === 409)).toBe(true);
    expect(new Set(made.map((reply) => (reply.body as RunWire).id)).size).toBe(1);
    const replay = await send(body());
    expect(replay.headers.get('idempotency-replayed')).toBe('true');
    expect(replay.body).toEqual(made[0]?.body);
    const mismatch = await send(body({ run_mode: 'validate_only' }));
    expect([mismatch.status, (mismatch.body as Problem).code]).toEqual([422, 'IdempotencyMismatch']);
    expect((await send(body(), bob.token)).status).toBe(201);
  });

  it('a refused request does not use up its key', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    expect((await api.call('POST', '/api/v1/runs', { json: body({ provider: 'groq' }), headers })).status).toBe(400);
    const id = { userId: alice.id, operation: 'startRun' };
    expect(await api.deps.db.idempotencyKey.count({ where: { ...id, status: null } })).toBe(0);
  });

  it('execute-async answers 202; execute answers 202 with Location when the run takes longer than the server waits', async () => {
    const async = await api.call('POST', '/api/v1/runs/execute-async', { as: alice.token, json: body() });
    expect([async.status, async.headers.get('location')]).toEqual([202, `/api/v1/runs/${(async.body as RunWire).id}`]);
    const impatient = await startApi({ AWP_EXECUTE_WAIT_SECONDS: '0' });
    try {
      const reply = await impatient.call('POST', '/api/v1/runs/execute', { json: body() });
      expect(reply.status).toBe(202);
      expect(StartedRunSchema.parse(reply.body).status).toBe('queued');
    } finally {
      await impatient.close();
    }
  });

  it('the eleventh start within a minute gets 429 with Retry-After and RateLimit headers, counted over all processes', async () => {
    const limited = await startApi({ AWP_RUN_STARTS_PER_MINUTE: '3' });
    try {
      const replies = [];
      for (let index = 0; index < 4; index += 1) replies.push(await limited.call('POST', '/api/v1/runs', { json: body() }));
      expect(replies.map((reply) => reply.status)).toEqual([201, 201, 201, 429]);
      expect(replies[0]?.headers.get('ratelimit-remaining')).toBe('2');
      expect(Number(replies[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(replies[3]?.body).toMatchObject({ code: 'RateLimited', retry_after: expect.any(Number) });
      expect(await limited.deps.db.run.count()).toBe(3);
    } finally {
      await limited.close();
    }
  });

  it('is accepted while Temporal is away, and reads live on', async () => {
    const alone = await startApi({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    try {
      const reply = await alone.call('POST', '/api/v1/runs', { json: body() });
      expect(reply.status).toBe(201);
      const { id } = reply.body as RunWire;
      expect((await alone.call('GET', `/api/v1/runs/${id}`)).body).toMatchObject({ status: 'queued' });
      const ready = await alone.call('GET', '/ready');
      expect([ready.status, (ready.body as { checks: unknown }).checks]).toEqual([503, { database: expect.objectContaining({ ok: true }), temporal: expect.objectContaining({ ok: false }) }]);
      expect((await alone.call('GET', '/ready?for=reads')).status).toBe(200);
      const cancel = await alone.call('POST', `/api/v1/runs/${id}/cancel`);
      expect(cancel.status).toBe(202);
      const hurry = await alone.call('POST', `/api/v1/runs/${id}/execute`);
      expect([hurry.status, hurry.headers.get('retry-after')]).toEqual([503, '5']);
    } finally {
      await alone.close();
    }
  });
});

describe('reading runs', () => {
  it('filters combine, the total counts them, pages neither repeat nor miss, and Link leads on', async () => {
    const reader = await api.person('researcher');
    for (let index = 0; index < 5; index += 1) await newRun({ run_mode: index % 2 === 0 ? 'validate_only' : 'test_run', inputs: { learning_goal: `${GOAL} number ${index}` } }, reader);
    const all: string[] = [];
    let address: string | undefined = '/api/v1/runs?limit=2';
    while (address) {
      const page = await get(address, reader.token);
      expect(page.headers.get('x-total-count')).toBe('5');
      all.push(...(page.body as RunWire[]).map((run) => run.inputs['learning_goal'] as string));
      address = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(all).toEqual([4, 3, 2, 1, 0].map((index) => `${GOAL} number ${index}`));
    const filtered = await get('/api/v1/runs?workflow_id=learn_agentic_ai&status_filter=queued&run_mode=validate_only&provider=demo&search=number%202&skip=0', reader.token);
    expect([filtered.headers.get('x-total-count'), (filtered.body as RunWire[]).length]).toEqual(['1', 1]);
    expect(((await get('/api/v1/runs?search=100%25', reader.token)).body as RunWire[]).length).toBe(0);
    expect(((await get('/api/v1/runs?skip=3', reader.token)).body as RunWire[]).length).toBe(2);
  });

  it('every number elsewhere finds its runs: by day, model, state and demo', async () => {
    const reader = await api.person('researcher');
    const run = await newRun({}, reader);
    const today = run.created_at.slice(0, 10);
    const found = async (query: string) => ((await get(`/api/v1/runs?${query}`, reader.token)).body as RunWire[]).length;
    expect(await Promise.all([`from=${today}&to=${today}`, `to=2020-01-01`, `from=2999-01-01`, `model=${run.model}`, 'model=other', 'live=true', 'live=false', 'simulated=true', 'simulated=false'].map(found))).toEqual([1, 0, 0, 1, 0, 1, 0, 1, 0]);
    expect((await get('/api/v1/runs?from=yesterday', reader.token)).status).toBe(400);
  });

  it('a result is rated by whose it is, once the run has ended, and the rating can be taken back', async () => {
    const run = await newRun();
    const rate = (json: object, as = alice.token) => api.call('PUT', `/api/v1/runs/${run.id}/rating`, { as, json });
    expect(((await rate({ rating: 'good' })).body as Problem).code).toBe('Conflict');
    await writeEvents(api.deps, run.id, [{ type: 'run-start', data: { temporal_run_id: 'x' } }, endEvent()]);
    expect((await rate({ rating: 'good', note: 'clear' })).body).toMatchObject({ rating: 'good', rating_note: 'clear' });
    expect((await rate({ rating: 'good' }, bob.token)).status).toBe(404);
    expect((await rate({ rating: 'fine' })).status).toBe(400);
    expect(((await get('/api/v1/runs?rating=good')).body as RunWire[]).map(({ id }) => id)).toEqual([run.id]);
    expect((await rate({ rating: null, note: 'gone' })).body).toMatchObject({ rating: null, rating_note: null });
  });

  it('another person\'s run, events, stream, files, cancel and delete are 404', async () => {
    const run = await newRun();
    const artifact = await writeArtifact(api.deps, { id: run.id, userId: alice.id }, { fileName: 'notes.md', mimeType: 'text/markdown', content: 'mine' });
    const addresses = ['', '/status', '/events', '/stream', '/artifacts', '/artifacts?format=zip'].map((part) => `/api/v1/runs/${run.id}${part}`);
    for (const address of [...addresses, `/api/v1/artifacts/run/${run.id}`, `/api/v1/artifacts/${artifact}`, `/api/v1/artifacts/${artifact}/content`, `/api/v1/artifacts/${artifact}/download`]) expect([address, (await get(address, bob.token)).status]).toEqual([address, 404]);
    for (const [method, address] of [['POST', `/api/v1/runs/${run.id}/cancel`], ['POST', `/api/v1/runs/${run.id}/execute`], ['DELETE', `/api/v1/runs/${run.id}`], ['DELETE', `/api/v1/artifacts/${artifact}`]] as const) expect((await api.call(method, address, { as: bob.token })).status).toBe(404);
    expect((await get(`/api/v1/artifacts?run_id=${run.id}`, bob.token)).body).toEqual([]);
  });

  it('the detail carries stages and error, and an ended run has an ETag that answers 304', async () => {
    const run = await newRun();
    await writeEvents(api.deps, run.id, [
      { type: 'run-start', data: { temporal_run_id: 'x' } }, { type: 'stage-start', stage: 'validate', data: { stages: ['validate', 'test'] } },
      { type: 'check-end', stage: 'validate', data: { check: 'secret', title: 'Key', outcome: 'failed', detail: 'The provider refused the key', remedy: 'Replace it', duration_ms: 5 } },
      { type: 'run-end', data: { status: 'failed', cap_reached: null, headline: 'Key refused', error: { code: 'ProviderAuthentication', title: 'The provider refused the key', detail: 'openai: 401', remedy: 'Replace the key', step: null } } },
    ]);
    const reply = await get(`/api/v1/runs/${run.id}`);
    const detail = RunDetailSchema.parse(reply.body);
    expect(detail).toMatchObject({ status: 'failed', headline: 'Key refused', error: { type: '/problems/provider-authentication', status: 502, instance: `/api/v1/runs/${run.id}` }, stages: [{ stage: 'validate', status: 'failed', checks: [{ check: 'secret', outcome: 'failed' }] }] });
    expect((await get(`/api/v1/runs/${run.id}`, alice.token, { 'If-None-Match': reply.headers.get('etag') ?? '' })).status).toBe(304);
    expect((await get(`/api/v1/runs/${run.id}/status`)).body).toMatchObject({ status: 'failed', error_message: 'openai: 401' });
    const events = ((await get(`/api/v1/runs/${run.id}/events?after=1&limit=2`)).body as RunEventWire[]).map((event) => RunEventSchema.parse(event));
    expect(events.map((event) => event.sequence)).toEqual([2, 3]);
  });
});

describe('live stream', () => {
  const open = (runId: string, headers: Record<string, string> = {}, query = '') => fetch(`${api.url}/api/v1/runs/${runId}/stream${query}`, { headers: { Authorization: `Bearer ${alice.token}`, ...headers } });
  const idsOf = (text: string) => [...text.matchAll(/^id:(\d+)$/gm)].map((match) => Number(match[1]));

  it('brings what was and what comes, in order, and ends after the last event', async () => {
    const run = await newRun();
    const response = await open(run.id);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toContain('no-transform');
    const whole = response.text();
    for (let index = 0; index < 30; index += 1) await writeEvents(api.deps, run.id, [logEvent(`line ${index}`), logEvent('and more')]);
    await writeEvents(api.deps, run.id, [endEvent()]);
    await writeEvents(api.deps, run.id, [{ type: 'artifact-save', data: { artifact_id: randomUUID(), file_name: 'late.md', mime_type: 'text/markdown', file_size_bytes: 1, sha256: '0'.repeat(64) } }]);
    const text = await whole;
    expect(idsOf(text)).toEqual(Array.from({ length: 63 }, (_, index) => index + 1));
    expect(text.match(/^event:(.*)$/gm)?.at(-1)).toBe('event:artifact-save');
  });

  it('resumes after Last-Event-ID or ?after=, and answers 204 when all was seen', async () => {
    const run = await newRun();
    await writeEvents(api.deps, run.id, [logEvent('a'), logEvent('b'), endEvent()]);
    expect(idsOf(await (await open(run.id, { 'Last-Event-ID': '2' })).text())).toEqual([3, 4]);
    expect(idsOf(await (await open(run.id, {}, '?after=3')).text())).toEqual([4]);
    expect(idsOf(await (await open(run.id, { 'Last-Event-ID': '3' }, '?after=1')).text())).toEqual([4]);
    expect((await open(run.id, { 'Last-Event-ID': '4' })).status).toBe(204);
    expect((await open(run.id, { 'Last-Event-ID': 'x' })).status).toBe(400);
  });

  it('a reader whose connection breaks again and again misses and repeats nothing, while many write at once', async () => {
    const run = await newRun();
    const seen: number[] = [];
    const source = new EventSource(`${api.url}/api/v1/runs/${run.id}/stream`, { fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${alice.token}` } }) });
    const done = new Promise<void>((resolve) => { source.addEventListener('run-end', (event) => { seen.push(Number(event.lastEventId)); source.close(); resolve(); }); });
    source.addEventListener('log-write', (event) => { seen.push(Number(event.lastEventId)); });
    await Promise.all(Array.from({ length: 8 }, async (_, writer) => { for (let index = 0; index < 10; index += 1) await writeEvents(api.deps, run.id, [logEvent(`${writer}.${index}`)], `w${writer}-${index}`); }));
    // The feed's own connection is cut too: readers are woken when it stands again.
    await asOwner(api.deps.config.DATABASE_URL ?? '', (client) => client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'agentic-workflow-platform-feed' AND datname = current_database()`));
    await writeEvents(api.deps, run.id, [logEvent('after the cut'), endEvent()]);
    await done;
    expect(seen).toEqual(Array.from({ length: 82 }, (_, index) => index + 2));
  });

  it('a person has at most twelve', async () => {
    const run = await newRun();
    const aborts = Array.from({ length: 12 }, () => new AbortController());
    await Promise.all(aborts.map((abort) => fetch(`${api.url}/api/v1/runs/${run.id}/stream`, { headers: { Authorization: `Bearer ${alice.token}` }, signal: abort.signal })));
    const refused = await open(run.id);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    for (const abort of aborts) abort.abort();
    await writeEvents(api.deps, run.id, [endEvent()]);
    await expect.poll(async () => (await api.deps.metrics.streams.get()).values[0]?.value).toBe(0);
  });
});

describe('cancel and delete', () => {
  it('cancel stores the wish once, answers a second one alike, and 409 when the run has ended', async () => {
    const run = await newRun();
    const [first, second] = [await api.call('POST', `/api/v1/runs/${run.id}/cancel`, { as: alice.token }), await api.call('POST', `/api/v1/runs/${run.id}/cancel`, { as: alice.token })];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
    expect(await api.deps.db.runEvent.count({ where: { runId: run.id, type: 'cancel-request' } })).toBe(1);
    await writeEvents(api.deps, run.id, [endEvent('cancelled')]);
    const late = await api.call('POST', `/api/v1/runs/${run.id}/cancel`, { as: alice.token });
    expect([late.status, (late.body as Problem).code]).toEqual([409, 'Conflict']);
    expect((await api.call('POST', `/api/v1/runs/${run.id}/execute`, { as: alice.token })).status).toBe(409);
  });

  it('a live run is not deleted; an ended one goes with rows and files, and the audit event stays', async () => {
    const run = await newRun();
    await writeArtifact(api.deps, { id: run.id, userId: alice.id }, { fileName: 'notes.md', mimeType: 'text/markdown', content: '# Notes' });
    expect((await api.call('DELETE', `/api/v1/runs/${run.id}`, { as: alice.token })).status).toBe(409);
    await writeEvents(api.deps, run.id, [endEvent()]);
    const { storageKey } = await api.deps.db.artifact.findFirstOrThrow({ where: { runId: run.id } });
    expect((await api.call('DELETE', `/api/v1/runs/${run.id}`, { as: alice.token })).status).toBe(204);
    expect(await api.deps.storage.stat(storageKey)).toBeNull();
    expect(await api.deps.db.runEvent.count({ where: { runId: run.id } })).toBe(0);
    expect(await api.deps.db.auditEvent.count({ where: { type: 'run.deleted', resource: `run/${run.id}` } })).toBe(1);
    expect((await get(`/api/v1/runs/${run.id}`)).status).toBe(404);
  });
});
