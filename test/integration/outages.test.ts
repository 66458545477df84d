import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { projectRoot } from '#scripts/launch/paths';
import { runningStack } from '#scripts/launch/lock';
import { KEPT_ENVIRONMENT } from '../support/folders.ts';

/** The whole product but its pages, as `npm start -- --no-web` runs it; its processes are killed as a bad day would. */
const home = mkdtempSync(join(tmpdir(), 'awp-outage-'));
const apiKey = randomBytes(24).toString('base64url');
let launcher: ChildProcess;
let api: string;
let output = '';

const until = (condition: () => unknown, timeout = 90_000) => vi.waitFor(condition, { timeout, interval: 100 });
const processId = (name: string): number => (JSON.parse(readFileSync(join(home, 'run', `${name}.pid`), 'utf8')) as { pid: number }).pid;
/** kill -9; the launcher brings it back. */
function kill(name: string): number {
  const pid = processId(name);
  process.kill(pid, 'SIGKILL');
  return pid;
}

beforeAll(async () => {
  launcher = spawn(process.execPath, [join(projectRoot, 'scripts/launch/main.ts'), '--no-open', '--no-web'], {
    cwd: projectRoot, stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'], HOME: process.env['HOME'], ...KEPT_ENVIRONMENT, AWP_HOME: home, AWP_BOOTSTRAP_API_KEY: apiKey, AWP_RUN_STARTS_PER_MINUTE: '0', AWP_RECONCILE_SECONDS: '1', AWP_HEARTBEAT_TIMEOUT_MS: '4000', SIMULATOR_DELAY_MS: '4',
      ...Object.fromEntries(['API_PORT', 'WEB_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'DEMO_PORT'].map((name) => [name, '0'])),
    },
  });
  for (const stream of [launcher.stdout, launcher.stderr]) stream?.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  await until(() => { if (launcher.exitCode !== null) throw new Error(output); expect(runningStack(home)?.urls).toBeTruthy(); });
  api = runningStack(home)?.urls?.api ?? '';
}, 120_000);

afterAll(async () => {
  const gone = new Promise((resolve) => launcher.once('exit', resolve));
  launcher.kill('SIGTERM');
  await gone;
  rmSync(home, { recursive: true, force: true });
}, 60_000);

interface Answer { status: number; type: string; body: Record<string, unknown> }

async function call(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${api}${path}`, {
    method: body === undefined ? 'GET' : 'POST', headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, type: response.headers.get('content-type') ?? '', body: (await response.json()) as Record<string, unknown> };
}

const start = (goal: string) => call('/api/v1/runs', { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: goal }, run_mode: 'test_run' });
async function completed(id: unknown): Promise<void> {
  await until(async () => {
    const { body } = await call(`/api/v1/runs/${String(id)}/status`);
    expect(body['status']).toBe('completed');
  });
}
const running = (id: unknown) => until(async () => { const { body } = await call(`/api/v1/runs/${String(id)}/status`); expect(body['status']).toBe('running'); });

it('kill -9 of Temporal in the middle of a run: reads go on, a start is accepted, both runs complete', async () => {
  const { body: first } = await start('Understand what a durable workflow is, first run');
  await running(first['id']);
  kill('temporal');
  expect((await call(`/api/v1/runs/${String(first['id'])}`)).status).toBe(200);
  const second = await start('Understand what a durable workflow is, second run');
  expect(second.status).toBe(201);
  await completed(first['id']);
  await completed(second.body['id']);
}, 180_000);

it('kill -9 of the API between the row and the start: the reconciler starts the run, exactly once', async () => {
  const temporal = kill('temporal');
  const { status, body } = await start('Understand what an outbox is, in a few minutes');
  expect(status).toBe(201);
  const pid = kill('api');
  await until(() => { expect(processId('api')).not.toBe(pid); expect(processId('temporal')).not.toBe(temporal); });
  await completed(body['id']);
  const { body: events } = await call(`/api/v1/runs/${String(body['id'])}/events?limit=200`);
  const list = (Array.isArray(events) ? events : events['events']) as { type: string }[];
  expect(list.filter((event) => event.type === 'run-start')).toHaveLength(1);
}, 180_000);

it.each([4, 15, 40])('F6 · kill -9 of the API %i ms into the answer to a start: sent again under the same key it is one run', async (ms) => {
  const goal = `Understand what an idempotency key is, asked twice, ${ms} ms apart`;
  const send = () => call('/api/v1/runs', { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: goal }, run_mode: 'validate_only' }, { 'Idempotency-Key': `outage-${ms}` });
  const first = send().catch(() => null);
  await pause(ms);
  kill('api');
  const answered = await first;
  const again = await until(async () => {
    const answer = await send();
    expect(answer.status).toBe(201);
    return answer;
  }) as Answer;
  if (answered?.status === 201) expect(answered.body['id']).toBe(again.body['id']);
  await completed(again.body['id']);
  const { body } = await call(`/api/v1/runs?search=${encodeURIComponent(goal)}`);
  expect((body as unknown as { id: string }[]).map((run) => run.id)).toEqual([again.body['id']]);
}, 180_000);

it('kill -9 of PostgreSQL in the middle of a run: 503 in words meanwhile, then the run completes', async () => {
  const { body } = await start('Understand what a write-ahead log is, in a few minutes');
  await running(body['id']);
  const pid = kill('postgres');
  const seen: Answer[] = [];
  await until(async () => {
    seen.push(await call(`/api/v1/runs/${String(body['id'])}`));
    expect(processId('postgres')).not.toBe(pid);
    expect(seen.at(-1)?.status).toBe(200);
  });
  for (const answer of seen.filter((candidate) => candidate.status !== 200)) {
    expect(answer).toMatchObject({ status: 503, type: expect.stringContaining('application/problem+json') as string, body: { code: 'ServiceUnavailable' } });
  }
  await completed(body['id']);
}, 180_000);

it('kill -9 of the worker: the run completes without a second start', async () => {
  const { body } = await start('Understand what a heartbeat is, in a few minutes');
  await running(body['id']);
  kill('worker');
  await completed(body['id']);
}, 180_000);
