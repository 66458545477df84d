import type { APPETITES, CHECKS, LEVELS, READINESS } from './sizes.ts';

/** The money and the choice: worked out here, and by the calculator once more. Pure; no model. */
export interface Process { name: string; cases_a_year: number; minutes_a_case: number; cost_an_hour: number; check: (typeof CHECKS)[number]; harm: (typeof LEVELS)[number]; data: (typeof READINESS)[number]; cost_once?: number | undefined; cost_a_year?: number | undefined }
/** shares between 0 and 1 */
export interface Assumptions { saving: number; adoption: number; spread: number; discount: number; years: number; cost_once: number; cost_a_year: number }
export interface Figures { baseline: number; saving: number; low: number; high: number; /** saving less running cost, a year */ net: number; npv: number; npvLow: number; npvHigh: number; /** adoption at which the case just pays; above 1 = never */ breakEven: number }

export const annuity = ({ discount, years }: Pick<Assumptions, 'discount' | 'years'>): number => (discount === 0 ? years : (1 - 1 / (1 + discount) ** years) / discount);
const onceOf = (process: Process, given: Assumptions): number => process.cost_once ?? given.cost_once;
const yearOf = (process: Process, given: Assumptions): number => process.cost_a_year ?? given.cost_a_year;

export function figuresOf(process: Process, given: Assumptions): Figures {
  const { saving, adoption, spread } = given;
  const [once, year, factor] = [onceOf(process, given), yearOf(process, given), annuity(given)];
  const baseline = (process.cases_a_year * process.minutes_a_case * process.cost_an_hour) / 60;
  const shareOf = (change: number): number => Math.min(1, saving * change) * Math.min(1, adoption * change);
  const [expected, low, high] = [1, 1 - spread, 1 + spread].map((change) => baseline * shareOf(change)) as [number, number, number];
  const npv = (each: number): number => (each - year) * factor - once;
  return { baseline, saving: expected, low, high, net: expected - year, npv: npv(expected), npvLow: npv(low), npvHigh: npv(high), breakEven: (once / factor + year) / (baseline * saving) };
}

export const FIGURE_NAMES = ['baseline', 'saving', 'low', 'high', 'net', 'npv', 'npvLow', 'npvHigh', 'breakEven'] as const satisfies readonly (keyof Figures)[];

/** The same as expressions for the calculator: `p1_baseline`, `p1_saving` … */
export function expressionsOf(processes: readonly Process[], given: Assumptions): { expressions: { name: string; expression: string }[]; variables: Record<string, number> } {
  const shared = [
    { name: 'annuity', expression: given.discount === 0 ? 'years' : '(1 - 1 / (1 + discount) ^ years) / discount' }, { name: 'share', expression: 'min(1, saving) * min(1, adoption)' },
    { name: 'share_low', expression: 'saving * (1 - spread) * adoption * (1 - spread)' }, { name: 'share_high', expression: 'min(1, saving * (1 + spread)) * min(1, adoption * (1 + spread))' },
  ];
  const each = processes.flatMap((process, index) => {
    const p = `p${index + 1}`;
    const [once, year] = [onceOf(process, given), yearOf(process, given)];
    return [
      ['baseline', `${process.cases_a_year} * ${process.minutes_a_case} / 60 * ${process.cost_an_hour}`], ['saving', `${p}_baseline * share`], ['low', `${p}_baseline * share_low`], ['high', `${p}_baseline * share_high`], ['net', `${p}_saving - ${year}`],
      ['npv', `${p}_net * annuity - ${once}`], ['npvLow', `(${p}_low - ${year}) * annuity - ${once}`], ['npvHigh', `(${p}_high - ${year}) * annuity - ${once}`], ['breakEven', `(${once} / annuity + ${year}) / (${p}_baseline * saving)`],
    ].map(([name, expression]) => ({ name: `${p}_${name}`, expression: expression as string }));
  });
  const { saving, adoption, spread, discount, years } = given;
  return { expressions: [...shared, ...each], variables: { saving, adoption, spread, discount, years } };
}

/** Names of figures on which the two ways do not agree; a missing result counts as not agreeing. */
export function disagreements(figures: readonly Figures[], results: readonly { name: string | null; value: number }[]): string[] {
  const worked = new Map(results.map(({ name, value }) => [name, value]));
  return figures.flatMap((each, index) => FIGURE_NAMES.filter((name) => {
    const value = worked.get(`p${index + 1}_${name}`);
    return value === undefined || Math.abs(value - each[name]) > 1e-6 * Math.max(1, Math.abs(value));
  }).map((name) => `p${index + 1}_${name}`));
}

export interface Scores { value: number; feasibility: number; risk: number; priority: number }
const DATA = { ready: 2, partly: 1, missing: 0 } as const;
const CHECK = { rule: 2, quick: 2, expert: 1, hard: 0 } as const;
const HARM = { low: 5, medium: 3, high: 1 } as const;

/** 1 to 5 each, 5 is good (risk 5 = little harm). @param most  the largest present value of all cases */
export function scoresOf(process: Process, { npv }: Pick<Figures, 'npv'>, most: number, lowered: { feasibility: boolean; risk: boolean }): Scores {
  const bounded = (score: number): number => Math.min(5, Math.max(1, score));
  const value = npv <= 0 ? 1 : bounded(Math.max(2, Math.ceil((5 * npv) / Math.max(npv, most))));
  const feasibility = bounded(1 + DATA[process.data] + CHECK[process.check] - (lowered.feasibility ? 1 : 0));
  // What can be checked at once does less harm.
  const risk = bounded(HARM[process.harm] + (process.check === 'rule' || process.check === 'quick' ? 1 : process.check === 'hard' ? -1 : 0) - (lowered.risk ? 1 : 0));
  return { value, feasibility, risk, priority: value * feasibility * risk };
}

export type Verdict = 'start' | 'prepare' | 'wait' | 'stop';
export interface Candidate { figures: Figures; scores: Scores; once: number }
const FLOOR: Record<(typeof APPETITES)[number], number> = { cautious: 3, balanced: 2, bold: 2 };

/** The set of cases with the highest weighted present value that the budget and the number of pilots allow, by trying every set
 * (at most 2¹⁰); a case with a 1 for feasibility or risk is never in it. @returns a verdict for each */
export function choose(candidates: readonly Candidate[], budget: number, pilots: number, appetite: (typeof APPETITES)[number]): Verdict[] {
  const open = candidates.flatMap(({ figures, scores }, index) => (figures.npv > 0 && Math.min(scores.feasibility, scores.risk) >= FLOOR[appetite] ? [index] : []));
  const worth = (index: number): number => { const { figures, scores } = candidates[index] as Candidate; return figures.npv * (appetite === 'bold' ? 1 : (scores.feasibility + scores.risk) / 10); };
  let best: { set: number[]; worth: number } = { set: [], worth: 0 };
  for (let mask = 1; mask < 2 ** open.length; mask += 1) {
    const set = open.filter((_, bit) => Math.floor(mask / 2 ** bit) % 2 === 1);
    if (set.length > pilots || set.reduce((sum, index) => sum + (candidates[index]?.once ?? 0), 0) > budget) continue;
    const total = set.reduce((sum, index) => sum + worth(index), 0);
    if (total > best.worth) best = { set, worth: total };
  }
  return candidates.map(({ figures }, index) => (best.set.includes(index) ? 'start' : open.includes(index) ? 'prepare' : figures.npvHigh <= 0 ? 'stop' : 'wait'));
}

/** How far the present value of the chosen cases moves when one assumption moves by the spread; largest first. */
export function sensitivity(processes: readonly Process[], given: Assumptions): { what: string; low: number; high: number }[] {
  const total = (changedTo: Partial<Assumptions>, cost = 1): number => processes.reduce((sum, process) => sum + figuresOf({ ...process, cost_once: onceOf(process, given) * cost, cost_a_year: yearOf(process, given) * cost }, { ...given, ...changedTo }).npv, 0);
  const { saving, adoption, spread } = given;
  return [
    { what: 'Time saved in a case', low: total({ saving: saving * (1 - spread) }), high: total({ saving: Math.min(1, saving * (1 + spread)) }) },
    { what: 'Share of cases in which it is used', low: total({ adoption: adoption * (1 - spread) }), high: total({ adoption: Math.min(1, adoption * (1 + spread)) }) },
    { what: 'Cost, once and a year', low: total({}, 1 + spread), high: total({}, 1 - spread) },
  ].toSorted((a, b) => b.high - b.low - (a.high - a.low));
}
