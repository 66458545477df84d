import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BOOTSTRAP_KEY, GOAL, startApi, type ApiUnderTest } from '../support/api.ts';
import { endEvent, logEvent, writeEvents } from '../support/runs.ts';
import { createTestDatabase, temporalAddress, type TestDatabase } from '../support/servers.ts';
import { startProcess, type ProcessUnderTest } from '../support/worker-process.ts';
import { openDatabase, type DatabaseHandle } from '#platform/db';

/** F7 · an API process dies with streams open: its readers go on at another one, with no gap and no duplicate. */
let database: TestDatabase;
let handle: DatabaseHandle;
const processes: ProcessUnderTest[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  handle = openDatabase({ DATABASE_URL: database.url, DATABASE_POOL_SIZE: 5, DATABASE_CONNECT_TIMEOUT_MS: 5000 });
});
afterAll(async () => {
  await Promise.all(processes.map((process) => process.kill()));
  await handle.close();
  await database.drop();
});

async function api(port = 0): Promise<ProcessUnderTest> {
  const started = await startProcess('api/main.ts', {
    AWP_HOME: path.join(tmpdir(), `awp-f7-${randomUUID()}`), DATABASE_URL: database.url, TEMPORAL_ADDRESS: temporalAddress(), AWP_MASTER_KEY: Buffer.alloc(32, 9).toString('base64'), API_PORT: String(port), LOG_LEVEL: 'warn',
    AWP_BOOTSTRAP_API_KEY: BOOTSTRAP_KEY, WORKER_TASK_QUEUE: `test-${randomUUID()}`,
  });
  processes.push(started);
  return started;
}

it('kill -9 of the API under open streams: every reader sees each event once, in order, from two processes', async () => {
  const [first, second] = [await api(), await api()];
  const headers = { Authorization: `Bearer ${BOOTSTRAP_KEY}`, 'Content-Type': 'application/json' };
  const reply = await fetch(`${first.url}/api/v1/runs`, { method: 'POST', headers, body: JSON.stringify({ workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL } }) });
  const { id: runId } = (await reply.json()) as { id: string };
  // What a load balancer does: readers of the first process come back at the second.
  let target = first.url;
  const fetchFrom: typeof fetch = (input, init) => fetch(String(input).replace('http://balancer', target ?? ''), { ...init, headers: { ...(init?.headers as Record<string, string>), Authorization: headers.Authorization } });
  const READERS = 10;
  const readers = Array.from({ length: READERS }, () => {
    const seen: number[] = [];
    const source = new EventSource(`http://balancer/api/v1/runs/${runId}/stream`, { fetch: fetchFrom });
    let ended = false;
    for (const type of ['run-queue', 'log-write', 'run-end']) source.addEventListener(type, (event) => { seen.push(Number(event.lastEventId)); if (type === 'run-end') { ended = true; source.close(); } });
    return { seen, source, ended: () => ended };
  });
  try {
    await vi.waitFor(() => { for (const reader of readers) expect(reader.seen.length).toBeGreaterThan(0); }, { timeout: 60_000 });
    for (let batch = 0; batch < 5; batch += 1) await writeEvents(handle, runId, [logEvent(`before ${batch}`), logEvent(`and ${batch}`)]);
    target = second.url;
    await first.kill('SIGKILL');
    for (let batch = 0; batch < 5; batch += 1) await writeEvents(handle, runId, [logEvent(`after ${batch}`), logEvent(`and ${batch}`)]);
    const last = await writeEvents(handle, runId, [endEvent()]);
    await vi.waitFor(() => { for (const reader of readers) expect(reader.ended()).toBe(true); }, { timeout: 60_000 });
    for (const reader of readers) expect(reader.seen).toEqual(Array.from({ length: last ?? 0 }, (_, index) => index + 1));
  } finally {
    for (const reader of readers) reader.source.close();
  }
});

describe.runIf(process.env['FAULTS'] === 'full')('streams of one API process', () => {
  let one: ApiUnderTest;
  beforeAll(async () => { one = await startApi(); });
  afterAll(() => one.close());
  const queued = async (as: string) => ((await one.call('POST', '/api/v1/runs', { as, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL } } })).body as { id: string }).id;
  const openStreams = async () => Number(/^sse_clients (\d+)$/m.exec((await one.call('GET', '/metrics')).text)?.[1]);

  it('are cut when their reader does not read; who comes back goes on where it stopped', async () => {
    const { token } = await one.person('researcher');
    const runId = await queued(token);
    const { hostname, port } = new URL(one.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.write(`GET /api/v1/runs/${runId}/stream HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    socket.pause();
    await expect.poll(openStreams, { timeout: 30_000 }).toBe(1);
    // More than the buffers of both ends hold.
    const long = 'x'.repeat(8_000);
    for (let batch = 0; batch < 20; batch += 1) await writeEvents(handleOf(one), runId, Array.from({ length: 100 }, (_, index) => logEvent(`${batch}/${index} ${long}`)));
    await expect.poll(openStreams, { timeout: 60_000 }).toBe(0);
    socket.destroy();
    const last = await writeEvents(handleOf(one), runId, [endEvent()]);
    const rest = await (await fetch(`${one.url}/api/v1/runs/${runId}/stream`, { headers: { Authorization: `Bearer ${token}`, 'Last-Event-ID': '5' } })).text();
    expect([...rest.matchAll(/^id:(\d+)$/gm)].map((match) => Number(match[1]))).toEqual(Array.from({ length: (last ?? 0) - 5 }, (_, index) => index + 6));
  }, 180_000);
});

const handleOf = (api: ApiUnderTest) => ({ db: api.deps.db });
