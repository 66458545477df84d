import type { ColumnProfile, ProfileData } from '#contracts/data-tools';
import type { Strictness } from './sizes.ts';

/** One rule as validate_data takes it. */
export type Rule = { rule: string; id: string; severity: 'error' | 'warning' } & Record<string, unknown>;
export interface RuleWish { strictness: Strictness; max_empty_percent: number; key_column?: string | undefined }

const MAX_RULES = 100;
const MAX_ALLOWED_VALUES = 12;

/** Rules that follow from what was seen, and no others: columns, key, empty cells, ranges, small sets of values. Deterministic. */
export function rulesFrom(profile: ProfileData, wish: RuleWish): Rule[] {
  const severity = wish.strictness === 'observe' ? 'warning' : 'error';
  const key = keyColumn(profile, wish.key_column);
  const rules: Rule[] = [
    { rule: 'columns', id: 'columns', names: profile.columns.slice(0, 200).map((column) => column.name), exact: wish.strictness === 'strict', severity },
    { rule: 'row_count', id: 'not-empty', min: 1, severity },
    ...(key ? [{ rule: 'unique', id: 'key', columns: [key], severity }, { rule: 'not_null', id: 'key-filled', column: key, max_share: 0, severity }] as Rule[] : []),
    ...profile.columns.flatMap((column, index) => columnRules(column, index + 1, profile, wish, severity, key)),
  ];
  return rules.slice(0, MAX_RULES);
}

/** The named column, else the first that names every row alone. */
export function keyColumn(profile: ProfileData, named?: string): string | null {
  if (named !== undefined) return profile.columns.some((column) => column.name === named) ? named : null;
  return profile.columns.find((column) => column.nulls === 0 && column.distinct === profile.row_count && profile.row_count > 1 && !isDecimal(column))?.name ?? null;
}

const isDecimal = (column: ColumnProfile): boolean => /double|float|decimal/i.test(column.type);

function columnRules(column: ColumnProfile, number: number, profile: ProfileData, wish: RuleWish, severity: Rule['severity'], key: string | null): Rule[] {
  const rules: Rule[] = [];
  const allowed = wish.strictness === 'strict' ? 0 : wish.max_empty_percent / 100;
  // A column that is mostly empty today is so by design, or a finding; a rule on it would only repeat that.
  if (column.name !== key && column.null_share < 0.5) rules.push({ rule: 'not_null', id: `c${number}-filled`, column: column.name, max_share: allowed, severity });
  if (typeof column.min === 'number' && typeof column.max === 'number' && column.name !== key) {
    const [low, high] = wish.strictness === 'strict' || !column.outliers ? [column.min, column.max] : [Math.min(column.outliers.low, column.quantiles?.q05 ?? column.min), Math.max(column.outliers.high, column.quantiles?.q95 ?? column.max)];
    // Nothing below zero today, so nothing below zero tomorrow.
    rules.push({ rule: 'range', id: `c${number}-range`, column: column.name, min: column.min >= 0 ? Math.max(0, low) : low, max: high, severity: wish.strictness === 'strict' ? severity : 'warning' });
    // Only texts: a yes/no column is profiled as true and false, but its cells are still checked as they are written.
  } else if (column.type === 'VARCHAR' && column.distinct > 0 && column.distinct <= MAX_ALLOWED_VALUES && column.distinct < profile.row_count / 2 && column.top.length >= column.distinct) {
    rules.push({ rule: 'allowed', id: `c${number}-values`, column: column.name, values: column.top.map(({ value }) => (typeof value === 'string' ? value.slice(0, 300) : value)).filter((value) => value !== null), severity });
  }
  return rules;
}

/** A rule in words, for the report. */
export function ruleWords(rule: Rule): string {
  const column = String(rule['column']);
  switch (rule.rule) {
    case 'columns': return `${(rule['names'] as string[]).length} columns are there${rule['exact'] ? ', and no others' : ''}`;
    case 'row_count': return 'there is at least one row';
    case 'unique': return `${(rule['columns'] as string[]).join(', ')} names each row once`;
    case 'not_null': return `${column} is empty in at most ${Math.round((rule['max_share'] as number) * 1000) / 10} % of the rows`;
    case 'range': return `${column} lies between ${String(rule['min'])} and ${String(rule['max'])}`;
    default: return `${column} is one of ${(rule['values'] as unknown[]).join(', ')}`;
  }
}
