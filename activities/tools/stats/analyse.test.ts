import { describe, expect, it } from 'vitest';
import { Analysis } from '#contracts/data-tools.schema';
import { analyse } from './analyse.ts';
import { chiSquareTail, normalTail, tTail } from './distributions.ts';

const run = (wanted: unknown) => analyse(Analysis.parse(wanted)) as never as Record<string, never>;
const near = (value: unknown, wanted: number, digits = 6): void => { expect(Math.abs(Number(value) / wanted - 1)).toBeLessThan(10 ** -digits); };
// Student's sleep data, as in R's datasets.
const one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
const two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

/** Figures of R's own help pages and printed outputs. */
describe('the tests give what R gives', () => {
  it('Welch, pooled and paired t on the sleep data', () => {
    const welch = run({ test: 'welch', a: one, b: two });
    near(welch['statistic'], -1.860813, 6); near(welch['df'], 17.77647, 6); near(welch['p_value'], 0.07939414, 6); near(welch['interval']?.[0], -3.365483, 6); near(welch['interval']?.[1], 0.2054832, 6);
    const pooled = run({ test: 't_test', a: one, b: two });
    near(pooled['p_value'], 0.07918671, 6);
    const paired = run({ test: 't_test', a: one, b: two, paired: true });
    near(paired['statistic'], -4.062128, 6); near(paired['p_value'], 0.00283289, 6); near(paired['interval']?.[0], -2.459886, 6); near(paired['interval']?.[1], -0.7001142, 6);
    // From the summaries alone the same comes out.
    near(run({ test: 'welch', a: { mean: 0.75, sd: 1.7890096577591625, n: 10 }, b: { mean: 2.33, sd: 2.0022487079710896, n: 10 } })['p_value'], 0.07939414, 6);
    near(run({ test: 'welch', a: one, b: two, alternative: 'less' })['p_value'], 0.03969707, 6);
  });

  it('chi-square on the party and gender table of chisq.test', () => {
    const result = run({ test: 'chi_square', table: [[762, 327, 468], [484, 239, 477]] });
    near(result['statistic'], 30.07015, 6); near(result['p_value'], 2.953589e-7, 6);
    expect(result['df']).toBe(2);
  });

  it('two proportions as prop.test without correction', () => {
    const result = run({ test: 'two_proportions', successes_a: 15, n_a: 50, successes_b: 25, n_b: 50 });
    near(Number(result['statistic']) ** 2, 25 / 6, 9); near(result['p_value'], 0.04123, 4); near(result['interval']?.[0], -0.2 - 1.959963984540054 * Math.sqrt((0.21 + 0.25) / 50), 9);
  });

  it('Mann-Whitney on ozone in May and August as wilcox.test', () => {
    const may = [41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37];
    const august = [39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85];
    const result = run({ test: 'mann_whitney', a: may, b: august });
    expect(result['u']).toBe(127.5);
    near(result['p_value'], 0.0001208, 3);
  });

  it('Pearson and Spearman as cor.test', () => {
    const x = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
    const y = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];
    const result = run({ test: 'correlation', x, y });
    near(result['r'], 0.5711816, 6); near(result['statistic'], 1.841083, 6); near(result['p_value'], 0.1081731, 5); near(result['interval']?.[0], -0.1497426, 6); near(result['interval']?.[1], 0.8955795, 6);
    near(run({ test: 'correlation', x, y, method: 'spearman' })['r'], 0.6, 9);
  });

  it('Holm, sample size, sample ratio, description', () => {
    const adjusted = run({ test: 'holm', p_values: [0.04, 0.01, 0.03, 0.05, 0.02] })['adjusted'] as unknown as number[];
    for (const [index, wanted] of [0.09, 0.05, 0.09, 0.09, 0.08].entries()) near(adjusted[index], wanted, 9);
    // power.prop.test(p1 = .50, p2 = .75, power = .90): n = 76.7
    expect(run({ test: 'sample_size', kind: 'proportions', baseline: 0.5, minimal_effect: 0.25, power: 0.9 })).toMatchObject({ per_group: 77, total: 154 });
    expect(run({ test: 'sample_size', kind: 'means', baseline: 0, minimal_effect: 1, sd: 1, power: 0.9 })).toMatchObject({ per_group: 22 });
    // Fabijan et al. 2019, the split of 821,588 to 815,482 people.
    const split = run({ test: 'sample_ratio', observed: [821_588, 815_482], expected_ratio: [1, 1] });
    expect(split).toMatchObject({ mismatch: true });
    near(split['p_value'], 1.8e-6, 1);
    expect(run({ test: 'sample_ratio', observed: [5_010, 4_990], expected_ratio: [50, 50] })).toMatchObject({ mismatch: false });
    expect(run({ test: 'describe', values: [1, 2, 3, 4] })).toMatchObject({ mean: 2.5, q1: 1.75, median: 2.5, q3: 3.25 });
  });

  it('far tails keep their digits', () => {
    near(chiSquareTail(100, 1), 1.523971e-23, 6); near(normalTail(10), 7.619853e-24, 6); near(tTail(10, 5), 8.547379e-5, 5); near(normalTail(1.959963984540054), 0.025, 9);
  });

  it('the bootstrap is the same for the same seed and agrees with theory', () => {
    const wanted = { test: 'bootstrap_mean_difference', a: two, b: one, resamples: 4_000, seed: 7 };
    expect(run(wanted)).toEqual(run(wanted));
    expect(run({ ...wanted, seed: 8 })).not.toEqual(run(wanted));
    // The bootstrap's error is that of Welch with n in place of n − 1: 0.8055.
    near(run(wanted)['standard_error'], 0.8055, 1.5);
  });

  it.each([
    [{ test: 't_test', a: [1, 1, 1], b: [1, 1] }, /same/], [{ test: 't_test', a: [1, 2], b: [1, 2, 3], paired: true }, /same length/], [{ test: 'chi_square', table: [[1, 2], [3, 4, 5]] }, /same number/], [{ test: 'chi_square', table: [[0, 0], [3, 4]] }, /zero/],
    [{ test: 'two_proportions', successes_a: 5, n_a: 3, successes_b: 1, n_b: 3 }, /more successes/], [{ test: 'two_proportions', successes_a: 0, n_a: 3, successes_b: 0, n_b: 3 }, /same result/], [{ test: 'correlation', x: [1, 2, 3], y: [1, 1, 1] }, /spread/],
    [{ test: 'sample_size', kind: 'means', baseline: 1, minimal_effect: 1 }, /sd/], [{ test: 'sample_size', kind: 'proportions', baseline: 0.9, minimal_effect: 0.2 }, /between 0 and 1/], [{ test: 'mann_whitney', a: [1, 1], b: [1, 1] }, /same/],
  ])('%j has no answer, and says why', (wanted, why) => { expect(() => run(wanted)).toThrow(why); });
});
