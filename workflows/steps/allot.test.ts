import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allot } from './allot.ts';

it('whole parts add up and differ from the exact share by less than one', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 5000 }), fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 1, maxLength: 9 }), (total, weights) => {
    const parts = allot(total, weights);
    const sum = weights.reduce((all, weight) => all + weight, 0);
    expect(parts.reduce((all, part) => all + part, 0)).toBe(total);
    for (const [index, part] of parts.entries()) expect(Math.abs(part - (total * (weights[index] ?? 0)) / sum)).toBeLessThan(1);
  }));
});

it('nothing to weigh by: the first takes all', () => {
  expect([allot(7, [0, 0]), allot(7, [])]).toEqual([[7, 0], []]);
});
