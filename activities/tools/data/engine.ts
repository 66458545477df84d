import { DuckDBArrayType, DuckDBInstance, DuckDBListType, DuckDBStructType, type DuckDBConnection, type DuckDBType, type Json } from '@duckdb/node-api';
import type { Cell } from '#contracts/data-tools';
import { JobProblem } from '../child/answer.ts';
import type { TableFile } from './job.ts';

/** DuckDB inside the process of one job: 512 MB, one thread, nothing on disk but the given files. */
export interface Loaded { connection: DuckDBConnection; columns: { name: string; type: string }[]; rowCount: number; rejected: { count: number; examples: { line: number; error: string }[] } }
export const ROW = '__row_number';

export async function openEngine(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { max_memory: '512MB', threads: '1', autoinstall_known_extensions: 'false', autoload_known_extensions: 'false', allow_community_extensions: 'false' });
  const connection = await instance.connect();
  await connection.run("SET temp_directory = ''");
  return connection;
}

/** From here on: no files, no network, no other settings. */
export async function lock(connection: DuckDBConnection): Promise<void> {
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

/** Reads a file into a table. Lines that do not fit are left out and counted. @param asText  every cell of a CSV as text, with the
 * number of its row @throws JobProblem when the file is not what it says */
export async function load(connection: DuckDBConnection, { path, kind }: TableFile, table: string, { asText = false, limit = 5_000_000 } = {}): Promise<Loaded> {
  const options = kind === 'csv' ? `, header = true, sample_size = 50000, ignore_errors = true, store_rejects = true, rejects_table = ${text(`${table}_rejects`)}, rejects_scan = ${text(`${table}_scan`)}, max_line_size = 4000000${asText ? ', all_varchar = true' : ''}` : kind === 'json' ? ', maximum_object_size = 33554432' : '';
  const reader = { csv: 'read_csv', json: 'read_json_auto', parquet: 'read_parquet' }[kind];
  try {
    await connection.run(`CREATE TABLE ${name(table)} AS SELECT ${asText ? `row_number() OVER () AS ${name(ROW)}, ` : ''}* FROM ${reader}(${text(path)}${options}) LIMIT ${limit + 1}`);
  } catch (error) {
    throw new JobProblem(NO_MEMORY.test((error as Error).message) ? 'The data does not fit into 512 MB of memory.' : `The ${kind === 'csv' ? 'CSV' : kind === 'json' ? 'JSON' : 'Parquet'} file cannot be read: ${reasonOf(error, path)}`);
  }
  const described = await rowsOf(connection, `DESCRIBE ${name(table)}`);
  const columns = described.map(([column, type]) => ({ name: String(column), type: String(type) })).filter((column) => column.name !== ROW);
  if (columns.length > 500) throw new JobProblem(`The table has ${columns.length} columns; at most 500 can be read.`);
  const rejects = kind === 'csv' ? await rowsOf(connection, `SELECT line, error_message FROM ${name(`${table}_rejects`)} ORDER BY line LIMIT 5`) : [];
  const count = kind === 'csv' ? Number((await rowsOf(connection, `SELECT count(DISTINCT line) FROM ${name(`${table}_rejects`)}`))[0]?.[0] ?? 0) : 0;
  const [[rowCount] = [0]] = await rowsOf(connection, `SELECT count(*) FROM ${name(table)}`);
  return { connection, columns, rowCount: Number(rowCount), rejected: { count, examples: rejects.map(([line, error]) => ({ line: Number(line), error: String(error).split('\n')[0]?.slice(0, 200) ?? '' })) } };
}

const NO_MEMORY = /out of memory|failed to allocate/i;

/** One sentence of DuckDB's, without the place of the file. */
export function reasonOf(error: unknown, path = ''): string {
  if (NO_MEMORY.test(error instanceof Error ? error.message : '')) return 'it needs more than 512 MB of memory';
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return (path === '' ? first : first.replaceAll(path, 'the file')).replace(/^[A-Za-z ]*Error: /, '').slice(0, 300);
}

export const name = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
/** @throws JobProblem that lists the columns */
export function column(known: readonly { name: string }[], wanted: string): string {
  if (!known.some((candidate) => candidate.name === wanted)) throw new JobProblem(`There is no column "${wanted}". The columns are ${known.slice(0, 40).map((candidate) => candidate.name).join(', ')}.`);
  return name(wanted);
}

export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Cell[][]> {
  const reader = await connection.runAndReadAll(sql);
  const types = reader.columnTypes();
  return reader.getRowsJson().map((row) => row.map((value, index) => cellOf(value, types[index])));
}

const NUMERIC = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|UHUGEINT|BIGNUM|FLOAT|DOUBLE|DECIMAL)/;
export const isNumeric = (type: string): boolean => NUMERIC.test(type) && !type.endsWith(']');

/** Numbers as numbers where JSON keeps them exactly, else as text; lists and structs as JSON text. */
export function cellOf(value: Json, type: DuckDBType | undefined): Cell {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'object') return JSON.stringify(plain(value, type));
  if (!isNumeric(String(type))) return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return null;
  return Number.isInteger(number) && !Number.isSafeInteger(number) && typeof value === 'string' && !/^(FLOAT|DOUBLE|DECIMAL)/.test(String(type)) ? value : number;
}

/** Lists and structs hold their numbers as text; their types tell which. */
function plain(value: Json, type: DuckDBType | undefined): Json {
  if (value === null || typeof value !== 'object') return cellOf(value, type);
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) return (value as Json[]).map((item) => plain(item, type.valueType));
  if (type instanceof DuckDBStructType) return Object.fromEntries(type.entryNames.map((key, index) => [key, plain((value as Record<string, Json>)[key] ?? null, type.entryTypes[index])]));
  return value;
}
