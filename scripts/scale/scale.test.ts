import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cachedWorkflows, loadConfig } from '#platform/config';
import { projectRoot } from '../launch/paths.ts';
import { Heap } from './heap.ts';
import { planFor, totalPerMonth } from './plan.ts';
import { MEASURED, RULES, WORKER_POD_MB } from './profile.ts';
import { capacityOf, simulate } from './simulate.ts';
import { scaleTables } from './table.ts';

describe('the plan', () => {
  it('grows with the runs, and never shrinks', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 10 }), (runs, times) => {
      const [one, more] = [planFor(runs), planFor(runs * times)];
      expect(more.cores.worker).toBeCloseTo(one.cores.worker * times, 6);
      expect(more.workers).toBeGreaterThanOrEqual(one.workers);
      expect(more.historyShards).toBeGreaterThanOrEqual(one.historyShards);
      expect(totalPerMonth(more)).toBeGreaterThanOrEqual(totalPerMonth(one));
    }));
  });

  it('gives workers enough processors, slots and cache for the busiest second', () => {
    for (const runs of [1_000, 100_000, 1_000_000, 5_000_000]) {
      const plan = planFor(runs);
      expect(plan.workers * RULES.podCores).toBeGreaterThanOrEqual(plan.cores.worker);
      expect(plan.workers * RULES.activitySlots).toBeGreaterThanOrEqual(plan.callsInFlight);
      expect(plan.workers * RULES.cachedWorkflows).toBeGreaterThanOrEqual(plan.callsInFlight);
    }
  });
});

describe('the simulation', () => {
  it('gives the same result for the same seed', () => {
    const plan = planFor(100_000);
    expect(simulate(plan, capacityOf(plan), { seed: 7 })).toEqual(simulate(plan, capacityOf(plan), { seed: 7 }));
  });

  it('agrees with the arithmetic: what the plan says is busy is busy, and nobody waits for long', () => {
    const plan = planFor(1_000_000);
    const capacity = capacityOf(plan);
    const { busy, waitedMs, runs } = simulate(plan, capacity);
    expect(runs / 240).toBeCloseTo(plan.peakPerSecond, -0.5);
    for (const part of ['worker', 'temporal', 'postgres', 'api'] as const) expect(Math.abs(busy[part] - (plan.cores[part] * RULES.utilisation) / capacity[part]), part).toBeLessThan(0.06);
    expect(Math.abs(busy.slots - plan.callsInFlight / capacity.slots)).toBeLessThan(0.06);
    expect(waitedMs.p95).toBeLessThan(500);
  });

  it('shows where it breaks: with half of the engine, or half of the slots that the calls need, lines grow without end', () => {
    const plan = planFor(1_000_000);
    const capacity = capacityOf(plan);
    expect(simulate(plan, { ...capacity, temporal: Math.floor(capacity.temporal / 2) }).waitedMs.p95).toBeGreaterThan(5_000);
    expect(simulate(plan, { ...capacity, slots: Math.floor(plan.callsInFlight / 2) }).longestLine.slots).toBeGreaterThan(500);
  });

  it('its next event is always the earliest', () => {
    fc.assert(fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = new Heap<number>((one, other) => one < other);
      for (const number of numbers) heap.push(number);
      expect(numbers.map(() => heap.pop())).toEqual(numbers.toSorted((one, other) => one - other));
      expect(heap.pop()).toBeUndefined();
    }));
  });
});

describe('what the plan and its page say of a process', () => {
  const page = readFileSync(join(projectRoot, 'docs/scale.md'), 'utf8');
  const defaults = loadConfig({});

  it('is what the configuration gives without any setting', () => {
    expect(RULES).toMatchObject({ activitySlots: defaults.WORKER_MAX_CONCURRENT_ACTIVITIES, poolSize: defaults.DATABASE_POOL_SIZE, retentionDays: defaults.AWP_RETENTION_DAYS, cachedWorkflows: cachedWorkflows(WORKER_POD_MB) });
    expect(page).toContain(`\`WORKER_MAX_CONCURRENT_ACTIVITIES\`, ${defaults.WORKER_MAX_CONCURRENT_ACTIVITIES})`);
    const [least, most, inPod] = [cachedWorkflows(0), cachedWorkflows(Infinity), cachedWorkflows(WORKER_POD_MB)].map((count) => count.toLocaleString('en-US'));
    expect(page).toContain(`\`WORKER_MAX_CACHED_WORKFLOWS\`: ${least} to ${most} by the memory there is, ${inPod} in a pod of ${WORKER_POD_MB / 1024} GiB`);
    expect(page).toContain(`stay for ${defaults.AWP_RETENTION_DAYS} days (\`AWP_RETENTION_DAYS\`)`);
  });

  it('is measured as docs/benchmarks.md says, and the pod is that of the chart', () => {
    const { worker, temporal, postgres, api } = MEASURED.cpuMs;
    const benchmarks = readFileSync(join(projectRoot, 'docs/benchmarks.md'), 'utf8');
    expect(benchmarks).toContain(`| ${worker} · ${temporal} · ${postgres} · ${api} · `);
    expect(benchmarks).toContain(`PostgreSQL gets ${MEASURED.statements} statements a run`);
    expect(page).toContain(`worker ${worker} · Temporal ${temporal} · PostgreSQL ${postgres} · API ${api} ms`);
    expect(page).toContain(`${MEASURED.statements} statements a run`);
    const { workers } = parse(readFileSync(join(projectRoot, 'helm/values.yaml'), 'utf8')) as { workers: { main: { resources: { limits: { memory: string } } } } };
    expect(workers.main.resources.limits.memory).toBe(`${WORKER_POD_MB / 1024}Gi`);
  });
});

it('docs/scale.md shows what the scripts say; else: npm run scale', () => {
  expect(readFileSync(join(projectRoot, 'docs/scale.md'), 'utf8')).toContain(scaleTables());
});
