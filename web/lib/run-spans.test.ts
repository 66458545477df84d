import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '#contracts/run-events';
import { reduceRunEvents } from '#contracts/run-reducer';
import { RETRIED } from '#test/support/retried-run';
import { runLog } from '#test/support/run-log';
import { busyOf, factsOf, keptSpans, spansOf, spanTook, visibleSpans } from './run-spans';
import { timeAxis } from './time-fold';

const START = Date.UTC(2026, 10, 1, 12);
const spansAt = (events: readonly RunEvent[], now: number) => spansOf(reduceRunEvents(events), factsOf(events), now);

describe('the rows of the timeline', () => {
  const spans = spansAt(RETRIED, 0);
  const parts = (id: string) => spans.find((span) => span.id === id)?.parts.map((part) => [part.kind, (part.from - START) / 1000, (part.to - START) / 1000]);
  it('has a row for the queue, the stage, the step, the call, each attempt, and what was waited for', () => {
    expect(spans.map(({ id, depth, state }) => [id, depth, state])).toEqual([
      ['queue', 1, 'done'], ['test', 1, 'done'], ['wait:g1', 2, 'done'], ['test/outline', 2, 'done'], ['test/outline/1', 3, 'done'], ['test/outline/1#1', 4, 'failed'], ['test/outline/1#2', 4, 'done'],
    ]);
  });
  it('a stage that was left out says so, not that it took no time', () => {
    const view = reduceRunEvents(RETRIED);
    const left = { ...view, stages: view.stages.map((stage) => ({ ...stage, status: 'skipped' as const, steps: [], checks: [], endedAt: stage.startedAt })) };
    expect(spansOf(left, factsOf([]), 0).map((span) => [span.id, spanTook(span)])).toContainEqual(['test', 'skipped']);
    expect(spans.filter(({ state }) => state === 'done').map(spanTook)).not.toContain('skipped');
  });
  it('a step that has ended is drawn up once, until the log tells more of it', () => {
    const view = reduceRunEvents(RETRIED);
    const rows = (events: readonly RunEvent[]) => spansOf(view, factsOf(events), 0).filter(({ step }) => step === 'outline');
    const first = rows(RETRIED);
    expect(first.length).toBeGreaterThan(0);
    expect(rows(RETRIED)).toEqual(first);
    const without = RETRIED.filter(({ type }) => type !== 'completion-start');
    expect(rows(without)).toEqual(spansOf(structuredClone(view), factsOf(without), 0).filter(({ step }) => step === 'outline'));
  });
  it('draws queue, pauses between attempts and the wait for first words apart from work', () => {
    expect(parts('queue')).toEqual([['queue', 0, 5]]);
    expect(parts('test/outline')).toEqual([['queue', 6, 7], ['work', 7, 18]]);
    expect(parts('test/outline/1')).toEqual([['work', 7, 9], ['pause', 9, 13], ['queue', 13, 15], ['first', 15, 16], ['work', 16, 18]]);
  });
  it('the hour of waiting is idle time, so it is folded', () => {
    const axis = timeAxis({ from: START, to: START + 3_620_000 }, busyOf(spans));
    expect(axis.folds.some((fold) => (fold.to - fold.from) > 3_590_000)).toBe(true);
    expect(axis.length).toBeLessThan(20_000);
  });
  it('while it runs, what is open ends now', () => {
    const [running] = spansAt(RETRIED.slice(0, 7), START + 15_000).filter(({ id }) => id === 'test/outline/1');
    expect(running).toMatchObject({ running: true, to: START + 15_000, state: 'running' });
  });
  it('a closed row hides all below it; a filter keeps what is above', () => {
    expect(visibleSpans(spans, new Set(['test'])).map(({ id }) => id)).toEqual(['queue', 'test']);
    expect(keptSpans(spans, ({ state }) => state === 'failed').map(({ id }) => id)).toEqual(['test', 'test/outline', 'test/outline/1', 'test/outline/1#1']);
  });
  it('whatever a run does: ids are unique, parents come first, nothing ends before it begins', () => {
    fc.assert(fc.property(runLog, ({ events }) => {
      const drawn = spansAt(events, Date.parse(events.at(-1)!.at));
      const seen = new Set<string>();
      for (const span of drawn) {
        expect(seen.has(span.id)).toBe(false);
        expect(span.parent === null || seen.has(span.parent)).toBe(true);
        expect(span.to).toBeGreaterThanOrEqual(span.from);
        for (const part of span.parts) expect(part.to).toBeGreaterThanOrEqual(part.from);
        seen.add(span.id);
      }
    }), { numRuns: 50 });
  });
});
