import type { Cell } from '#contracts/data-tools';
import { sqlName } from '../../steps/table-data.ts';
import { MAX_ARMS, type RowKind } from './sizes.ts';

/** SQL over the results, and what comes back as arms. Pure. */
export interface Columns { kind: RowKind; variant: string; outcome: string; /** totals only */ people: string }
/** One variant, or one variant inside one segment. `measured` people have an outcome; successes are null for numbers. */
export interface Arm { name: string; segment: string; people: number; measured: number; successes: number | null; mean: number; sd: number; /** of the outcome; null for yes/no */ skewness: number | null }

const YES = "('1', '1.0', 'true', 'yes', 'y', 't')";
const NO = "('0', '0.0', 'false', 'no', 'n', 'f')";
const armName = (variant: string): string => `trim(CAST(${sqlName(variant)} AS VARCHAR))`;
const number = (column: string): string => `TRY_CAST(${sqlName(column)} AS DOUBLE)`;

function outcomeOf({ kind, outcome }: Columns): string {
  if (kind !== 'yes_no') return number(outcome);
  const text = `lower(trim(CAST(${sqlName(outcome)} AS VARCHAR)))`;
  return `CASE WHEN ${text} IN ${YES} THEN 1 WHEN ${text} IN ${NO} THEN 0 END`;
}

/** One row for each variant, or for each variant and value of the segment column. */
export function armsSql(columns: Columns, segment: string | null = null): string {
  const name = `${segment === null ? "''" : `coalesce(CAST(${sqlName(segment)} AS VARCHAR), '(empty)')`} AS segment`;
  const figures = columns.kind === 'totals'
    ? `sum(${number(columns.people)}) AS people, sum(CASE WHEN ${number(columns.outcome)} IS NULL THEN 0 ELSE ${number(columns.people)} END) AS measured, sum(${number(columns.outcome)}) AS total, NULL AS sd, NULL AS skew`
    : `count(*) AS people, count(${outcomeOf(columns)}) AS measured, sum(${outcomeOf(columns)}) AS total, stddev_samp(${outcomeOf(columns)}) AS sd, skewness(${outcomeOf(columns)}) AS skew`;
  return `SELECT ${armName(columns.variant)} AS arm, ${name}, ${figures} FROM data WHERE ${sqlName(columns.variant)} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`;
}

/** The outcomes themselves, for the bootstrap. */
export const valuesSql = (columns: Columns): string => `SELECT ${armName(columns.variant)} AS arm, ${outcomeOf(columns)} AS value FROM data WHERE ${outcomeOf(columns)} IS NOT NULL`;

/** People who were seen in more than one variant. */
export const crossoverSql = (columns: Columns, unit: string): string => `SELECT count(*) FILTER (WHERE arms > 1) AS crossed, count(*) AS units, sum(seen) AS rows_seen FROM (SELECT ${sqlName(unit)}, count(DISTINCT ${armName(columns.variant)}) AS arms, count(*) AS seen FROM data WHERE ${sqlName(unit)} IS NOT NULL GROUP BY 1)`;

/** @param rows  as armsSql gives them; rows without people are left out */
export function armsOf(rows: readonly Cell[][], kind: RowKind): Arm[] {
  return rows.map(([name, segment, people, measured, total, sd, skew]): Arm => {
    const [seen, counted, sum] = [Number(people ?? 0), Number(measured ?? 0), Number(total ?? 0)];
    const mean = counted > 0 ? sum / counted : 0;
    return { name: String(name), segment: String(segment), people: seen, measured: counted, successes: kind === 'number' ? null : sum, mean, sd: kind === 'number' ? Number(sd ?? 0) : Math.sqrt(Math.max(0, mean * (1 - mean))), skewness: kind === 'number' && skew !== null && skew !== undefined ? Number(skew) : null };
  }).filter((arm) => arm.people > 0 && arm.name !== '');
}

/** Counts that no table of people and outcomes can have; null when they are fine. */
export function wrongCounts(arms: readonly Arm[], kind: RowKind): string | null {
  const odd = arms.find((arm) => kind !== 'number' && ((arm.successes ?? 0) < 0 || (arm.successes ?? 0) > arm.measured || !Number.isInteger(arm.people) || !Number.isInteger(arm.successes)));
  return odd ? `${odd.name} has ${odd.successes} outcomes for ${odd.measured} people; whole numbers are needed, and no more outcomes than people.` : null;
}

/** The control first, then the others by name; the largest stay when there are too many. */
export function inOrder(arms: readonly Arm[], controlName: string | undefined): { arms: Arm[]; dropped: string[]; assumed: boolean } {
  const kept = arms.toSorted((a, b) => b.people - a.people || (a.name < b.name ? -1 : 1)).slice(0, MAX_ARMS).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const named = kept.find((arm) => arm.name === controlName) ?? kept.find((arm) => arm.name.toLowerCase() === controlName?.toLowerCase());
  const control = named ?? kept.find((arm) => /control|baseline|^old|^a$|^0$/i.test(arm.name)) ?? kept[0];
  return { arms: control ? [control, ...kept.filter((arm) => arm !== control)] : [], dropped: arms.filter((arm) => !kept.includes(arm)).map((arm) => arm.name), assumed: named === undefined };
}
