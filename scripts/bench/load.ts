import { executionThere, type Bench } from './bench.ts';
import { cpuOf, memoryOf } from './memory.ts';
import { eachOf, percentile, timed } from './statistics.ts';

const CALL_MS = { from: 2_000, to: 20_000 };
const STARTERS = 4;
/** Runs whose stream is followed: what pages that are open would do. A person may have twelve. */
const FOLLOWED = 10;
const READ_EVERY_MS = 100;
const SAMPLE_EVERY_MS = 5_000;
/** The reconciler looks every minute. */
const RECONCILED_WITHIN_MS = 90_000;
const BUDGET = { startMs: 200, readMs: 200, eventMs: 300 };

interface Outcome { completed: number; failed: number; lost: number }

/** Issue 4: N runs live at once, each model call 2 to 20 s. Meanwhile people read and follow; nothing may be lost, done twice or fail. */
export async function measureLoad(bench: Bench): Promise<void> {
  const { api, simulator, options: { load }, stack, record, tell } = bench;
  await simulator.spread(CALL_MS.from, CALL_MS.to);
  const cpuBefore = cpuOf(stack.pids());
  const memory = sampleMemory(bench);
  const reads = readMeanwhile(bench);
  const runs: string[] = [];
  const acknowledged: number[] = [];
  const late: number[] = [];
  const following: Promise<void>[] = [];
  const since = performance.now();
  await eachOf(Array.from({ length: load }, (_, index) => index), STARTERS, async (index) => {
    const { ms, result: run } = await timed(() => api.startRun('test_run'));
    acknowledged.push(ms);
    runs.push(run);
    // The first half is left out: its readers would see the machine before it is busy.
    if (index >= load / 2 && following.length < FOLLOWED) following.push(follow(bench, run, late));
    tell(`${runs.length} of ${load} started`);
  });
  const startedIn = (performance.now() - since) / 1000;
  const outcome = await endOfAll(bench, runs);
  const seconds = (performance.now() - since) / 1000;
  await Promise.all(following);
  const { times, most } = await reads();
  const how = `${load} runs, calls of ${CALL_MS.from / 1000}–${CALL_MS.to / 1000} s`;
  const told = (key: string, label: string, unit: 'ms' | 's' | '/s' | 'runs' | 'calls', value: number, detail: string, budget?: number) => record({ key: `load_${load}.${key}`, label, unit, value, detail, ...(budget === undefined ? {} : { budget }) });
  told('most_live', 'runs live at once, most', 'runs', most, `${how}; started within ${startedIn.toFixed(0)} s`);
  told('completed', 'runs completed', 'runs', outcome.completed, `all ended after ${seconds.toFixed(0)} s`);
  told('lost', 'runs lost (accepted, never ended)', 'runs', outcome.lost, how, 0);
  told('failed', 'runs failed', 'runs', outcome.failed, how, 0);
  const calls = await callsSeen(bench);
  told('duplicate', 'model calls made twice', 'calls', calls.twice, `of ${calls.all} that the simulator saw, by request id`, 0);
  told('start.p95', 'run start acknowledged, p95', 'ms', percentile(acknowledged, 0.95), `${STARTERS} at once, all ${load}; p50 ${percentile(acknowledged, 0.5).toFixed(0)} ms`, BUDGET.startMs);
  for (const [name, samples] of times) told(`read.${name}.p95`, `${name}, p95 meanwhile`, 'ms', percentile(samples, 0.95), `${samples.length} reads; p50 ${percentile(samples, 0.5).toFixed(0)} ms`, BUDGET.readMs);
  told('event.p95', 'event written to reader, p95', 'ms', percentile(late, 0.95), `${late.length} events of ${following.length} followed runs`, BUDGET.eventMs);
  told('per_second', 'runs ended', '/s', load / seconds, 'from the first start to the last end; mostly the time of the calls');
  memory.tell(`load_${load}`);
  for (const [name, used] of cpuOf(stack.pids())) record({ key: `load_${load}.cpu.${name}`, label: `processor time of ${name}, a run`, unit: 'ms', value: (1000 * (used - (cpuBefore.get(name) ?? 0))) / load, detail: 'start, reads and streams included' });
  await simulator.delay(0);
}

/** Waits for the end of each: an execution that ended in any way has ended, a server that did not answer in time says nothing. The
 * reconciler may still have to write a row's end; a run whose row is open after that is lost, and told by its id. */
async function endOfAll({ temporal, api, tell }: Bench, runs: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { completed: 0, failed: 0, lost: 0 };
  let ended = 0;
  await eachOf(runs, runs.length, async (run) => {
    await executionThere({ temporal }, run);
    await executionEnd(temporal, run);
    tell(`${ended += 1} of ${runs.length} have ended`);
  });
  const closedBy = performance.now() + RECONCILED_WITHIN_MS;
  await eachOf(runs, 4, async (run) => {
    const look = () => api.get<{ status: string; completed_at: string | null }>(`/runs/${run}/status`);
    let { status, completed_at: completedAt } = await look();
    while (completedAt === null && performance.now() < closedBy) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      ({ status, completed_at: completedAt } = await look());
    }
    if (completedAt === null) process.stderr.write(`lost: run ${run} is ${status} although its execution has ended\n`);
    outcome[status === 'completed' ? 'completed' : completedAt === null ? 'lost' : 'failed'] += 1;
  });
  return outcome;
}

/** Until the execution is closed. @throws Error when Temporal does not know it */
async function executionEnd(temporal: Bench['temporal'], run: string): Promise<void> {
  const handle = temporal.workflow.getHandle(run);
  for (;;) {
    await handle.result().catch(() => undefined);
    if ((await handle.describe()).closeTime !== undefined) return;
  }
}

/** The request id of a call is run, stage, step and ordinal: the same one twice is a call that was bought twice. */
export async function callsSeen({ simulator }: Pick<Bench, 'simulator'>): Promise<{ all: number; twice: number }> {
  const ids = (await simulator.requests()).map(({ requestId, body }) => `${requestId} ${JSON.stringify(body.messages)}`);
  return { all: ids.length, twice: ids.length - new Set(ids).size };
}

async function follow({ api }: Bench, run: string, late: number[]): Promise<void> {
  const openedAt = Date.now();
  await api.follow(run, (event) => {
    if (Date.parse(event.at) > openedAt + 50) late.push(Date.now() - Date.parse(event.at));
  });
}

/** One person who reads ten times a second, as long as the load goes on. */
function readMeanwhile({ api }: Bench): () => Promise<{ times: Map<string, number[]>; most: number }> {
  const times = new Map<string, number[]>([['list of runs', []], ['run detail', []], ['catalog', []]]);
  let going = true;
  let most = 0;
  let newest: string | undefined;
  const measured = async <Body>(name: string, path: string): Promise<Body> => {
    const { ms, result } = await timed(() => api.get<Body>(path));
    times.get(name)?.push(ms);
    return result;
  };
  const reading = (async () => {
    // oxlint-disable-next-line no-unmodified-loop-condition -- set by the caller when the load is over
    for (let turn = 0; going; turn += 1) {
      if (turn % 3 === 0) newest = (await measured<{ id: string }[]>('list of runs', '/runs?limit=20'))[0]?.id;
      else if (turn % 3 === 1 && newest) await measured('run detail', `/runs/${newest}`);
      else await measured('catalog', '/workflows');
      if (turn % 30 === 0) most = Math.max(most, await live(api));
      await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
    }
  })();
  return async () => {
    going = false;
    await reading;
    return { times, most };
  };
}

async function live(api: Bench['api']): Promise<number> {
  const counts = await Promise.all(['queued', 'validating', 'running', 'waiting'].map(async (status) => {
    const response = await fetch(`${api.url}/api/v1/runs?limit=1&status=${status}`, { headers: api.headers });
    return Number(response.headers.get('x-total-count'));
  }));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Resident memory of worker and API while the load goes on: begin, most, end, and the middle of each third. */
function sampleMemory({ stack, record }: Bench): { tell(key: string): void } {
  const samples: Map<string, number>[] = [memoryOf(stack.pids())];
  const timer = setInterval(() => samples.push(memoryOf(stack.pids())), SAMPLE_EVERY_MS);
  return {
    tell(key) {
      clearInterval(timer);
      samples.push(memoryOf(stack.pids()));
      for (const name of ['worker', 'api']) {
        const values = samples.map((sample) => sample.get(name) ?? 0);
        const thirds = [1, 3, 5].map((sixth) => (values[Math.floor((values.length * sixth) / 6)] ?? 0).toFixed(0));
        record({ key: `${key}.memory.${name}`, label: `memory of ${name}, most`, unit: 'MB', value: Math.max(...values), detail: `begin ${values[0]?.toFixed(0)}, thirds ${thirds.join(' · ')}, end ${values.at(-1)?.toFixed(0)} MB` });
      }
    },
  };
}
