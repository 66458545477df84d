import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined, labelled, ticksOf, timeAxis } from './time-fold';

describe('a time axis with folded idle time', () => {
  const whole = { from: 1_000_000, to: 1_000_000 + 3_600_000 };
  const busy = [{ from: whole.from, to: whole.from + 20_000 }, { from: whole.to - 10_000, to: whole.to }];
  it('an hour of waiting takes a few percent of the width; work keeps its length', () => {
    const axis = timeAxis(whole, busy);
    expect(axis.folds).toHaveLength(1);
    expect(axis.length).toBeCloseTo(30_000 * 1.04, 0);
    expect(axis.at(whole.from + 20_000)).toBe(20_000);
    expect(axis.at(whole.to)).toBeCloseTo(axis.length, 6);
    expect(timeAxis(whole, busy, false)).toMatchObject({ length: 3_600_000, folds: [] });
  });
  it('short pauses are drawn as they were', () => expect(timeAxis({ from: 0, to: 10_000 }, [{ from: 0, to: 4000 }, { from: 5500, to: 10_000 }]).folds).toEqual([]));
  it('a run of a moment, or without any work, has an axis', () => {
    expect(timeAxis({ from: 5, to: 5 }, []).length).toBe(1);
    expect(timeAxis({ from: 0, to: 60_000 }, []).at(60_000)).toBeGreaterThan(0);
  });
  it('there and back again is the same moment, and time never runs backwards', () => {
    const stretch = fc.tuple(fc.nat(500_000), fc.nat(60_000)).map(([from, length]) => ({ from, to: from + length }));
    fc.assert(fc.property(fc.array(stretch, { maxLength: 12 }), fc.array(fc.nat(560_000), { minLength: 2, maxLength: 12 }), (stretches, moments) => {
      const axis = timeAxis({ from: 0, to: 560_000 }, stretches);
      const places = moments.toSorted((a, b) => a - b).map((when) => axis.at(when));
      for (const [index, place] of places.entries()) {
        expect(place).toBeGreaterThanOrEqual(places[index - 1] ?? 0);
        expect(Math.abs(axis.at(axis.ms(place)) - place)).toBeLessThan(1e-6);
      }
    }));
  });
  it('ticks are round, few, and none stands in a fold', () => {
    const axis = timeAxis(whole, busy);
    const ticks = ticksOf(axis, { from: 0, to: axis.length }, 8);
    expect(ticks.length).toBeGreaterThan(2);
    expect(ticks.length).toBeLessThanOrEqual(9);
    for (const { at } of ticks) expect(axis.folds.some((fold) => at > fold.at && at < fold.at + fold.width)).toBe(false);
  });
  it('labels have room on a phone as on a wide screen: none over another one, none over a fold', () => {
    const axis = timeAxis({ from: 0, to: 95_000 }, [{ from: 0, to: 40_000 }, { from: 70_000, to: 95_000 }]);
    const window = { from: 0, to: axis.length };
    const ticks = ticksOf(axis, window, 6).map((tick) => ({ ...tick, text: `${Math.floor(tick.ms / 60_000)} min ${(tick.ms / 1000) % 60} s` }));
    const [phone, wide] = [labelled(ticks, axis, window, 300), labelled(ticks, axis, window, 1000)];
    expect(phone.length).toBeGreaterThan(1);
    expect(phone.length).toBeLessThan(wide.length);
    for (const [shown, pixels] of [[phone, 300], [wide, 1000]] as const) {
      const boxes = shown.map(({ at, text, before }) => { const x = (at / axis.length) * pixels; const size = text.length * 7.2; return before ? { from: x - size, to: x } : { from: x, to: x + size }; });
      for (const [index, box] of boxes.entries()) if (index > 0) expect(box.from).toBeGreaterThanOrEqual(boxes[index - 1]!.to);
    }
  });
  it('what overlaps is joined', () => expect(joined([{ from: 5, to: 9 }, { from: 1, to: 6 }, { from: 20, to: 21 }])).toEqual([{ from: 1, to: 9 }, { from: 20, to: 21 }]));
});
