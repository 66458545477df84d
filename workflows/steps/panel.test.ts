import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settlePair, tally, type PairAnswer } from './panel.ts';

describe('a judge that sees both orders', () => {
  const says = (winnerOf: PairAnswer['winner']): PairAnswer => ({ winner: winnerOf, reason: 'r' });

  it('who always prefers the first place finds no winner', () => {
    expect(settlePair(says('first'), says('first'))).toMatchObject({ winner: 'tie', consistent: false });
    expect(settlePair(says('second'), says('second'))).toMatchObject({ winner: 'tie', consistent: false });
  });

  it('who means the candidate finds it in both orders', () => {
    expect(settlePair(says('first'), says('second'))).toMatchObject({ winner: 'a', consistent: true });
    expect(settlePair(says('second'), says('first'))).toMatchObject({ winner: 'b', consistent: true });
    expect(settlePair(says('tie'), says('tie'))).toMatchObject({ winner: 'tie', consistent: true });
  });

  it('the tally counts every verdict once, and what turned with the order among the ties', () => {
    const place = fc.constantFrom('first' as const, 'second' as const, 'tie' as const);
    fc.assert(fc.property(fc.array(fc.tuple(place, place), { maxLength: 20 }), (pairs) => {
      const { a, b, tie, turned } = tally(pairs.map(([forward, backward]) => settlePair(says(forward), says(backward))));
      expect(a + b + tie).toBe(pairs.length);
      expect(turned).toBeLessThanOrEqual(tie);
      expect(a).toBe(pairs.filter(([forward, backward]) => forward === 'first' && backward === 'second').length);
    }));
  });
});
