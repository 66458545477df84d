import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '../stages/step.ts';
import { duration, money, readable, workOut } from './work-out.ts';

describe('figures as a person reads them', () => {
  it('thousands apart, three digits that matter', () => {
    expect([0, 0.0544, 1.005, 17.67, 128.4, 41_943_040, -115, NaN, undefined].map(readable)).toEqual(['0', '0.0544', '1', '17.7', '128', '41,943,040', '−115', '—', '—']);
    expect([0.0544, 1.5, 100, undefined].map(duration)).toEqual(['3.26 minutes', '1.5 hours', '4.17 days', '—']);
    expect([0.078, 12, 4321.5].map(money)).toEqual(['$0.08', '$12.00', '$4,322']);
  });

  it('is within half a per cent of the value', () => {
    fc.assert(fc.property(fc.double({ min: 1e-5, max: 1e15, noNaN: true }), (value) => {
      expect(Math.abs(Number(readable(value).replaceAll(',', '')) - value)).toBeLessThanOrEqual(value * 0.005 + 1e-9);
    }));
  });
});

it('a calculator that is away gives no figures, and the story says why', async () => {
  const said: string[] = [];
  const step = { tool: () => Promise.resolve({ outcome: 'failed', summary: 'It divides by zero.', items: [] }), summarise: (sentence: string) => { said.push(sentence); } } as unknown as Step;
  expect(await workOut(step, [{ name: 'a', title: 'A', expression: '1/0', unit: '', source: 'x' }], {})).toBeNull();
  expect(said).toEqual(['The figures could not be worked out: It divides by zero.']);
});
