import type { Cell } from '#contracts/data-tools';
import { sqlName } from '../../steps/table-data.ts';
import type { Aggregate } from './sizes.ts';

/** The calculation in three ways: grouped SQL, code over the rows, SQL with windows. Pure. */
export interface Calculation { aggregate: Aggregate; /** not used by count */ measure: string | null; /** null = one figure over all rows */ group: string | null }
export interface Figure { group: string; value: number | null; /** rows that went into it; empty cells do not */ rows: number }
export interface Settled extends Figure { /** two ways gave the same */ agreed: boolean; ways: (number | null)[] }

const ALL = 'all rows';
const SQL: Record<Aggregate, (x: string) => string> = { count: () => 'count(*)', sum: (x) => `sum(${x})`, average: (x) => `avg(${x})`, median: (x) => `median(${x})`, lowest: (x) => `min(${x})`, highest: (x) => `max(${x})` };

const parts = ({ aggregate, measure, group }: Calculation) => {
  const number = measure === null ? '1' : `TRY_CAST(${sqlName(measure)} AS DOUBLE)`;
  return { value: SQL[aggregate](number), rows: aggregate === 'count' ? 'count(*)' : `count(${number})`, name: group === null ? `'${ALL}'` : `coalesce(CAST(${sqlName(group)} AS VARCHAR), '(empty)')`, number };
};

export function groupedSql(calculation: Calculation): string {
  const { value, rows, name } = parts(calculation);
  return `SELECT ${name} AS grp, ${value} AS value, ${rows} AS rows_used FROM data GROUP BY 1 ORDER BY 1`;
}

/** The same by windows: another plan in the engine, and no GROUP BY to get wrong. */
export function windowSql(calculation: Calculation): string {
  const { value, rows, name } = parts(calculation);
  return `SELECT DISTINCT ${name} AS grp, ${value} OVER (PARTITION BY ${name}) AS value, ${rows} OVER (PARTITION BY ${name}) AS rows_used FROM data ORDER BY 1`;
}

/** The rows themselves, for the calculation in code. */
export function rowsSql(calculation: Calculation): string {
  const { name, number } = parts(calculation);
  return `SELECT ${name} AS grp, ${number} AS value FROM data`;
}

export const figuresOf = (rows: readonly Cell[][]): Figure[] => rows.map(([group, value, used]) => ({ group: String(group), value: value === null || value === undefined ? null : Number(value), rows: Number(used) }));

/** @param rows  group and value, a row of the table each */
export function inCode(rows: readonly Cell[][], aggregate: Aggregate): Figure[] {
  const groups = new Map<string, number[]>();
  const counts = new Map<string, number>();
  for (const [group, value] of rows) {
    const name = String(group);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const known = groups.get(name) ?? [];
    if (value !== null && value !== undefined && value !== '') known.push(Number(value));
    groups.set(name, known);
  }
  return [...groups].map(([group, values]) => ({ group, value: aggregate === 'count' ? (counts.get(group) ?? 0) : valueOf(values, aggregate), rows: aggregate === 'count' ? (counts.get(group) ?? 0) : values.length }));
}

function valueOf(values: readonly number[], aggregate: Aggregate): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const sum = values.reduce((total, value) => total + value, 0);
  const middle = (sorted.length - 1) / 2;
  switch (aggregate) {
    case 'sum': return sum;
    case 'average': return sum / values.length;
    case 'median': return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
    case 'lowest': return sorted[0] ?? null;
    default: return sorted.at(-1) ?? null;
  }
}

export const same = (a: number | null, b: number | null): boolean => a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));
export const disagrees = (first: readonly Figure[], second: readonly Figure[]): boolean => first.length !== second.length || first.some((figure) => !second.some((other) => other.group === figure.group && same(other.value, figure.value)));

/** The value that two ways share, group by group; where there is none, the first way's, marked as not agreed. */
export function settle(ways: readonly (readonly Figure[])[]): Settled[] {
  const [first = []] = ways;
  return first.map((figure) => {
    const values = ways.map((way) => way.find((other) => other.group === figure.group)).filter((found) => found !== undefined).map((found) => found.value);
    const shared = values.find((value, index) => values.some((other, place) => place !== index && same(value, other)));
    return { ...figure, value: shared === undefined ? figure.value : shared, agreed: shared !== undefined, ways: values };
  });
}
