import { ended, type Bench } from './bench.ts';
import { callsSeen } from './load.ts';
import { eachOf, median } from './statistics.ts';

const RUNS = 20;
const CALL_MS = 5_000;
/** issue 4: a worker that dies is made up for within this */
const BUDGET_S = 30;

/** Kills the only worker while calls are under way; the launcher's own supervision brings it back. From the kill until each run
 * writes on, and what it cost: calls that were cut are made again and shown as possibly billed. */
export async function measureRecovery(bench: Bench): Promise<void> {
  const { api, simulator, stack, record, tell } = bench;
  await simulator.delay(CALL_MS);
  const runs: string[] = [];
  await eachOf(Array.from({ length: RUNS }, (_, index) => index), 4, async () => { runs.push(await api.startRun('test_run')); });
  tell('until every run has a call under way');
  await eachOf(runs, RUNS, async (run) => { await untilEvent(bench, run, 0, 'completion-start'); });
  const worker = stack.pids().get('worker');
  if (worker === undefined) throw new Error('there is no worker to kill');
  process.kill(worker, 'SIGKILL');
  const killedAt = performance.now();
  // What the dead worker had written counts for nothing.
  const seen = new Map<string, number>();
  await eachOf(runs, RUNS, async (run) => { seen.set(run, (await api.run(run)).last_sequence); });
  const back: number[] = [];
  await eachOf(runs, RUNS, async (run) => {
    await untilEvent(bench, run, seen.get(run) ?? 0, null);
    back.push((performance.now() - killedAt) / 1000);
    tell(`${back.length} of ${RUNS} go on after the kill`);
  });
  await eachOf(runs, RUNS, (run) => ended(bench, run));
  const { all, twice } = await callsSeen(bench);
  record({ key: 'recovery.p50', label: 'worker killed: until a run goes on, p50', unit: 's', value: median(back), detail: `${RUNS} runs, ${CALL_MS / 1000} s calls; one worker, brought back by the launcher` });
  record({ key: 'recovery.most', label: 'worker killed: until the last run goes on', unit: 's', value: Math.max(...back), detail: 'restart, heartbeat timeout of 10 s, the call anew', budget: BUDGET_S });
  record({ key: 'recovery.again', label: 'worker killed: calls made again', unit: 'calls', value: twice, detail: `of ${all}; at most one a run, each shown as possibly billed; all ${RUNS} runs completed`, budget: RUNS });
  await simulator.delay(0);
}

/** @param type null for any event after `after` @returns its sequence */
async function untilEvent({ api }: Bench, run: string, after: number, type: string | null): Promise<number> {
  for (let from = after; ;) {
    const events = await api.get<{ sequence: number; type: string }[]>(`/runs/${run}/events?limit=200&after=${from}`);
    const found = events.find((event) => type === null || event.type === type);
    if (found) return found.sequence;
    from = events.at(-1)?.sequence ?? from;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
