import { Heap } from './heap.ts';
import type { Plan } from './plan.ts';
import { MEASURED, RULES, type RunProfile } from './profile.ts';

/** Plays the busiest minutes of a plan, run by run: arrivals by chance, each run walking through API, database, engine and worker again
 * and again and waiting for its model in between. Queues form where servers are too few, which arithmetic with means does not show.
 * Times are of the simulated clock; the same seed gives the same result. */
export type Station = 'api' | 'postgres' | 'temporal' | 'worker' | 'slots';
export interface SimulationResult {
  runs: number;
  /** share of the second half of the time that a station was busy, 0 to 1: in the first the runs only begin */
  busy: Record<Station, number>;
  /** longest line before a station */
  longestLine: Record<Station, number>;
  /** ms that a run stood in lines, all of them together */
  waitedMs: { p50: number; p95: number };
}
export interface Capacity { api: number; postgres: number; temporal: number; worker: number; slots: number }

export const capacityOf = (plan: Plan, podCores = RULES.podCores, activitySlots = RULES.activitySlots): Capacity =>
  ({ api: plan.apis * podCores, postgres: Math.max(2, Math.ceil(plan.cores.postgres)), temporal: Math.max(2, Math.ceil(plan.cores.temporal)), worker: plan.workers * podCores, slots: plan.workers * activitySlots });

/** ms of a processor, or of a slot that a model call holds */
interface Visit { station: Station; ms: number }

interface Run { steps: Visit[]; at: number; waited: number }
interface Waiting { run: Run; visit: Visit; since: number }

/** @param seconds  how long runs keep arriving @param seed  any integer */
export function simulate(plan: Plan, capacity: Capacity, { seconds = 240, seed = 1, profile = MEASURED }: { seconds?: number; seed?: number; profile?: RunProfile } = {}): SimulationResult {
  const random = mulberry32(seed);
  const exponential = (mean: number) => -Math.log(1 - random()) * mean;
  const stations: Station[] = ['api', 'postgres', 'temporal', 'worker', 'slots'];
  const free: Record<Station, number> = { ...capacity };
  const lines = Object.fromEntries(stations.map((name) => [name, [] as Waiting[]])) as Record<Station, Waiting[]>;
  const busyMs = Object.fromEntries(stations.map((name) => [name, 0])) as Record<Station, number>;
  const longestLine = Object.fromEntries(stations.map((name) => [name, 0])) as Record<Station, number>;
  const events = new Heap<{ time: number; work: () => void }>((one, other) => one.time < other.time);
  const horizon = seconds * 1000;
  let now = 0;
  const later = (delay: number, work: () => void) => { events.push({ time: now + delay, work }); };

  function serve({ run, visit, since }: Waiting): void {
    free[visit.station] -= 1;
    run.waited += now - since;
    busyMs[visit.station] += Math.max(0, Math.min(now + visit.ms, horizon) - Math.max(now, horizon / 2));
    later(visit.ms, () => {
      free[visit.station] += 1;
      const next = lines[visit.station].shift();
      if (next) serve(next);
      proceed(run);
    });
  }
  function proceed(run: Run): void {
    const visit = run.steps[run.at];
    run.at += 1;
    if (!visit) return;
    if (free[visit.station] > 0) { serve({ run, visit, since: now }); return; }
    const line = lines[visit.station];
    line.push({ run, visit, since: now });
    longestLine[visit.station] = Math.max(longestLine[visit.station], line.length);
  }

  const runs: Run[] = [];
  const arrive = () => {
    const run = { steps: walkOf(profile, exponential), at: 0, waited: 0 };
    runs.push(run);
    proceed(run);
    const next = exponential(1000 / plan.peakPerSecond);
    if (now + next < horizon) later(next, arrive);
  };
  later(exponential(1000 / plan.peakPerSecond), arrive);
  for (let event = events.pop(); event && event.time <= horizon; event = events.pop()) {
    now = event.time;
    event.work();
  }
  const waits = runs.map((run) => run.waited).sort((one, other) => one - other);
  const percentile = (share: number) => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0;
  return {
    runs: runs.length, busy: Object.fromEntries(stations.map((name) => [name, (busyMs[name] * 2) / (capacity[name] * horizon)])) as Record<Station, number>, longestLine,
    waitedMs: { p50: percentile(0.5), p95: percentile(0.95) },
  };
}

/** One run: start by the API, then for each call a turn of engine, worker and database around the model's time. */
function walkOf(profile: RunProfile, exponential: (mean: number) => number): Visit[] {
  const { cpuMs, calls, callSeconds } = profile;
  const turn = (share: number): Visit[] => (['postgres', 'temporal', 'worker'] as const).map((station) => ({ station, ms: exponential(cpuMs[station] * share) }));
  const share = 1 / (calls + 1);
  return [{ station: 'api', ms: exponential(cpuMs.api) }, ...turn(share), ...Array.from({ length: calls }, () => [{ station: 'slots' as const, ms: exponential(callSeconds * 1000) }, ...turn(share)]).flat()];
}

/** A small generator with a seed, for results that repeat. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
