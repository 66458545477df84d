import { ended, type Bench } from './bench.ts';
import { median, percentile, spread, timed } from './statistics.ts';

const SAMPLES = 15;
const EVENT_BUDGET_MS = 300;

/** Full demo runs one after the other, each followed by one reader of its stream, as a page does. */
export async function measureRuns(bench: Bench): Promise<void> {
  const { api, tell } = bench;
  await bench.simulator.delay(0);
  const walls: number[] = [];
  const firsts: number[] = [];
  const latencies: number[] = [];
  let last = '';
  for (let sample = 1; sample <= SAMPLES; sample += 1) {
    tell(`run ${sample} of ${SAMPLES}`);
    const since = performance.now();
    last = await api.startRun('full_run');
    const openedAt = Date.now();
    const following = api.follow(last, (event) => {
      // Database and this process read the same clock; what was written before the stream was open tells nothing.
      const lateMs = Date.now() - Date.parse(event.at);
      if (Date.parse(event.at) > openedAt + 50) latencies.push(lateMs);
      if (event.type === 'run-start') firsts.push(performance.now() - since);
    });
    await ended(bench, last);
    walls.push(performance.now() - since);
    await following;
  }
  bench.record({ key: 'run.first_event.p50', label: 'start to first event of the execution, p50', unit: 'ms', value: median(firsts), detail: `POST to receipt on the stream, ${spread(firsts, 0)}` });
  bench.record({ key: 'run.full.p50', label: 'demo run Validate → Test → Full, p50', unit: 'ms', value: median(walls), detail: `${SAMPLES} runs, ${spread(walls, 0)}; model answers at once` });
  bench.record({ key: 'event.p50', label: 'event written to reader, p50', unit: 'ms', value: median(latencies), detail: `${latencies.length} events, API stream` });
  bench.record({ key: 'event.p95', label: 'event written to reader, p95', unit: 'ms', value: percentile(latencies, 0.95), detail: `${latencies.length} events, API stream`, budget: EVENT_BUDGET_MS });
  await recordSize(bench, last);
}

async function recordSize(bench: Bench, runId: string): Promise<void> {
  const { historyLength, historySize } = await bench.temporal.workflow.getHandle(runId).describe();
  const events = await bench.api.events(runId);
  bench.record({ key: 'history.events', label: 'Temporal history of a full run', unit: 'events', value: historyLength, detail: 'from describe()' });
  bench.record({ key: 'history.kb', label: 'Temporal history of a full run', unit: 'KB', value: (historySize ?? 0) / 1024, detail: 'from describe()' });
  bench.record({ key: 'log.events', label: 'run event log of a full run', unit: 'events', value: events.length, detail: 'after pruning' });
  const { ms } = await timed(() => bench.api.run(runId));
  bench.record({ key: 'read.detail.single', label: 'run detail, one reader', unit: 'ms', value: ms, detail: 'one request' });
}
