import { ended, type Bench } from './bench.ts';
import { cpuOf } from './memory.ts';
import { eachOf, median, percentile, timed } from './statistics.ts';

const SAMPLES = 200;
const SAMPLES_IN_FLIGHT = 100;
const RAMP_CONCURRENCY = 4;
const BUDGET_MS = 200;
/** Each model call takes this long while runs are held: a Test run of six calls lives two minutes. */
const HOLD_MS = 20_000;
const HELD_SECONDS = 15;

/** Time until POST /runs is acknowledged: one after the other, then again with many runs in flight; then how fast the held runs end. */
export async function measureStarts(bench: Bench): Promise<void> {
  const { api, simulator, options, tell } = bench;
  const runs: string[] = [];
  const start = async (samples: number[]): Promise<void> => {
    const { ms, result } = await timed(() => api.startRun('test_run'));
    samples.push(ms);
    runs.push(result);
  };
  await simulator.delay(HOLD_MS);
  const quiet: number[] = [];
  while (quiet.length < SAMPLES) {
    await start(quiet);
    tell(`start ${quiet.length} of ${SAMPLES}`);
  }
  await eachOf(Array.from({ length: Math.max(0, options.inFlight - runs.length) }, (_, index) => index), RAMP_CONCURRENCY, async () => {
    await start([]);
    tell(`${runs.length} of ${options.inFlight} in flight`);
  });
  const busy: number[] = [];
  while (busy.length < SAMPLES_IN_FLIGHT) {
    await start(busy);
    tell(`start ${busy.length} of ${SAMPLES_IN_FLIGHT} with ${options.inFlight} in flight`);
  }
  const { total: live } = await liveRuns(bench, runs);
  await heldCost(bench, runs.length);
  bench.record({ key: 'start.p50', label: 'run start acknowledged, p50', unit: 'ms', value: median(quiet), detail: `${SAMPLES} one after the other` });
  bench.record({ key: 'start.p95', label: 'run start acknowledged, p95', unit: 'ms', value: percentile(quiet, 0.95), detail: `${SAMPLES} one after the other`, budget: BUDGET_MS });
  bench.record({ key: `start.in_flight_${options.inFlight}.p50`, label: `… with ${options.inFlight} runs in flight, p50`, unit: 'ms', value: median(busy), detail: `${SAMPLES_IN_FLIGHT} more; ${live} live at their end` });
  bench.record({ key: `start.in_flight_${options.inFlight}.p95`, label: `… with ${options.inFlight} runs in flight, p95`, unit: 'ms', value: percentile(busy, 0.95), detail: `${SAMPLES_IN_FLIGHT} more`, budget: BUDGET_MS });
  await drain(bench, runs);
}

/** Processor time of each service while nothing is asked and the held calls only wait: heartbeats, polls, streams. */
async function heldCost({ stack, record, tell }: Bench, held: number): Promise<void> {
  tell('what holding runs costs');
  const before = cpuOf(stack.pids());
  await new Promise((resolve) => setTimeout(resolve, HELD_SECONDS * 1000));
  for (const [name, seconds] of cpuOf(stack.pids())) record({ key: `held.cpu.${name}`, label: `processor time of ${name}`, unit: '%', value: (100 * (seconds - (before.get(name) ?? 0))) / HELD_SECONDS, detail: `${held} runs held, ${HELD_SECONDS} s; 100 % is one core` });
}

/** Lets the held runs go. Calls already held end within HOLD_MS, which is not counted: only what ends after it tells the speed. */
async function drain(bench: Bench, runs: readonly string[]): Promise<void> {
  await bench.simulator.delay(0);
  const since = performance.now();
  const ends: number[] = [];
  await eachOf(runs, runs.length, async (run) => {
    await ended(bench, run);
    ends.push((performance.now() - since) / 1000);
    bench.tell(`${ends.length} of ${runs.length} held runs have ended`);
  });
  const [from, to] = [percentile(ends, 0.1), percentile(ends, 0.9)];
  bench.record({ key: 'runs.per_second', label: 'Test runs ended', unit: '/s', value: (0.8 * ends.length) / Math.max(to - from, 0.001), detail: `the middle 80 % of ${ends.length} held runs` });
}

async function liveRuns({ api }: Bench, runs: readonly string[]): Promise<{ total: number }> {
  let total = 0;
  await eachOf(runs, 20, async (run) => {
    const { completed_at: completedAt } = await api.get<{ completed_at: string | null }>(`/runs/${run}/status`);
    if (completedAt === null) total += 1;
  });
  return { total };
}
