import { countOf, percent } from '../../steps/table-data.ts';
import { gainOf, neededForSkew, type Effect, type Rule } from './effects.ts';
import type { Arm } from './queries.ts';

/** What a sceptic asks of every experiment, answered by figures. Pure. */
export interface Check { check: string; outcome: 'holds' | 'doubt' | 'fails'; finding: string; /** what would settle it */ settle: string }
export interface Evidence {
  arms: readonly Arm[]; ratio: { p: number; mismatch: boolean } | null; crossover: { crossed: number; units: number; rows: number } | null; effects: readonly Effect[]; segments: readonly Effect[];
  /** p of a chi-square test of segment against variant */ balance: readonly { column: string; p: number }[];
  /** people an arm, for the smallest effect */ needed: number | null;
  /** what another way of testing says of the same comparison */ second: readonly { treatment: string; method: string; p: number }[];
  daysRun: number; looks: number;
}

const MUCH = 0.3;
const SETTLE: readonly (readonly [check: string, settle: string])[] = [
  ['Sample ratio', 'count people at assignment and at logging, by browser and day, and find where they get lost'], ['One variant', 'assign by a lasting id, and leave out people who met two variants'], ['One row', 'add up the rows of a person first, or give the column that names the person'],
  ['Missing', 'find who has no outcome in each variant, and count them as no as a second reading'], ['Balance', 'look for a filter or a crash that meets one segment in one variant only'], ['Whole weeks', 'let it run to the end of a whole week'], ['Looks', 'fix the end beforehand, or use a sequential method'],
  ['Enough', 'let it run until the number is reached, or choose a more sensitive metric'], ['Long tail', 'cap the outcome at a stated percentile, and bootstrap'], ['Second way', 'take the more careful of both answers'], ['Segments', 'test that segment on its own'], ['Size', 'compare the logged outcomes with the books of the same days'],
];
export const pWords = (p: number): string => (p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`);

export function scepticChecks(evidence: Evidence, rule: Rule): Check[] {
  const { arms, ratio, crossover, effects, segments, balance, needed, second, daysRun, looks } = evidence;
  const checks: Check[] = [];
  const add = (check: string, outcome: Check['outcome'], finding: string): void => { checks.push({ check, outcome, finding, settle: SETTLE.find(([name]) => check.startsWith(name))?.[1] ?? 'repeat the experiment' }); };
  if (ratio) add('Sample ratio', ratio.mismatch ? 'fails' : 'holds', `${ratio.mismatch ? 'The split of people is not the planned one' : 'The split of people fits the plan'} (${pWords(ratio.p)}).`);
  if (crossover) {
    if (crossover.crossed > 0) add('One variant a person', crossover.crossed / crossover.units > 0.01 ? 'fails' : 'doubt', `${countOf(crossover.crossed, 'person').replace('persons', 'people')} of ${crossover.units} met more than one variant.`);
    else if (crossover.rows > crossover.units) add('One row a person', 'fails', `${crossover.rows} rows belong to ${crossover.units} people; the tests take every row for a person of its own.`);
    else add('One variant a person', 'holds', `All ${crossover.units} people met one variant and have one row.`);
  }
  const missing = arms.map((arm) => 1 - arm.measured / arm.people);
  const gap = Math.max(...missing) - Math.min(...missing);
  if (missing.some((share) => share > 0)) add('Missing outcomes', gap > 0.01 ? 'doubt' : 'holds', `${arms.map((arm, index) => `${arm.name} lacks ${percent(missing[index] ?? 0)}`).join(', ')} of the outcomes${gap > 0.01 ? '; a difference in who is measured can look like an effect' : ''}.`);
  for (const { column, p } of balance) add(`Balance by ${column}`, p < 0.001 ? 'fails' : p < 0.01 ? 'doubt' : 'holds', `${column} and variant are ${p < 0.01 ? 'not independent' : 'independent as far as the counts show'} (${pWords(p)}).`);
  add('Whole weeks', daysRun < 7 || daysRun % 7 !== 0 ? 'doubt' : 'holds', daysRun < 7 ? `It ran ${countOf(daysRun, 'day')}; people behave differently over a week.` : daysRun % 7 === 0 ? `It ran ${countOf(daysRun / 7, 'whole week')}.` : `It ran ${daysRun} days, which is no whole number of weeks; some weekdays count more.`);
  add('Looks at the result', looks > 1 ? 'doubt' : 'holds', looks > 1 ? `The result was looked at ${looks} times, so each look is held to a level of ${rule.level.toPrecision(2)}.` : 'The result was looked at once.');
  if (needed !== null) {
    const least = Math.min(...arms.map((arm) => arm.measured));
    add('Enough people', least < needed ? 'doubt' : 'holds', `The smallest effect needs ${needed} people in each variant; the smallest variant has ${least}.`);
  }
  for (const arm of arms.filter((candidate) => candidate.skewness !== null && neededForSkew(candidate.skewness) > candidate.measured)) add(`Long tail in ${arm.name}`, 'doubt', `A skewness of ${(arm.skewness ?? 0).toFixed(1)} needs ${neededForSkew(arm.skewness ?? 0)} people before means behave; there are ${arm.measured}.`);
  for (const { treatment, method, p } of second) {
    const first = effects.find((effect) => effect.treatment === treatment);
    if (!first) continue;
    const agrees = (p < rule.level) === (first.p < rule.level);
    add(`Second way for ${treatment}`, agrees ? 'holds' : 'doubt', `${method} gives ${pWords(p)}, ${first.method} gave ${pWords(first.p)}; ${agrees ? 'both lead to the same answer' : 'they lead to different answers'}.`);
  }
  for (const effect of effects) {
    const sign = Math.sign(gainOf(effect, rule.better).gain);
    const inside = segments.filter((part) => part.treatment === effect.treatment);
    const against = inside.filter((part) => part.pHolm < rule.level && Math.sign(gainOf(part, rule.better).gain) === -sign);
    if (inside.length > 0) add(`Segments of ${effect.treatment}`, against.length > 0 ? 'doubt' : 'holds', against.length > 0 ? `The effect turns round in ${against.map((part) => part.segment).join(', ')}.` : 'No segment shows a significant effect in the other direction.');
    if (effect.relative !== null && Math.abs(effect.relative) > MUCH && effect.pHolm < rule.level) add(`Size of ${effect.treatment}`, 'doubt', `A change of ${percent(effect.relative)} is larger than most real ones; check the logging before believing it.`);
  }
  return checks;
}

/** What makes a read-out worthless, in sentences; empty when it can be read. */
export const brokenBy = (checks: readonly Check[]): string[] => checks.filter(({ outcome }) => outcome === 'fails').map(({ finding }) => finding);
