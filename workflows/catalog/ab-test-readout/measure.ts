import type { Cell, QueryData, StatisticsData } from '#contracts/data-tools';
import type { Step } from '../../stages/step.ts';
import { tableArguments } from '../../steps/table-data.ts';
import type { AbTestReadoutInput } from './definition.ts';
import { fisherExact, gainOf, guardrailStanding, neededForSkew, smallestExpected, type Effect, type Guardrail, type Rule } from './effects.ts';
import { armsOf, armsSql, crossoverSql, inOrder, valuesSql, wrongCounts, type Arm, type Columns } from './queries.ts';
import type { Evidence } from './sceptic.ts';
import { MAX_SEGMENT_TESTS, MAX_VALUES, RATIO_ALPHA } from './sizes.ts';

/** The measurements of the playbook: queries and tests of the tools, in the order of the plan. What cannot be measured is told to `note`. */
export interface Measured { step: Step; input: AbTestReadoutInput; columns: Columns; note: (sentence: string) => void }
/** t_test and welch share one shape, so a plain Extract would not find it. */
type Stat<T extends StatisticsData['test'], Data = StatisticsData> = Data extends { test: infer Tests } ? (T extends Tests ? Data : never) : never;

export const columnsOf = (input: AbTestReadoutInput): Columns => ({ kind: input.row_kind, variant: input.variant_column, outcome: input.outcome_column, people: input.people_column });

async function rowsFrom({ step, input, note }: Measured, sql: string, what: string, maxRows = 200): Promise<Cell[][] | null> {
  const result = await step.tool('query_data', { ...tableArguments({ data_file: input.results_file, data_csv: input.results_csv }), sql, max_rows: maxRows });
  if (result.outcome === 'ok' && result.data) return (result.data as QueryData).rows;
  note(`${what}: ${result.summary}`);
  return null;
}

async function statistic<T extends StatisticsData['test']>({ step, note }: Measured, what: string, analysis: { test: T } & Record<string, unknown>): Promise<Stat<T> | null> {
  const result = await step.tool('statistics', { analysis });
  if (result.outcome === 'ok' && result.data) return result.data as Stat<T>;
  note(`${what}: ${result.summary}`);
  return null;
}

/** @returns the control first; empty when the table does not hold what the columns promise */
export async function countArms(measured: Measured): Promise<Arm[]> {
  const { input, columns, note } = measured;
  const rows = await rowsFrom(measured, armsSql(columns), 'People could not be counted');
  if (!rows) return [];
  const { arms, dropped, assumed } = inOrder(armsOf(rows, columns.kind), input.control_name);
  const wrong = wrongCounts(arms, columns.kind);
  if (wrong) note(wrong);
  if (arms.length < 2) note(`The column ${columns.variant} holds ${arms.length} variants; two are needed.`);
  if (wrong || arms.length < 2) return [];
  if (dropped.length > 0) note(`Only the largest variants are read; left out: ${dropped.join(', ')}.`);
  if (assumed) note(`${arms[0]?.name} was taken as the control${input.control_name ? `, since no variant is called ${input.control_name}` : ''}.`);
  return arms;
}

export async function checkRatio(measured: Measured, arms: readonly Arm[]): Promise<{ p: number; mismatch: boolean; expected: number[] } | null> {
  const { planned_split: planned } = measured.input;
  const shares = arms.map((arm) => planned.find(({ variant }) => variant === arm.name)?.share);
  const complete = shares.every((share) => share !== undefined);
  if (planned.length > 0 && !complete) measured.note('The planned split does not name every variant, so equal parts were assumed.');
  const found = await statistic(measured, 'The split could not be tested', { test: 'sample_ratio', observed: arms.map((arm) => arm.people), expected_ratio: complete ? shares : arms.map(() => 1), alpha: RATIO_ALPHA });
  return found && { p: found.p_value, mismatch: found.mismatch, expected: found.expected };
}

export async function findCrossover(measured: Measured): Promise<Evidence['crossover']> {
  const { unit_column: unit } = measured.input;
  if (!unit || measured.columns.kind === 'totals') return null;
  const [row] = (await rowsFrom(measured, crossoverSql(measured.columns, unit), 'People in two variants could not be looked for')) ?? [];
  return row ? { crossed: Number(row[0] ?? 0), units: Number(row[1] ?? 0), rows: Number(row[2] ?? 0) } : null;
}

/** Values of each arm, row by row; null when there are more than can be read. */
export async function readValues(measured: Measured, arms: readonly Arm[]): Promise<Map<string, number[]> | null> {
  if (measured.columns.kind !== 'number' || arms.reduce((sum, arm) => sum + arm.measured, 0) > MAX_VALUES) return null;
  const rows = await rowsFrom(measured, valuesSql(measured.columns), 'The values could not be read', MAX_VALUES);
  const values = new Map<string, number[]>();
  for (const [arm, value] of rows ?? []) values.set(String(arm), [...(values.get(String(arm)) ?? []), Number(value)]);
  return rows ? values : null;
}

/** Whether the usual test may decide, and why. */
export function plainTestFits(arms: readonly Arm[], kind: Columns['kind'], values: ReadonlyMap<string, number[]> | null): { plain: boolean; because: string } {
  const [control, ...others] = arms;
  if (!control) return { plain: true, because: 'there is nothing to test.' };
  if (kind !== 'number') {
    const least = Math.min(...others.map((arm) => smallestExpected(control, arm)));
    return least >= 5 ? { plain: true, because: `every expected count is at least ${Math.floor(least)}, so the normal test of two proportions fits.` } : { plain: false, because: `an expected count of ${least.toFixed(1)} is below 5, so Fisher's exact test decides.` };
  }
  const tail = arms.find((arm) => arm.skewness !== null && neededForSkew(arm.skewness) > arm.measured);
  if (!tail) return { plain: true, because: 'there are enough people for means of such values, so Welch\'s t-test fits.' };
  const why = `${tail.name} has a long tail (skewness ${(tail.skewness ?? 0).toFixed(1)})`;
  return values ? { plain: false, because: `${why}, so a bootstrap of the values decides.` } : { plain: true, because: `${why}, but there are too many rows to resample here; Welch's t-test decides, and the sceptic says so.` };
}

const summary = (arm: Arm): { mean: number; sd: number; n: number } => ({ mean: arm.mean, sd: arm.sd, n: arm.measured });

/** Treatment less control by the usual test. @returns pHolm = p, to be corrected by the caller; null when the figures allow none */
async function usualTest(measured: Measured, control: Arm, arm: Arm, confidence: number): Promise<Effect | null> {
  const label = arm.segment ? `${arm.name} in ${arm.segment}` : arm.name;
  const shared = { treatment: arm.name, segment: arm.segment, control, arm };
  if (arm.successes === null || control.successes === null) {
    if (arm.measured < 2 || control.measured < 2) return null;
    const found = await statistic(measured, `${label} was not tested`, { test: 'welch', a: summary(arm), b: summary(control), confidence });
    return found && { ...shared, method: 'Welch’s t-test', difference: found.difference, low: found.interval[0], high: found.interval[1], relative: control.mean === 0 ? null : found.difference / control.mean, p: found.p_value, pHolm: found.p_value };
  }
  if (arm.measured === 0 || control.measured === 0) return null;
  const found = await statistic(measured, `${label} was not tested`, { test: 'two_proportions', successes_a: arm.successes, n_a: arm.measured, successes_b: control.successes, n_b: control.measured, confidence });
  return found && { ...shared, method: 'the test of two proportions', difference: found.difference, low: found.interval[0], high: found.interval[1], relative: found.relative_change, p: found.p_value, pHolm: found.p_value };
}

async function corrected<T extends { p: number; pHolm: number }>(measured: Measured, effects: T[]): Promise<T[]> {
  if (effects.length < 2) return effects;
  const found = await statistic(measured, 'The correction for several comparisons was not made', { test: 'holm', p_values: effects.map(({ p }) => Math.min(1, Math.max(0, p))) });
  // Without the correction each p value stands for the worst case.
  return effects.map((effect, index) => ({ ...effect, pHolm: found?.adjusted[index] ?? Math.min(1, effect.p * effects.length) }));
}

/** Every treatment against the control, and the same again in another way. */
export async function measureEffects(measured: Measured, arms: readonly Arm[], values: ReadonlyMap<string, number[]> | null, plain: boolean, level: number): Promise<{ effects: Effect[]; second: Evidence['second'] }> {
  const [control, ...treatments] = arms;
  if (!control) return { effects: [], second: [] };
  const confidence = 1 - level / Math.max(1, treatments.length);
  const second: Evidence['second'][number][] = [];
  const effects: Effect[] = [];
  for (const arm of treatments) {
    const usual = await usualTest(measured, control, arm, confidence);
    const other = await otherWay(measured, control, arm, values, confidence, plain);
    const deciding = plain || !other ? usual : { ...(usual ?? { treatment: arm.name, segment: '', control, arm, relative: null }), ...other };
    if (!deciding || deciding.low === undefined) continue;
    effects.push({ ...deciding, relative: control.mean === 0 ? null : deciding.difference / control.mean, pHolm: deciding.p });
    const check = plain ? other : usual;
    if (check) second.push({ treatment: arm.name, method: check.method, p: check.p });
  }
  return { effects: await corrected(measured, effects), second };
}

/** Fisher's exact test for counts, a bootstrap of the mean for numbers. */
async function otherWay(measured: Measured, control: Arm, arm: Arm, values: ReadonlyMap<string, number[]> | null, confidence: number, plain: boolean): Promise<Pick<Effect, 'method' | 'difference' | 'low' | 'high' | 'p'> | null> {
  if (arm.successes !== null && control.successes !== null) {
    if (Math.min(arm.successes + control.successes, control.measured) > 200_000) return null;
    const usual = plain ? null : await usualTest(measured, control, arm, confidence);
    return { method: 'Fisher’s exact test', difference: arm.mean - control.mean, low: usual?.low ?? null, high: usual?.high ?? null, p: fisherExact(arm.successes, arm.measured, control.successes, control.measured) };
  }
  const [mine, its] = [values?.get(arm.name) ?? [], values?.get(control.name) ?? []];
  if (mine.length < 2 || its.length < 2) return null;
  const found = await statistic(measured, `${arm.name} was not resampled`, { test: 'bootstrap_mean_difference', a: mine, b: its, resamples: 5000, seed: 1, confidence });
  return found && { method: 'a bootstrap of the means', difference: found.difference, low: found.interval[0], high: found.interval[1], p: Math.max(1 / found.resamples, 2 * Math.min(found.share_above_zero, 1 - found.share_above_zero)) };
}

/** Effects inside the values of each segment column, corrected for all of them together, and whether the segments are balanced. */
export async function measureSegments(measured: Measured, arms: readonly Arm[], level: number): Promise<{ segments: Effect[]; balance: Evidence['balance'] }> {
  const found: { control: Arm; arm: Arm }[] = [];
  const balance: Evidence['balance'][number][] = [];
  for (const column of measured.input.segment_columns) {
    const rows = await rowsFrom(measured, armsSql(measured.columns, column), `Segments by ${column} could not be read`, 400);
    const parts = armsOf(rows ?? [], measured.columns.kind).filter((part) => arms.some((arm) => arm.name === part.name)).map((part) => ({ ...part, segment: `${column} ${part.segment}` }));
    const names = [...new Set(parts.map((part) => part.segment))];
    const counts = names.map((segment) => arms.map((arm) => parts.find((part) => part.segment === segment && part.name === arm.name)?.people ?? 0));
    if (names.length >= 2 && names.length <= 20) {
      const test = await statistic(measured, `The balance by ${column} was not tested`, { test: 'chi_square', table: counts });
      if (test) balance.push({ column, p: test.p_value });
    }
    found.push(...names.flatMap((segment) => {
      const control = parts.find((part) => part.segment === segment && part.name === arms[0]?.name);
      return control ? parts.filter((part) => part.segment === segment && part !== control).map((arm) => ({ control, arm })) : [];
    }));
  }
  const largest = found.toSorted((a, b) => b.arm.people + b.control.people - a.arm.people - a.control.people).slice(0, MAX_SEGMENT_TESTS);
  if (found.length > largest.length) measured.note(`The ${largest.length} largest of ${found.length} segments were tested.`);
  const kept = found.filter((pair) => largest.includes(pair));
  const tested: Effect[] = [];
  for (const { control, arm } of kept) {
    const effect = await usualTest(measured, control, arm, 1 - level);
    if (effect) tested.push(effect);
  }
  return { segments: await corrected(measured, tested), balance };
}

export async function checkGuardrails(measured: Measured, arms: readonly Arm[], level: number): Promise<Guardrail[]> {
  const guardrails: Guardrail[] = [];
  for (const { column, worse_is: worseIs, limit_percent: percent } of measured.input.guardrails) {
    const columns: Columns = { ...measured.columns, outcome: column, kind: measured.columns.kind === 'totals' ? 'totals' : 'number' };
    const rows = await rowsFrom(measured, armsSql(columns), `The guardrail ${column} could not be read`);
    const parts = armsOf(rows ?? [], columns.kind);
    const wrong = rows && wrongCounts(parts, columns.kind);
    if (wrong) { measured.note(`The guardrail ${column} was not checked: ${wrong}`); continue; }
    const control = parts.find((part) => part.name === arms[0]?.name);
    if (!control) continue;
    for (const arm of arms.slice(1).flatMap(({ name }) => parts.filter((part) => part.name === name))) {
      const effect = await usualTest(measured, control, arm, 1 - level);
      if (!effect) continue;
      const { gain, low, high } = gainOf(effect, worseIs);
      const limit = (percent / 100) * Math.abs(control.mean);
      guardrails.push({ column, treatment: arm.name, share: arm.successes !== null, control: control.mean, value: arm.mean, worse: gain, low, high, limit, p: effect.p, standing: guardrailStanding(gain, high, limit, effect.p, level) });
    }
  }
  return guardrails;
}

/** People each variant needs to find the smallest effect four times out of five. */
export async function peopleNeeded(measured: Measured, control: Arm, { smallest, better, level }: Rule): Promise<number | null> {
  if (smallest <= 0) return null;
  const effect = better === 'higher' ? smallest : -smallest;
  const means = measured.columns.kind === 'number';
  if (means && control.sd <= 0) return null;
  const found = await statistic(measured, 'The number of people needed is not known', { test: 'sample_size', kind: means ? 'means' : 'proportions', baseline: control.mean, minimal_effect: effect, ...(means ? { sd: control.sd } : {}), alpha: level, power: 0.8 });
  return found?.per_group ?? null;
}
