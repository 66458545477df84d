import type { ColumnProfile, ProfileData } from '#contracts/data-tools';
import { cell, table } from './report.ts';

/** A table that came with the inputs: an upload goes before pasted text. @returns the part of a data tool's arguments that names it */
export function tableArguments(input: { data_file?: string | undefined; data_csv: string }): { upload: string } | { csv: string } {
  return input.data_file ? { upload: input.data_file } : { csv: input.data_csv };
}

export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
export const figure = (value: number | null | undefined): string => (value === null || value === undefined ? '—' : String(Number(value.toPrecision(5))));
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
export const sqlName = (column: string): string => `"${column.replaceAll('"', '""')}"`;

/** A profile as sentences that a model can read and cite. */
export function profileText(profile: ProfileData): string {
  const columns = profile.columns.map((column) => `Column ${column.name} is ${column.type}: ${percent(column.null_share)} empty, ${column.distinct} different values, from ${cell(column.min)} to ${cell(column.max)}${column.mean === null ? '' : `, mean ${figure(column.mean)}`}.${column.outliers?.count ? ` Outside its usual range: ${countOf(column.outliers.count, 'value')}.` : ''}`);
  return [`The table has ${profile.row_count} rows and ${profile.column_count} columns; ${profile.duplicate_rows} rows are duplicates.`, ...findings(profile), ...columns].join('\n');
}

/** What stands out, one sentence each, most serious first. */
export function findings(profile: ProfileData): string[] {
  return [
    profile.rejected_rows > 0 && `Not readable: ${countOf(profile.rejected_rows, 'row')}${profile.rejected_examples[0] ? `, the first on line ${profile.rejected_examples[0].line}` : ''}.`,
    ...profile.pii.map((found) => `Column ${found.column} holds personal data: ${found.kind} in ${percent(found.share)} of its values.`),
    ...(profile.leakage ?? []).map((found) => `Column ${found.column} may leak the target: ${found.reason}`),
    profile.duplicate_rows > 0 && `${countOf(profile.duplicate_rows, 'row')} repeated exactly.`,
    ...profile.columns.filter((column) => column.null_share >= 0.2).map((column) => `Column ${column.name} is empty in ${percent(column.null_share)} of the rows.`),
    ...profile.constant_columns.map((name) => `Column ${name} has one value only.`),
    ...profile.columns.filter((column) => (column.outliers?.count ?? 0) > 0).map((column) => `Column ${column.name} has ${countOf(column.outliers?.count ?? 0, 'value')} outside ${figure(column.outliers?.low)} to ${figure(column.outliers?.high)}.`),
    ...profile.columns.filter((column) => column.formula_cells > 0).map((column) => `Column ${column.name} has ${column.formula_cells} cells that a spreadsheet would run as a formula.`),
  ].filter((sentence): sentence is string => Boolean(sentence));
}

export const columnsTable = (columns: readonly ColumnProfile[]): string => table(
  ['Column', 'Type', 'Empty', 'Different', 'Lowest', 'Median', 'Highest', 'Most frequent'],
  columns.map((column) => [column.name, column.type, percent(column.null_share), column.distinct, column.min, figure(column.quantiles?.q50), column.max, column.top.slice(0, 2).map(({ value, count }) => `${cell(value)} (${count})`).join(', ') || '—']),
);
