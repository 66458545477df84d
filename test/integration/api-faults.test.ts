import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import type { RunDetailWire, RunEventWire, RunWire } from '#contracts/api/runs.schema';
import { findCatalogEntry } from '#activities/index';
import { createLogger } from '#platform/logger';
import { startSimulator, type Simulator } from '#simulator/server';
import { createWorker, type RunningWorker } from '#worker/create-worker';
import { BOOTSTRAP_KEY, GOAL, SIGN_IN_TOKEN, startApi, type ApiUnderTest } from '../support/api.ts';
import { simulatorEnvironment } from '../support/engine.ts';
import { endEvent, logEvent, writeEvents } from '../support/runs.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startProcess } from '../support/worker-process.ts';
import { createTestDatabase, temporalAddress } from '../support/servers.ts';
import { WORKFLOW_BUNDLES } from '../support/folders.ts';

const body = { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL } };

describe('when the database goes away', () => {
  it('every answer says so with 503 and Retry-After, the live stream stays open, and all recovers by itself without a loss', async () => {
    const database = await createTestDatabase();
    const url = new URL(database.url);
    const wire = await startFaultProxy({ host: url.hostname, port: Number(url.port) });
    url.host = `127.0.0.1:${wire.port}`;
    const api = await startApi({ DATABASE_URL: url.href, DATABASE_CONNECT_TIMEOUT_MS: '4000' });
    try {
      const run = (await api.call('POST', '/api/v1/runs', { json: body })).body as RunWire;
      const stream = await fetch(`${api.url}/api/v1/runs/${run.id}/stream`, { headers: { Authorization: `Bearer ${BOOTSTRAP_KEY}` } });
      const whole = stream.text();
      whole.catch(() => {});
      await wire.cut();
      for (const [method, address, json] of [['GET', '/api/v1/runs'], ['GET', `/api/v1/runs/${run.id}`], ['POST', '/api/v1/runs', body], ['GET', '/api/v1/workflows']] as const) {
        const reply = await api.call(method, address, json ? { json } : {});
        expect([address, reply.status, reply.headers.get('retry-after'), (reply.body as Problem).code]).toEqual([address, 503, '5', 'ServiceUnavailable']);
        expect(reply.text).not.toMatch(/prisma|ECONN|127\.0\.0\.1/i);
      }
      expect((await api.call('GET', '/health')).status).toBe(200);
      expect((await api.call('GET', '/ready')).body).toMatchObject({ status: 'not_ready', checks: { database: { ok: false }, temporal: { ok: true } } });
      expect((await api.call('GET', '/metrics')).text).toMatch(/^database_up 0$[^]*http_request_duration_seconds/m);
      await wire.mend();
      await expect.poll(async () => (await api.call('GET', '/ready')).status, { timeout: 10_000 }).toBe(200);
      await writeEvents(api.deps, run.id, [logEvent('back again'), endEvent()]);
      expect([...(await whole).matchAll(/^id:(\d+)$/gm)].map((match) => Number(match[1]))).toEqual([1, 2, 3]);
      expect((await api.call('GET', `/api/v1/runs/${run.id}`)).body).toMatchObject({ status: 'completed' });
    } finally {
      await api.close();
      await wire.cut();
      await database.drop();
    }
  });
});

describe('F10 · a lock that nobody lets go, with more callers than connections', () => {
  it('answers 503 with Retry-After to all of them, leaves no queue, and goes on when the lock is gone', async () => {
    const api = await startApi({ DATABASE_POOL_SIZE: '3', DATABASE_CONNECT_TIMEOUT_MS: '4000' });
    const blocker = new pg.Client({ connectionString: api.deps.config.DATABASE_URL as string });
    await blocker.connect();
    try {
      await api.call('GET', '/api/v1/runs'); // who asks is known before the lock
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE runs IN ACCESS EXCLUSIVE MODE');
      const began = Date.now();
      const replies = await Promise.all(Array.from({ length: 20 }, () => api.call('GET', '/api/v1/runs')));
      expect(replies.map((reply) => [reply.status, reply.headers.get('retry-after'), (reply.body as Problem).code])).toEqual(replies.map(() => [503, '5', 'ServiceUnavailable']));
      // The limits are four seconds each; what is over is for a busy machine.
      expect(Date.now() - began).toBeLessThan(15_000);
      expect(api.deps.pool.waitingCount).toBe(0);
      await blocker.query('ROLLBACK');
      expect((await api.call('GET', '/api/v1/runs')).status).toBe(200);
    } finally {
      await blocker.end();
      await api.close();
    }
  });
});

describe('with a worker', () => {
  let api: ApiUnderTest;
  let simulator: Simulator;
  let runner: RunningWorker;
  let running: Promise<void>;
  beforeAll(async () => {
    simulator = await startSimulator({ control: true, delayMsPerChunk: 0 });
    const keys = Object.fromEntries(Object.entries(simulatorEnvironment(simulator.url)).filter(([name]) => !name.endsWith('_API_KEY')));
    api = await startApi({ ...keys, AWP_KEY_TEST_TIMEOUT_MS: '10000', AWP_RETRY_BASE_MS: '20', WORKER_SHUTDOWN_GRACE_MS: '100', LOG_LEVEL: 'warn' });
    runner = await createWorker(api.deps.config, createLogger({ ...api.deps.config, LOG_LEVEL: 'silent' }, 'worker'), findCatalogEntry, WORKFLOW_BUNDLES);
    running = runner.worker.run();
  });
  afterAll(async () => {
    runner.worker.shutdown();
    await running;
    await runner.close();
    await api.close();
    await simulator.stop();
  });

  it('execute waits for the end and answers with texts and numbers; stream, events and detail tell the same', async () => {
    const reply = await api.call('POST', '/api/v1/runs/execute', { json: { ...body, provider: 'demo' } });
    expect([reply.status, reply.text.slice(0, 300)]).toEqual([200, expect.anything()]);
    const { run, output, metrics } = reply.body as { run: RunDetailWire; output: { formatted: string; raw: { final: string; all_steps: unknown[] } }; metrics: { total_tokens: number } };
    expect(run).toMatchObject({ status: 'completed', stages: [{ stage: 'validate', status: 'passed' }, { stage: 'test', status: 'passed' }] });
    expect(output.formatted).toContain('Build a small agent');
    expect(output.raw.all_steps.length).toBeGreaterThan(2);
    expect(metrics.total_tokens).toBe(run.totals.total_tokens);
    expect(run.validation_result).toMatchObject({ success: true, checks: { inputs: 'passed', secret: 'warning', provider: 'passed', estimate: 'passed' }, errors: [], estimated_cost_usd: 0 });
    expect((await api.call('GET', `/api/v1/runs/${run.id}/result`)).body).toEqual(reply.body);
    const events: RunEventWire[] = [];
    for (let after = 0; ;) {
      const page = (await api.call('GET', `/api/v1/runs/${run.id}/events?after=${after}&limit=20`)).body as RunEventWire[];
      events.push(...page);
      if (page.length < 20) break;
      after = page.at(-1)?.sequence ?? 0;
    }
    const stream = await (await fetch(`${api.url}/api/v1/runs/${run.id}/stream`, { headers: { Authorization: `Bearer ${BOOTSTRAP_KEY}` } })).text();
    expect([...stream.matchAll(/^data:(.*)$/gm)].map((match) => JSON.parse(match[1] as string) as unknown)).toEqual(events);
    const ends = events.filter((event) => event.type === 'completion-end').map((event) => event.data['usage'] as { input_tokens: number; output_tokens: number });
    expect(ends.reduce((sum, usage) => sum + usage.input_tokens + usage.output_tokens, 0)).toBe(run.totals.total_tokens);
  });

  it('the result of a run that was started before: asked too early it goes on, waited for it is there', async () => {
    const { run_id: id } = (await api.call('POST', '/api/v1/runs/execute-async', { json: { ...body, provider: 'demo' } })).body as { run_id: string };
    const early = await api.call('GET', `/api/v1/runs/${id}/result`);
    expect([early.status, early.headers.get('retry-after'), early.headers.get('location')]).toEqual([202, '1', `/api/v1/runs/${id}/result`]);
    const reply = await api.call('GET', `/api/v1/runs/${id}/result?wait_seconds=60`);
    expect([reply.status, (reply.body as { run: RunDetailWire }).run.status]).toEqual([200, 'completed']);
    expect((await api.call('GET', `/api/v1/runs/${id}/result?wait_seconds=soon`)).status).toBe(400);
  });

  it('tests a key by the worker: a good one succeeds, a refused one says so, and both are audited', async () => {
    const good = await api.call('POST', '/api/v1/settings/secrets', { json: { provider: 'openai', api_key: 'sk-good-0123456789' } });
    expect([good.status, good.body]).toEqual([200, expect.objectContaining({ test_status: 'success', last_tested_at: expect.any(String) })]);
    simulator.addFaults({ fault: { kind: 'status', status: 401 }, match: { health: true } });
    const bad = await api.call('POST', '/api/v1/settings/secrets', { json: { provider: 'openai', api_key: 'invalid-0123456789' } });
    expect(bad.body).toMatchObject({ test_status: 'failed', test_message: expect.stringContaining('refused') });
    expect((await api.deps.db.auditEvent.findMany({ where: { type: 'secret.tested' }, orderBy: { sequence: 'asc' } })).map((event) => event.outcome)).toEqual(['success', 'failed']);
  });

  it('cancels a run that was just started', async () => {
    const started = (await api.call('POST', '/api/v1/runs', { json: { ...body, provider: 'demo', run_mode: 'full_run' }, headers: { 'Idempotency-Key': randomUUID() } })).body as RunWire;
    expect((await api.call('POST', `/api/v1/runs/${started.id}/cancel`)).status).toBe(202);
    await expect.poll(async () => ((await api.call('GET', `/api/v1/runs/${started.id}/status`)).body as RunWire).status, { timeout: 20_000 }).toBe('cancelled');
  });
});

describe('the process', () => {
  it('says ready, keeps a used sign-in link used over a restart, and ends cleanly on SIGTERM with a stream open', async () => {
    const database = await createTestDatabase();
    const environment = {
      AWP_HOME: path.join(tmpdir(), `awp-api-process-${randomUUID()}`), DATABASE_URL: database.url, TEMPORAL_ADDRESS: temporalAddress(), AWP_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'), API_PORT: '0', LOG_LEVEL: 'warn',
      AWP_BOOTSTRAP_API_KEY: BOOTSTRAP_KEY, AWP_SIGN_IN_TOKEN: SIGN_IN_TOKEN, WORKER_TASK_QUEUE: `test-${randomUUID()}`,
    };
    const signIn = async (url: string | undefined) => (await fetch(`${url}/api/v1/session/sign-in-link`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token: SIGN_IN_TOKEN }) })).status;
    const first = await startProcess('api/main.ts', environment);
    const headers = { Authorization: `Bearer ${BOOTSTRAP_KEY}`, 'Content-Type': 'application/json' };
    expect(await signIn(first.url)).toBe(200);
    const run = (await (await fetch(`${first.url}/api/v1/runs`, { method: 'POST', headers, body: JSON.stringify(body) })).json()) as RunWire;
    const stream = await fetch(`${first.url}/api/v1/runs/${run.id}/stream`, { headers });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    while (!seen.includes('event:run-queue')) seen += (await reader?.read())?.value ?? '';
    await first.kill('SIGTERM');
    // The stream ended cleanly: a broken connection would throw here.
    while (!(await reader?.read())?.done);
    expect(first.child.exitCode).toBe(0);
    const second = await startProcess('api/main.ts', environment);
    try {
      expect(await signIn(second.url)).toBe(401);
      expect((await fetch(`${second.url}/api/v1/runs/${run.id}`, { headers })).status).toBe(200);
    } finally {
      await second.kill('SIGTERM');
      await database.drop();
    }
  });
});
