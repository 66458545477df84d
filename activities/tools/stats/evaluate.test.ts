import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';

const names = new Map([['x', 3], ['pi', Math.PI]]);

describe('evaluate', () => {
  it.each([['1 + 2 * 3', 7], ['-2 ^ 2', -4], ['2 ^ 3 ^ 2', 512], ['(1 + 2) * -x', -9], ['7 % 4 / 2', 1.5], ['.5e1 + 1e-1', 5.1], ['2 ** -1', 0.5], ['round(pi, 2)', 3.14], ['median(5, 1, 3, 2) + max(1, x)', 5.5], ['mean(1,2,3)', 2], ['sqrt(abs(-16))', 4], ['10 - 2 - 3', 5]])('%s = %d', (expression, value) => {
    expect(evaluate(expression, names)).toBeCloseTo(value, 12);
  });

  it.each([['1 / 0', /divides by zero/], ['sqrt(-1)', /not a number/], ['1 +', /missing at the end/], ['(1', /"\)" is missing/], ['1 2', /cannot stand/], ['y', /nothing named y/], ['constructor', /nothing named/], ['toString()', /cannot stand|no function/], ['process.exit(1)', /nothing named|cannot stand|not part/], ['constructor(1)', /no function/], ['pow(1)', /takes 2/], ['9 ^ 9 ^ 9 ^ 9', /not a number/], ['(' .repeat(500) + '1', /too deep/], ['a => a', /nothing named|not part/], ['`1`', /not part/]])('%s is refused', (expression, why) => {
    expect(() => evaluate(expression, names)).toThrow(why);
  });

  it('agrees with JavaScript on every sum it makes itself', () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({ expression: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.integer({ min: 0, max: 99 }).map(String), fc.tuple(tie('expression'), fc.constantFrom('+', '-', '*'), tie('expression')).map(([a, sign, b]) => `(${a} ${sign} ${b})`)) }));
    fc.assert(fc.property(expression, (text) => {
      // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- the oracle of this test; digits and signs made above
      expect(evaluate(text, names)).toBe(Number(new Function(`return ${text}`)()));
    }));
  });
});
