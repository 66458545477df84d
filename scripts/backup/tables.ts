import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type pg from 'pg';

/** A table as text, row by row, in PostgreSQL's own form of a row: exact for every type, and independent of pg_dump's version. The
 * tables themselves are made by the migrations. */
export interface DumpedTable { table: string; columns: string[]; rows: number; sha256: string }

const BATCH = 500;
/** Counters of limits: they begin anew. Prisma's own list is made by the migrations. */
const LEFT_OUT = new Set(['_prisma_migrations', 'rate_limits']);
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Tables in an order in which nobody comes before whom it refers to. */
export async function tablesInOrder(client: pg.ClientBase): Promise<string[]> {
  const names = (await client.query<{ name: string }>("select tablename as name from pg_tables where schemaname = 'public' order by 1")).rows.map(({ name }) => name).filter((name) => !LEFT_OUT.has(name));
  const links = (await client.query<{ child: string; parent: string }>("select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint where contype = 'f' and conrelid <> confrelid")).rows;
  const sorted: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (sorted.includes(name) || path.includes(name)) return;
    for (const { child, parent } of links) if (child.replaceAll('"', '') === name) visit(parent.replaceAll('"', ''), [...path, name]);
    sorted.push(name);
  };
  for (const name of names) visit(name, []);
  return sorted.filter((name) => names.includes(name));
}

async function columnsOf(client: pg.ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>("select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position", [table]);
  return rows.map(({ name }) => name);
}

/** Parents before children also within a table: ids are time-ordered. */
async function orderOf(client: pg.ClientBase, table: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = $1::regclass and i.indisprimary order by array_position(i.indkey::int2[], a.attnum)', [quoted(table)]);
  return rows.length > 0 ? `order by ${rows.map(({ name }) => quoted(name)).join(', ')}` : '';
}

/** Writes one table to a gzipped file, one JSON string a line. Call it inside one REPEATABLE READ transaction for all tables. */
export async function dumpTable(client: pg.ClientBase, table: string, file: string): Promise<DumpedTable> {
  const columns = await columnsOf(client, table);
  const gzip = createGzip({ level: 6 });
  const written = pipeline(gzip, createWriteStream(file, { mode: 0o600 }));
  const hash = createHash('sha256');
  let rows = 0;
  await client.query(`declare dump no scroll cursor for select row(${columns.map(quoted).join(', ')})::text as line from ${quoted(table)} ${await orderOf(client, table)}`);
  for (;;) {
    const batch = (await client.query<{ line: string }>(`fetch ${BATCH} from dump`)).rows;
    if (batch.length === 0) break;
    rows += batch.length;
    const text = batch.map(({ line }) => `${JSON.stringify(line)}\n`).join('');
    hash.update(text);
    if (!gzip.write(text)) await once(gzip, 'drain');
  }
  await client.query('close dump');
  gzip.end();
  await written;
  return { table, columns, rows, sha256: hash.digest('hex') };
}

/** Fills one table, which the migrations have made, from such a file. @throws Error when the content is not what was written */
export async function loadTable(client: pg.ClientBase, dumped: DumpedTable, file: string): Promise<void> {
  const hash = createHash('sha256');
  let rows = 0;
  // A row type with just these columns: the table may have gained others since.
  await client.query(`create temporary table loading as select ${dumped.columns.map(quoted).join(', ')} from ${quoted(dumped.table)} limit 0`);
  const names = dumped.columns.map(quoted).join(', ');
  const insert = async (lines: string[]) => {
    if (lines.length > 0) await client.query(`insert into ${quoted(dumped.table)} (${names}) select ${dumped.columns.map((name) => `(r.line::loading).${quoted(name)}`).join(', ')} from unnest($1::text[]) with ordinality as r(line, nr) order by nr`, [lines]);
  };
  let batch: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Infinity })) {
    hash.update(`${line}\n`);
    rows += 1;
    batch.push(JSON.parse(line) as string);
    if (batch.length < BATCH) continue;
    await insert(batch);
    batch = [];
  }
  await insert(batch);
  await client.query('drop table loading');
  if (rows !== dumped.rows || hash.digest('hex') !== dumped.sha256) throw new Error(`${dumped.table}: the archive holds ${rows} rows that are not the ${dumped.rows} that were saved`);
}

/** After loading: counters go on behind the highest number. */
export async function advanceSequences(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(`
    select c.table_name as table, c.column_name as column, pg_get_serial_sequence(quote_ident(c.table_name), c.column_name) as sequence
    from information_schema.columns c where c.table_schema = 'public' and c.column_default like 'nextval(%'`);
  for (const { table, column, sequence } of rows) await client.query(`select setval($1, coalesce((select max(${quoted(column)}) from ${quoted(table)}), 0) + 1, false)`, [sequence]);
}
