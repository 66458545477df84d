import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../launch/paths.ts';
import { Heap } from './heap.ts';
import { planFor, totalPerMonth } from './plan.ts';
import { RULES } from './profile.ts';
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

  it('shows where it breaks: with half of the engine lines grow without end', () => {
    const plan = planFor(1_000_000);
    const capacity = capacityOf(plan);
    expect(simulate(plan, { ...capacity, temporal: Math.floor(capacity.temporal / 2) }).waitedMs.p95).toBeGreaterThan(5_000);
    expect(simulate(plan, { ...capacity, slots: Math.floor(capacity.slots / 2) }).longestLine.slots).toBeGreaterThan(500);
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

it('docs/scale.md shows what the scripts say; else: npm run scale', () => {
  expect(readFileSync(join(projectRoot, 'docs/scale.md'), 'utf8')).toContain(scaleTables());
});
