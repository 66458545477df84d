import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Client } from '@temporalio/client';
import { modelCallsOnly, operationsIn, planOf, type BareBatch } from './bare/plan.ts';
import { BARE_TASK_QUEUE, startBareWorker } from './bare/worker.ts';
import { ended, type Bench } from './bench.ts';
import type { SeenCall } from './client.ts';
import { median, spread, timed } from './statistics.ts';

const PER_ROUND = 4;
const CONCURRENT = 20;
const PARALLEL_TOPICS = 3;
const MODEL_MS = 400;
const BUDGET = 1.3;

type Once = () => Promise<void>;
interface Contestants { platform: Once; calls: Once; work: Once }
type Times = Record<keyof Contestants, number[]>;
const NAMES = ['platform', 'calls', 'work'] as const;

/** Wall time of a full demo run against bare Temporal workflows with the same model calls (`calls`), and with the same tools, ping
 * and files as well (`work`): the three in turn, round by round, so that what else the machine does meets all of them. */
export async function measureOverhead(bench: Bench): Promise<void> {
  const bare = await startBareWorker(bench.stack);
  try {
    const { batches, bodies } = await recordPlan(bench);
    const contestants: Contestants = {
      platform: async () => ended(bench, await bench.api.startRun('full_run')),
      calls: () => runBare(bench, modelCallsOnly(batches)),
      work: () => runBare(bench, batches),
    };
    await proveSameCalls(bench, batches, bodies);
    for (const name of NAMES) await contestants[name](); // warm
    const operations = `${operationsIn(modelCallsOnly(batches))} model calls`;
    const { rounds } = bench.options;
    tellRatio(bench, 'overhead.sequential', `one after the other, ${operations} at once`, await compare(bench, contestants, rounds, PER_ROUND, 1));
    tellRatio(bench, 'overhead.concurrent', `${CONCURRENT} at once`, await compare(bench, contestants, rounds, 1, CONCURRENT));
    await bench.simulator.delay(MODEL_MS);
    tellRatio(bench, 'overhead.paced', `a model that takes ${MODEL_MS} ms`, await compare(bench, contestants, Math.min(rounds, 3), 1, 1));
    await bench.simulator.delay(0);
  } finally {
    await bare.stop();
  }
}

async function recordPlan({ api, simulator, temporal }: Bench): Promise<{ batches: BareBatch[]; bodies: string[] }> {
  await simulator.delay(0);
  const run = await api.startRun('full_run');
  await ended({ temporal }, run);
  const calls = await simulator.requests();
  return { batches: await planOf(api, run, calls), bodies: bodiesOf(calls) };
}

const bodiesOf = (calls: readonly SeenCall[]): string[] => calls.map(({ body }) => JSON.stringify(body)).sort();

/** As one would begin with Temporal: nothing is encrypted. */
async function runBare({ temporal }: Pick<Bench, 'temporal'>, batches: BareBatch[]): Promise<void> {
  await new Client({ connection: temporal.connection }).workflow.execute('bareLoop', { taskQueue: BARE_TASK_QUEUE, workflowId: `bare-${randomUUID()}`, args: [batches, PARALLEL_TOPICS] });
}

/** The comparison is worth nothing when the two ask different things: the bodies that the simulator sees from the bare loop and
 * from one more run of the platform have to be those of the recorded run. */
async function proveSameCalls(bench: Bench, batches: BareBatch[], recorded: readonly string[]): Promise<void> {
  const again: Record<string, Once> = {
    'the bare loop': () => runBare(bench, modelCallsOnly(batches)),
    'a second run': async () => ended(bench, await bench.api.startRun('full_run')),
  };
  for (const [who, run] of Object.entries(again)) {
    await bench.simulator.delay(0);
    await run();
    const seen = bodiesOf(await bench.simulator.requests());
    if (!isDeepStrictEqual(recorded, seen)) throw new Error(`${who} does not make the same model calls: ${seen.length} against ${recorded.length}, ${seen.filter((body) => !recorded.includes(body)).length} differ`);
  }
}

/** @returns ms for each time, and for each of the concurrent groups the time until all have ended */
async function compare(bench: Bench, contestants: Contestants, rounds: number, perRound: number, concurrent: number): Promise<Times[]> {
  const all: Times[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const times: Times = { platform: [], calls: [], work: [] };
    for (let turn = 0; turn < perRound; turn += 1) {
      for (const name of NAMES) {
        bench.tell(`round ${round} of ${rounds}, ${concurrent} at once: ${name}`);
        times[name].push((await timed(() => Promise.all(Array.from({ length: concurrent }, () => contestants[name]())))).ms);
      }
    }
    all.push(times);
  }
  return all;
}

function tellRatio({ record }: Bench, key: string, how: string, rounds: readonly Times[]): void {
  const middle = (name: keyof Times) => median(rounds.flatMap((times) => times[name]));
  for (const [against, label] of [['calls', 'bare workflow, model calls only'], ['work', 'bare workflow, same tools and files too']] as const) {
    const ratios = rounds.map((times) => median(times.platform) / median(times[against]));
    record({
      key: `${key}.${against}`, label: `platform / ${label}`, unit: '×', value: middle('platform') / middle(against), budget: BUDGET,
      detail: `${how}: ${middle('platform').toFixed(0)} against ${middle(against).toFixed(0)} ms, ${rounds.length} rounds ${spread(ratios, 2)}`,
    });
  }
}
