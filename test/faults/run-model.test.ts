import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reduceRunEvents } from '#contracts/run-reducer';
import { isTerminal, type RunStatus } from '#contracts/runs';
import { allRunEvents, appendRunEvents } from '#platform/repositories/run-events';
import { openTestRows, type TestRows } from '../support/rows.ts';
import { lives, MODEL_EVENTS, modelStatus } from '../support/run-model.ts';

let rows: TestRows;
beforeAll(async () => { rows = await openTestRows(); });
afterAll(() => rows.close());

const LIVES = process.env['FAULTS'] === 'full' ? 1000 : 40;

it(`row, log and model agree through ${LIVES} lives of 50 steps, written in batches, some twice, by two writers at once`, async () => {
  await fc.assert(fc.asyncProperty(lives, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 6 }), fc.boolean(), async (steps, sizes, repeat) => {
    const runId = await rows.run();
    let status: RunStatus = 'queued';
    let at = 0;
    for (let batch = 0; at < steps.length; batch += 1) {
      const part = steps.slice(at, at + (sizes[batch % sizes.length] ?? 1));
      const entries = part.map((step, index) => ({ key: `model/${at + index}`, event: MODEL_EVENTS[step] }));
      at += part.length;
      const write = () => rows.db.$transaction((tx) => appendRunEvents(tx, runId, entries));
      // A worker that was thought dead writes the same once more, at the same time.
      const sequences = repeat ? await Promise.all([write(), write()]) : [await write()];
      for (const step of part) status = modelStatus(status, step);
      const row = await rows.db.run.findUniqueOrThrow({ where: { id: runId } });
      expect([row.status, row.lastSequence]).toEqual([status, Math.max(...sequences.map((sequence) => sequence ?? 0))]);
    }
    const events = await allRunEvents(rows.db, runId);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
    expect(reduceRunEvents(events).status).toBe(status);
    expect(events.filter((event) => event.type === 'run-end')).toHaveLength(isTerminal(status) ? 1 : 0);
  }), { numRuns: LIVES });
}, 900_000);
