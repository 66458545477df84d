import type { Arm } from './queries.ts';
import type { Decision } from './sizes.ts';

/** One treatment against the control, and what follows from it. Pure arithmetic; tests of significance come from the statistics tool. */
export interface Effect {
  treatment: string; segment: string; control: Arm; arm: Arm; /** which test decided */ method: string;
  /** treatment less control, in the outcome's own unit */
  difference: number; low: number | null; high: number | null; /** of the control's mean; null when that is 0 */ relative: number | null; p: number; pHolm: number;
}
export type Standing = 'clear_win' | 'win' | 'harm' | 'too_small' | 'open';
export interface Guardrail { column: string; treatment: string; /** a share of people, not a mean */ share: boolean; control: number; value: number; /** worsening, positive = worse, in the column's unit */ worse: number; low: number | null; high: number | null; limit: number; p: number; standing: 'safe' | 'open' | 'breached' }
export interface Rule { /** after the correction for looks */ level: number; /** in the outcome's unit, not below 0 */ smallest: number; better: 'higher' | 'lower' }

/** The level that is left for one look: a test that was looked at n times has n chances to be wrong (Bonferroni). */
export const levelFor = (alpha: number, looks: number): number => alpha / Math.max(1, looks);

/** Gain of the treatment in the wanted direction, with its interval. */
export function gainOf({ difference, low, high }: Pick<Effect, 'difference' | 'low' | 'high'>, better: Rule['better']): { gain: number; low: number; high: number } {
  const [from, to] = [low ?? -Infinity, high ?? Infinity];
  return better === 'higher' ? { gain: difference, low: from, high: to } : { gain: -difference, low: -to, high: -from };
}

export function standingOf(effect: Effect, { level, smallest, better }: Rule): Standing {
  const { gain, low, high } = gainOf(effect, better);
  if (effect.pHolm < level) return gain < 0 ? 'harm' : low >= smallest ? 'clear_win' : high < smallest ? 'too_small' : 'win';
  return high < smallest ? 'too_small' : 'open';
}

export const STANDING_WORDS: Record<Standing, string> = { clear_win: 'better, and by enough', win: 'better, how much is open', harm: 'worse', too_small: 'smaller than what is worth it', open: 'not decided' };

/** Worsening against its limit. Breached = worse beyond chance and beyond the limit; safe = even the bad end of the interval keeps the limit. */
export function guardrailStanding(worse: number, high: number | null, limit: number, p: number, level: number): Guardrail['standing'] {
  if (worse > limit && p < level) return 'breached';
  return high !== null && high <= limit ? 'safe' : 'open';
}

/** The recommendation, by rule. @returns the treatment it is about, null when it is about the experiment */
export function recommend(effects: readonly Effect[], rule: Rule, guardrails: readonly Guardrail[], broken: readonly string[]): { decision: Decision; treatment: string | null; because: string } {
  if (broken.length > 0) return { decision: 'repair', treatment: null, because: broken.join(' ') };
  if (effects.length === 0) return { decision: 'repair', treatment: null, because: 'No comparison could be calculated.' };
  const judged = effects.map((effect) => ({ effect, standing: standingOf(effect, rule), breached: guardrails.filter((guard) => guard.treatment === effect.treatment && guard.standing === 'breached') }));
  const winners = judged.filter(({ standing }) => standing === 'clear_win' || standing === 'win').toSorted((a, b) => gainOf(b.effect, rule.better).gain - gainOf(a.effect, rule.better).gain);
  const best = winners.find(({ breached }) => breached.length === 0);
  if (best) return { decision: 'ship', treatment: best.effect.treatment, because: best.standing === 'clear_win' ? 'The whole interval lies above the smallest effect that is worth it.' : 'The gain is beyond chance; the interval does not yet say that it is as large as wanted.' };
  const [winner] = winners;
  if (winner) return { decision: 'do_not_ship', treatment: winner.effect.treatment, because: `The gain is real, but a guardrail is breached: ${winner.breached.map(({ column }) => column).join(', ')}.` };
  const open = judged.find(({ standing }) => standing === 'open');
  if (open) return { decision: 'keep_running', treatment: open.effect.treatment, because: 'The interval holds both no effect and an effect that would be worth it.' };
  const harmful = judged.find(({ standing }) => standing === 'harm');
  if (harmful) return { decision: 'do_not_ship', treatment: harmful.effect.treatment, because: 'It makes the outcome worse, beyond chance.' };
  return { decision: 'do_not_ship', treatment: judged[0]?.effect.treatment ?? null, because: 'Even the good end of the interval is below the smallest effect that is worth it.' };
}

/** Two-sided p of Fisher's exact test: all tables with the same margins that are no more likely than the one seen. */
export function fisherExact(successesA: number, nA: number, successesB: number, nB: number): number {
  const successes = successesA + successesB;
  const [from, to] = [Math.max(0, successes - nB), Math.min(nA, successes)];
  const logs: number[] = [];
  let log = 0;
  // Relative to the first table: each step is a ratio of neighbours, so that nothing overflows.
  for (let k = from; k <= to; k += 1) {
    logs.push(log);
    log += Math.log(((nA - k) * (successes - k)) / ((k + 1) * (nB - successes + k + 1)));
  }
  const highest = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  const weights = logs.map((value) => Math.exp(value - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const seen = weights[successesA - from] ?? 0;
  return Math.min(1, weights.reduce((sum, weight) => (weight <= seen * (1 + 1e-7) ? sum + weight : sum), 0) / total);
}

/** The smallest of the four expected counts of a two-by-two table. */
export function smallestExpected(a: Arm, b: Arm): number {
  const [n, yes] = [a.measured + b.measured, (a.successes ?? 0) + (b.successes ?? 0)];
  return n === 0 ? 0 : Math.min(...[a, b].flatMap((arm) => [(arm.measured * yes) / n, (arm.measured * (n - yes)) / n]));
}

/** People an arm needs before a mean of skewed values can be trusted: 355 times the squared skewness (Kohavi and others, 2014). */
export const neededForSkew = (skewness: number): number => Math.ceil(355 * skewness * skewness);
