import type { DuckDBConnection } from '@duckdb/node-api';
import type { Cell, ColumnProfile, LeakageFinding, PiiFinding, ProfileData } from '#contracts/data-tools';
import { JobProblem } from '../child/answer.ts';
import { column, isNumeric, load, lock, name, openEngine, rowsOf, text } from './engine.ts';
import type { DataJob } from './job.ts';

const MAX_COLUMNS = 200;
const FIRST_ROWS = 8;
const MAX_CELL = 120;

/** What is in a table: per column types, gaps, spread, frequent values, outliers; over the table duplicates, constants, personal
 * data and columns that give the target away. */
export async function profile({ table, args }: Extract<DataJob, { operation: 'profile' }>): Promise<ProfileData> {
  const connection = await openEngine();
  const loaded = await load(connection, table, 'data', { limit: args.limit_rows });
  await lock(connection);
  if (loaded.columns.length > MAX_COLUMNS) throw new JobProblem(`The table has ${loaded.columns.length} columns; at most ${MAX_COLUMNS} can be profiled.`);
  const limited = loaded.rowCount > args.limit_rows;
  if (limited) await connection.run(`CREATE OR REPLACE TABLE data AS SELECT * FROM data LIMIT ${args.limit_rows}`);
  const rowCount = limited ? args.limit_rows : loaded.rowCount;
  const target = args.target === undefined ? null : column(loaded.columns, args.target);
  const columns: ColumnProfile[] = [];
  const pii: PiiFinding[] = [];
  for (const { name: columnName, type } of loaded.columns) {
    columns.push(await profileColumn(connection, columnName, type, rowCount));
    pii.push(...await piiOf(connection, columnName, type));
  }
  const all = loaded.columns.map((one) => name(one.name)).join(', ');
  const [[duplicates] = [0]] = await rowsOf(connection, `SELECT coalesce(sum(n - 1), 0)::BIGINT FROM (SELECT count(*) AS n FROM data GROUP BY ${all})`);
  const shown = (await rowsOf(connection, `SELECT * FROM data LIMIT ${FIRST_ROWS}`)).map((row) => row.map(short));
  return {
    row_count: rowCount, column_count: columns.length, limited, rejected_rows: loaded.rejected.count, rejected_examples: loaded.rejected.examples,
    columns, duplicate_rows: Number(duplicates), constant_columns: columns.filter((one) => rowCount > 1 && one.distinct + (one.nulls > 0 ? 1 : 0) <= 1).map((one) => one.name),
    pii, leakage: target === null ? null : await leakageOf(connection, loaded.columns, args.target as string, target), first_rows: { columns: columns.map((one) => one.name), rows: shown }, encoding: table.encoding,
  };
}

const short = (cell: Cell): Cell => (typeof cell === 'string' && cell.length > MAX_CELL ? `${cell.slice(0, MAX_CELL)}…`.toWellFormed() : cell);

async function profileColumn(connection: DuckDBConnection, columnName: string, type: string, rowCount: number): Promise<ColumnProfile> {
  const c = name(columnName);
  const numeric = isNumeric(type);
  // Infinities and NaN have no mean; they count as values but not into the figures.
  const finite = numeric ? `CASE WHEN isfinite(${c}::DOUBLE) THEN ${c}::DOUBLE END` : 'NULL::DOUBLE';
  const orderable = numeric || /^(DATE|TIME|BOOLEAN|VARCHAR)/.test(type);
  const [[present = 0, distinct = 0, min = null, max = null, mean = null, sd = null, q05 = null, q25 = null, q50 = null, q75 = null, q95 = null, formulas = 0] = []] = await rowsOf(connection, `SELECT count(${c}), count(DISTINCT ${c}), ${orderable ? `min(${c}), max(${c})` : 'NULL, NULL'}, avg(f), stddev_samp(f), ${[0.05, 0.25, 0.5, 0.75, 0.95].map((share) => `quantile_cont(f, ${share})`).join(', ')}, ${type === 'VARCHAR' ? `count(*) FILTER (regexp_matches(${c}, '^\\s*[=+@-]') AND NOT regexp_full_match(${c}, '[+-]?[0-9]+([.,][0-9]+)?'))` : '0'} FROM (SELECT *, ${finite} AS f FROM data)`);
  const top = await rowsOf(connection, `SELECT ${c}, count(*) AS n FROM data WHERE ${c} IS NOT NULL GROUP BY 1 ORDER BY n DESC, CAST(${c} AS VARCHAR) LIMIT 5`);
  const nulls = rowCount - Number(present);
  const known = typeof q25 === 'number' && typeof q75 === 'number';
  const low = known ? q25 - 1.5 * (q75 - q25) : 0;
  const high = known ? q75 + 1.5 * (q75 - q25) : 0;
  const [[outside] = [0]] = known ? await rowsOf(connection, `SELECT count(*) FROM data WHERE ${c} < ${low} OR ${c} > ${high}`) : [];
  return {
    name: columnName, type, nulls, null_share: rowCount === 0 ? 0 : nulls / rowCount, distinct: Number(distinct), min: short(min), max: short(max),
    mean: mean as number | null, sd: sd as number | null,
    quantiles: known ? { q05: Number(q05), q25, q50: Number(q50), q75, q95: Number(q95) } : null, outliers: known ? { low, high, count: Number(outside) } : null,
    top: top.map(([value = null, count]) => ({ value: short(value), count: Number(count) })), formula_cells: Number(formulas),
  };
}

const PII: readonly { kind: PiiFinding['kind']; pattern: string; accept?: (value: string) => boolean }[] = [
  { kind: 'email', pattern: "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}" },
  { kind: 'phone', pattern: '(\\+|00)[1-9][0-9 ()./-]{6,18}[0-9]|\\(?0?[0-9]{2,4}\\)?[ ./-][0-9]{3,4}[ ./-][0-9]{3,6}', accept: (value) => { const digits = value.replace(/\D/g, '').length; return digits >= 9 && digits <= 15 && !/^\d{4}-\d{2}-\d{2}/.test(value) && !/^\d{1,3}(\.\d{1,3}){3}$/.test(value); } },
  { kind: 'card', pattern: '[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{1,7}|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}', accept: luhn },
  { kind: 'iban', pattern: '[A-Z]{2}[0-9]{2}( ?[A-Z0-9]){11,30}', accept: iban },
  { kind: 'ip', pattern: '((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])' },
];

/** Kinds of personal data that a twentieth of a column's values look like. Candidates found by pattern are checked by their digits. */
async function piiOf(connection: DuckDBConnection, columnName: string, type: string): Promise<PiiFinding[]> {
  if (type !== 'VARCHAR' && !type.endsWith('INT')) return [];
  const value = `trim(CAST(${name(columnName)} AS VARCHAR))`;
  const found: PiiFinding[] = [];
  const [[present = 0] = []] = await rowsOf(connection, `SELECT count(${name(columnName)}) FROM data`);
  for (const { kind, pattern, accept } of PII) {
    if (type !== 'VARCHAR' && kind !== 'card') continue;
    const candidates = await rowsOf(connection, `SELECT v, count(*) FROM (SELECT ${value} AS v FROM data) WHERE regexp_full_match(v, ${text(pattern)}) GROUP BY v LIMIT 20000`);
    const matches = candidates.reduce((sum, [candidate, count]) => sum + (!accept || accept(String(candidate)) ? Number(count) : 0), 0);
    if (matches > 0 && matches >= Number(present) * 0.05) found.push({ column: columnName, kind, matches, share: matches / Number(present) });
  }
  // A card's number also looks like a phone's: the stricter one counts.
  return found.some(({ kind }) => kind === 'card') ? found.filter(({ kind }) => kind !== 'phone') : found;
}

function luhn(value: string): boolean {
  const digits = value.replace(/\D/g, '');
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]) * (index % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0;
}

function iban(value: string): boolean {
  const compact = value.replaceAll(' ', '');
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) rest = Number(`${rest}${Number.parseInt(character, 36)}`) % 97;
  return rest === 1;
}

/** A column gives the target away when its value alone says the target nearly always, or when both rise together to the last digit. */
async function leakageOf(connection: DuckDBConnection, columns: readonly { name: string; type: string }[], targetName: string, target: string): Promise<LeakageFinding[]> {
  const [[baseline = 0, rows = 0] = []] = await rowsOf(connection, `SELECT max(n) / sum(n), sum(n)::BIGINT FROM (SELECT count(*) AS n FROM data WHERE ${target} IS NOT NULL GROUP BY ${target})`);
  const found: LeakageFinding[] = [];
  const targetType = columns.find((one) => one.name === targetName)?.type ?? '';
  for (const { name: columnName, type } of columns) {
    if (columnName === targetName) continue;
    const c = name(columnName);
    const [[hits = 0, seen = 0, groups = 0] = []] = await rowsOf(connection, `SELECT coalesce(sum(m), 0)::BIGINT, coalesce(sum(n), 0)::BIGINT, count(*) FROM (SELECT max(k) AS m, sum(k) AS n FROM (SELECT ${c} AS c, count(*) AS k FROM data WHERE ${c} IS NOT NULL AND ${target} IS NOT NULL GROUP BY ${c}, ${target}) GROUP BY c HAVING sum(k) >= 2)`);
    const determines = Number(seen) === 0 ? 0 : Number(hits) / Number(seen);
    if (Number(seen) >= Math.max(10, Number(rows) / 2) && Number(groups) > 1 && determines >= 0.995 && Number(baseline) < 0.95) { found.push({ column: columnName, determines, baseline: Number(baseline), reason: `Its value alone tells ${targetName} in ${(determines * 100).toFixed(1)} % of the rows.` }); continue; }
    if (!isNumeric(type) || !isNumeric(targetType)) continue;
    const [[r = null] = []] = await rowsOf(connection, `SELECT corr(${c}::DOUBLE, ${target}::DOUBLE) FROM data`);
    if (typeof r === 'number' && Math.abs(r) >= 0.999 && Number(rows) >= 10) found.push({ column: columnName, determines: r * r, baseline: Number(baseline), reason: `It rises and falls with ${targetName} (r = ${r.toFixed(4)}).` });
  }
  return found;
}
