import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { webFolder } from '#scripts/deploy/image-folders';
import { projectRoot } from '#scripts/launch/paths';
import { anyFreePort } from '#scripts/launch/ports';
import { startBalancer, type Balancer } from '../support/deploy/balancer.ts';
import { startClients, type Clients } from '../support/deploy/clients.ts';
import { openProcessStack, type ProcessStack } from '../support/deploy/process-stack.ts';

/** A rolling update, as the chart asks for it (surge 1, unavailable 0), with the real processes: two api, two worker, two web, each
 * replaced by SIGTERM under clients that start runs, read lists and follow runs, half of them through the pages' server. */
const DRAIN_SECONDS = process.env['FAULTS'] === 'full' ? 5 : 2;
/** What the chart gives a pod beyond its drain before it is killed. */
const GRACE_MS = 15_000;
/** In the long form the second of each as well, with the chart's own drain. */
const ROUNDS = process.env['FAULTS'] === 'full' ? 2 : 1;
/** So that runs are under way whenever something is replaced. */
const MS_PER_WORD = 15 * DRAIN_SECONDS;
/** As the image has it: with Next's own 5 s, connections that the balancer keeps break under its requests. */
const KEEP_ALIVE_TIMEOUT = /KEEP_ALIVE_TIMEOUT=(\d+)/.exec(readFileSync(join(projectRoot, 'Dockerfile'), 'utf8'))?.[1] ?? '';
interface Replica { child: ChildProcess; url?: string | undefined; output?: () => string }
let stack: ProcessStack;
let apis: Balancer;
let webs: Balancer;
let clients: Clients;
const replicas: { api: Replica[]; worker: Replica[]; web: Replica[] } = { api: [], worker: [], web: [] };

const START = {
  async api(): Promise<Replica> {
    const started = await stack.start('api/main.ts', { AWP_DRAIN_SECONDS: String(DRAIN_SECONDS) });
    await apis.add(started.url as string);
    return started;
  },
  worker: (): Promise<Replica> => stack.start('worker/main.ts', { WORKER_SHUTDOWN_GRACE_MS: '10000' }),
  async web(): Promise<Replica> {
    const port = String(await anyFreePort());
    const child = spawn(process.execPath, ['web/server.js'], { cwd: webFolder, env: { PATH: process.env['PATH'] ?? '', PORT: port, HOSTNAME: '127.0.0.1', NODE_ENV: 'production', KEEP_ALIVE_TIMEOUT, API_ORIGIN: apis.url, AWP_DRAIN_SECONDS: String(DRAIN_SECONDS) }, stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}`;
    await webs.add(url);
    return { child, url };
  },
};

beforeAll(async () => {
  [apis, webs] = await Promise.all([startBalancer('/ready?for=reads'), startBalancer('/health')]);
  stack = await openProcessStack({ LOG_LEVEL: 'warn' }, MS_PER_WORD);
  replicas.worker.push(await START.worker());
  for (const kind of ['api', 'api', 'worker', 'web', 'web'] as const) replicas[kind].push(await START[kind]());
});
afterAll(async () => {
  for (const { child } of replicas.web) if (child.exitCode === null && child.signalCode === null) { const gone = once(child, 'exit'); child.kill('SIGKILL'); await gone; }
  await Promise.all([apis.close(), webs.close()]);
  await stack.close();
});

/** How each says that it ended because it was asked to; Next's way is 128 and the signal's number. */
const EXIT = { api: 0, worker: 0, web: 143 } as const;
interface Stop { kind: keyof typeof replicas; ms: number; code: number | null; lastWords: string; asked: string }

async function call(path: string, json?: object): Promise<unknown> {
  const answer = await fetch(apis.url + path, { headers: { authorization: `Bearer ${stack.token}`, 'content-type': 'application/json' }, ...(json ? { method: 'POST', body: JSON.stringify(json) } : {}) });
  expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
  return answer.json();
}

/** of the runs that ask */
const followers: Promise<void>[] = [];
interface Gate { gate_id: string; shown_hash: string }
/** A run that asks its person something, followed at the very process that is about to go: however quick the machine, this stream is
 * open when it goes and has to be resumed elsewhere. */
async function openQuestion(balancer: Balancer, at: string): Promise<() => Promise<unknown>> {
  const { presets } = (await call('/api/v1/workflows/interview_coach')) as { presets: { inputs: object }[] };
  const { id } = (await call('/api/v1/runs', { workflow_id: 'interview_coach', run_mode: 'test_run', inputs: presets[0]?.inputs })) as { id: string };
  clients.runs.push(id);
  followers.push(clients.follow(balancer.url, id, at));
  const gate = await vi.waitFor(async () => {
    const { gates } = (await call(`/api/v1/runs/${id}`)) as { gates: Gate[] };
    expect(gates).toHaveLength(1);
    return gates[0] as Gate;
  }, { timeout: 60_000, interval: 200 });
  return () => call(`/api/v1/runs/${id}/gates/${gate.gate_id}/decision`, { decision: 'answer', shown_hash: gate.shown_hash, answer: { answer: 'A system prompt with roles and examples.', confidence: 4 } });
}

async function replace(kind: keyof typeof replicas): Promise<Stop> {
  const next = await START[kind]();
  const { child, url, output } = replicas[kind].shift() as Replica;
  replicas[kind].push(next);
  const answer = url === undefined ? null : await openQuestion(kind === 'web' ? webs : apis, url);
  const gone = once(child, 'exit') as Promise<[number | null, string | null]>;
  const [asked, startedAt] = [new Date().toISOString(), performance.now()];
  child.kill('SIGTERM');
  const [code] = await gone;
  const ms = performance.now() - startedAt;
  await answer?.();
  console.info(`${new Date().toISOString()} ${kind} replaced in ${(ms / 1000).toFixed(1)} s; ${clients.requests} requests, ${clients.lost.length} lost, ${clients.runs.length} runs so far`);
  return { kind, ms, code, lastWords: output?.().slice(-3_000) ?? '', asked };
}

it('processes are replaced under load: no request and no run is lost, streams go on where they were', async () => {
  clients = startClients([apis.url, webs.url], stack.token, 1_000);
  await vi.waitFor(() => expect(clients.runs.length).toBeGreaterThan(3), { timeout: 20_000 });
  const stops: Stop[] = [];
  for (let round = 0; round < ROUNDS; round += 1) for (const kind of ['worker', 'api', 'web'] as const) stops.push(await replace(kind));
  await Promise.all([clients.stop(), ...followers]);
  const statuses = await Promise.all(clients.runs.map((id) => vi.waitFor(async () => {
    const { status, error } = (await call(`/api/v1/runs/${id}`)) as { status: string; error: unknown };
    expect(status).toMatch(/^(completed|failed|cancelled|timed_out)$/);
    if (status !== 'completed') console.info(id, status, JSON.stringify(error));
    return status;
  }, { timeout: 180_000, interval: 500 })));

  const p95 = clients.latenciesMs.sort((a, b) => a - b)[Math.floor(clients.latenciesMs.length * 0.95)] as number;
  console.info(`rolling restart: ${clients.requests} requests, ${clients.lost.length} lost (p95 ${p95.toFixed(0)} ms); ${clients.runs.length} runs, ${statuses.filter((status) => status === 'completed').length} completed; ${clients.followed.size} followed live, ${clients.resumed} resumptions; ${stops.map(({ kind, ms }) => `${kind} stopped in ${(ms / 1000).toFixed(1)} s`).join(', ')}`);
  expect(clients.lost, [...stops.map(({ asked, kind, ms }) => `${asked} ${kind} asked to stop, gone after ${ms.toFixed(0)} ms`), ...apis.turns, ...webs.turns].sort().join('\n')).toEqual([]);
  expect(new Set(statuses)).toEqual(new Set(['completed']));
  for (const [id, seen] of clients.followed) {
    const log = (await call(`/api/v1/runs/${id}/events`)) as { sequence: number }[];
    const until = seen.at(-1) as number;
    const lasting = log.map(({ sequence }) => sequence).filter((sequence) => sequence <= until);
    // Deltas are pruned from the log once their step has ended: the log is a part of what was seen, in the same order, without a gap.
    expect(seen, id).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect(seen, id).toEqual(expect.arrayContaining(lasting));
  }
  expect(clients.resumed).toBeGreaterThanOrEqual(followers.length);
  expect(stops.filter(({ kind, code, ms }) => code !== EXIT[kind] || ms > DRAIN_SECONDS * 1000 + GRACE_MS)).toEqual([]);
}, 600_000);
