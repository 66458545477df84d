import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { csvHeader } from '#contracts/csv';
import type { ProfileData, QueryData, ValidateData } from '#contracts/data-tools';
import type { UploadKind } from '#contracts/uploads';
import { load, openEngine } from './data/engine.ts';
import { createProfileData, createQueryData, createValidateData } from './data-tools.ts';
import { runTool, type Tool } from './tool.ts';
import type { FindUpload } from './uploads.ts';

const ID = '01890000-0000-7000-8000-000000000001';
const OTHER = '01890000-0000-7000-8000-000000000002';
const owner = { userId: 'u', runId: 'r' };
const files = new Map<string, { kind: UploadKind; bytes: Buffer }>();
const find: FindUpload = ({ userId }, id) => {
  const file = userId === 'u' ? files.get(id) : undefined;
  return Promise.resolve(file ? { id, fileName: `file.${file.kind}`, kind: file.kind, sha256: 's', sizeBytes: file.bytes.length, open: () => Promise.resolve(Readable.from([file.bytes])) } : null);
};
const tools: Record<string, Tool> = { profile_data: createProfileData({ find }), query_data: createQueryData({ find }), validate_data: createValidateData({ find }) };
const run = (name: string, args: unknown, who = owner) => runTool(tools[name] as Tool, args, { owner: who, signal: new AbortController().signal, capabilities: { tools: [name], hosts: null } });
const upload = (content: string | Buffer, kind: UploadKind = 'csv'): { upload: string } => { files.set(ID, { kind, bytes: Buffer.from(content as string) }); return { upload: ID }; };
const query = async (source: object, sql: string, max = 50) => (await run('query_data', { ...source, sql, max_rows: max }));

const SALES = 'id,region,amount,day,email,card,copy,constant\n' + Array.from({ length: 40 }, (_, index) => `${index + 1},${index % 2 ? 'north' : 'south'},${index === 39 ? 1000 : index},2026-01-${String((index % 27) + 1).padStart(2, '0')},p${index}@example.org,4111 1111 1111 1111,${index % 2 ? 'N' : 'S'},x`).join('\n');

/** What form and API take for the columns of a table, before anything reads it. */
describe('the columns that a form knows', { timeout: 60_000 }, () => {
  it('are those that the reader finds', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'columns-'));
    const connection = await openEngine();
    onTestFinished(() => { connection.closeSync(); rmSync(folder, { recursive: true }); });
    for (const [at, text] of ['region, amount\nNorth, 10\n', 'a,A,,"b ""c"""\n1,2,3,4\n5,6,7,8\n', 'x;y\n1,5;2\n2,5;3\n', 'one\ttwo, with more\tthree\nx\ty\tz\n', 'only\n1\n2\n'].entries()) {
      writeFileSync(path.join(folder, 'table.csv'), text);
      const { columns } = await load(connection, { path: path.join(folder, 'table.csv'), kind: 'csv', encoding: 'utf-8' }, `data_${at}`);
      expect(csvHeader(text), text).toEqual(columns.map(({ name }) => name));
    }
  });

  it('have no quotes behind the mark of a byte order', async () => {
    const text = '\uFEFF"first name",last\r\nA,B\r\n';
    const { data } = await run('profile_data', upload(text));
    expect((data as ProfileData).columns.map(({ name }) => name)).toEqual(csvHeader(text));
  });
});

describe('profile_data', { timeout: 60_000 }, () => {
  it('figures are those of the data, computed here once more', async () => {
    const result = await run('profile_data', { ...upload(SALES), target: 'region' });
    const data = result.data as ProfileData;
    const amounts = Array.from({ length: 40 }, (_, index) => (index === 39 ? 1000 : index));
    const mean = amounts.reduce((a, b) => a + b) / 40;
    const sd = Math.sqrt(amounts.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 39);
    const amount = data.columns.find(({ name }) => name === 'amount');
    expect(result).toMatchObject({ outcome: 'ok', summary: 'file.csv has 40 rows and 8 columns.' });
    expect(amount).toMatchObject({ type: 'BIGINT', nulls: 0, distinct: 40, min: 0, max: 1000, quantiles: { q25: 9.75, q50: 19.5, q75: 29.25 }, outliers: { count: 1, low: -19.5, high: 58.5 } });
    expect(amount?.mean).toBeCloseTo(mean, 10);
    expect(amount?.sd).toBeCloseTo(sd, 10);
    expect(data.columns.find(({ name }) => name === 'region')?.top).toEqual([{ value: 'north', count: 20 }, { value: 'south', count: 20 }]);
    expect(data.constant_columns).toEqual(['card', 'constant']);
    expect(data.pii.map(({ column, kind, share }) => [column, kind, share])).toEqual([['email', 'email', 1], ['card', 'card', 1]]);
    expect(data.leakage?.map(({ column }) => column)).toEqual(['copy']);
    expect(data.duplicate_rows).toBe(0);
    expect(data.first_rows.rows[0]).toEqual([1, 'south', 0, '2026-01-01', 'p0@example.org', '4111 1111 1111 1111', 'S', 'x']);
  });

  it('a table with torn lines, gaps, mixed encodings and formulas still gives a profile, and says so', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `n${index},${index}`).join('\n');
    const bytes = Buffer.concat([Buffer.from('name,value\n'), Buffer.from(`${lines}\nJörg,1\nJörg,1\n`), Buffer.from('Ren\u00e9,2\n', 'latin1'), Buffer.from('=cmd(),3\nonly-one,4,5,6\n,7\n')]);
    const result = await run('profile_data', upload(bytes));
    const data = result.data as ProfileData;
    expect(result.summary).toMatch(/1 lines could not be read, some lines were in an older encoding/);
    expect(data).toMatchObject({ encoding: 'repaired', rejected_rows: 1, duplicate_rows: 1, row_count: 65 });
    expect(data.columns[0]).toMatchObject({ nulls: 1, formula_cells: 1 });
    expect((await query(upload(bytes), "SELECT name FROM data WHERE value = 2 AND name LIKE 'R%'")).data).toMatchObject({ rows: [['René']] });
  });

  it('UTF-16, nested JSON, Parquet, and things that are no table', async () => {
    expect((await run('profile_data', upload(Buffer.from('\ufeffa,b\n1,ä\n2,ö\n', 'utf16le')))).data).toMatchObject({ encoding: 'utf-16', first_rows: { rows: [[1, 'ä'], [2, 'ö']] } });
    expect((await query(upload('[{"a":1,"b":{"c":[1]}},{"a":2}]', 'json'), 'SELECT a, b FROM data')).data).toMatchObject({ rows: [[1, '{"c":[1]}'], [2, null]] });
    const folder = mkdtempSync(path.join(tmpdir(), 'awp-parquet-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const parquet = path.join(folder, 'x.parquet');
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`COPY (SELECT i AS n, i / 4 AS q FROM range(8) t(i)) TO '${parquet}' (FORMAT parquet)`);
    expect((await query(upload(readFileSync(parquet), 'parquet'), 'SELECT sum(n), max(q) FROM data')).data).toMatchObject({ rows: [[28, 1.75]] });
    expect((await run('profile_data', upload('PAR1 but no more', 'parquet'))).summary).toMatch(/^The Parquet file cannot be read: /);
    expect((await run('profile_data', upload('%PDF', 'pdf'))).summary).toBe('file.pdf is of kind PDF; this tool takes CSV, JSON, Parquet.');
    expect((await run('profile_data', { csv: 'a,b\n1,2\n', target: 'z' })).summary).toBe('There is no column "z". The columns are a, b.');
    expect((await run('profile_data', {})).summary).toMatch(/give either upload or csv/);
  });

  it('reads a real table: the iris data of the project, figures as published', async () => {
    const iris = readFileSync(fileURLToPath(new URL('../../test/fixtures/iris.csv', import.meta.url)));
    const { columns, row_count: rows } = (await run('profile_data', { ...upload(iris), target: 'species' })).data as ProfileData;
    expect(rows).toBe(150);
    // Fisher 1936, as in R's summary(iris): means 5.843333, 3.057333, 3.758, 1.199333; sd 0.8280661 of sepal length.
    expect(columns.slice(0, 4).map(({ mean }) => Number(mean?.toFixed(6)))).toEqual([5.843333, 3.057333, 3.758, 1.199333]);
    expect(columns[0]?.sd).toBeCloseTo(0.8280661, 6);
  });
});

describe('whose data', () => {
  it('an upload of somebody else is as absent as one that never was', async () => {
    upload(SALES);
    const mine = await run('query_data', { upload: OTHER, sql: 'SELECT 1' });
    const theirs = await run('query_data', { upload: ID, sql: 'SELECT 1' }, { userId: 'v', runId: 'r' });
    expect(theirs).toEqual(mine);
    expect(theirs).toMatchObject({ outcome: 'failed', summary: expect.stringMatching(/^There is no such upload/) });
  });
});

describe('query_data', { timeout: 60_000 }, () => {
  it('answers with typed columns and says when there is more', async () => {
    const result = await query(upload(SALES), 'SELECT region, sum(amount) AS total, avg(amount)::DECIMAL(10,2) AS mean, max(day) AS last FROM data GROUP BY ALL ORDER BY region');
    expect(result.data).toEqual({ columns: [{ name: 'region', type: 'VARCHAR' }, { name: 'total', type: 'HUGEINT' }, { name: 'mean', type: 'DECIMAL(10,2)' }, { name: 'last', type: 'DATE' }], rows: [['north', 1361, 68.05, '2026-01-26'], ['south', 380, 19, '2026-01-27']], row_count: 2, truncated: false });
    expect((await query(upload(SALES), 'FROM data', 3)).data).toMatchObject({ row_count: 3, truncated: true });
    expect(await query(upload(SALES), 'SELECT * FROM data WHERE amount > 5000')).toMatchObject({ outcome: 'empty', data: { row_count: 0 } });
    const wide = (await query({ csv: 'a\n1\n' }, "SELECT repeat('x', 1500) FROM range(1000)", 1_000)).data as QueryData;
    expect(wide.truncated).toBe(true);
    expect(wide.rows.length).toBeGreaterThan(50);
  });

  it.each([
    "COPY data TO '/tmp/x.csv'", "ATTACH '/tmp/x.db'", 'PRAGMA database_list', 'PRAGMA table_info(data)', 'SET enable_external_access = true', 'INSTALL httpfs', 'LOAD httpfs', 'DROP TABLE data', 'INSERT INTO data SELECT * FROM data', 'CREATE TABLE x AS SELECT 1', 'SELECT 1; SELECT 2', 'EXPORT DATABASE \'/tmp\'', '/* SELECT */ DELETE FROM data', 'CALL pragma_version()', 'EXPLAIN ANALYZE SELECT 1', 'CHECKPOINT', "SELECT * FROM '/etc/passwd'", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_csv('/proc/self/environ')", "SELECT * FROM glob('/etc/*')", "SELECT * FROM 'https://127.0.0.1/x.csv'", "SELECT * FROM read_blob('/etc/hostname')", "SELECT content FROM read_text(current_setting('home_directory') || '/x')", 'SELECT ? FROM data', "SELECT getenv('HOME')", 'SELEC 1', "SELECT * FROM sqlite_scan('/tmp/a', 'b')",
  ])('refuses %s', async (sql) => {
    const result = await query({ csv: 'a\n1\n' }, sql);
    expect(result).toMatchObject({ outcome: 'failed', items: [] });
    expect(result.data).toBeUndefined();
  });

  it('a query that never ends, or wants all memory, ends alone', async () => {
    const hasty = createQueryData({ find, timeMs: 2_000 }) as Tool;
    expect((await runTool(hasty, { csv: 'a\n1\n', sql: 'SELECT count(*) FROM range(1000000000000) r(i) WHERE i % 7 = 3' }, { owner, signal: new AbortController().signal, capabilities: { tools: ['query_data'], hosts: null } })).summary).toBe('The query took longer than 2 s.');
    expect((await query({ csv: 'a\n1\n' }, 'SELECT list(i) FROM range(400000000) r(i)')).summary).toMatch(/memory/i);
  }, 100_000);
});

describe('validate_data', { timeout: 60_000 }, () => {
  const CSV = 'id,mail,age,start,end,country,code\n1,a@b.org,30,2026-01-01,2026-02-01,DE,AB12\n2,bad,-3,2026-03-01,2026-02-01,XX,ab12\n2,c@d.org,x,,2026-02-01,FR,\n4,,200,2026-01-05,,DE,ZZ99\n';
  const rules = [
    { rule: 'unique', columns: ['id'], id: 'id-once' }, { rule: 'type', column: 'mail', type: 'email' }, { rule: 'not_null', column: 'mail' }, { rule: 'not_null', column: 'mail', max_share: 0.25 },
    { rule: 'type', column: 'age', type: 'integer' }, { rule: 'range', column: 'age', min: 0, max: 120 }, { rule: 'range', column: 'start', min: '2026-01-02' }, { rule: 'compare', column: 'start', operator: '<=', other_column: 'end' },
    { rule: 'allowed', column: 'country', values: ['DE', 'FR'] }, { rule: 'pattern', column: 'code', pattern: '[A-Z]{2}\\d{2}' }, { rule: 'reference', column: 'country', to_column: 'iso' }, { rule: 'length', column: 'code', min: 4, max: 4 },
    { rule: 'columns', names: ['id', 'gone'] }, { rule: 'row_count', min: 1, max: 10 }, { rule: 'pattern', column: 'code', pattern: '(', severity: 'warning' }, { rule: 'type', column: 'nowhere', type: 'date' },
  ];

  it('counts what breaks each rule, with rows to look at', async () => {
    const result = await run('validate_data', { csv: CSV, reference: { csv: 'iso\nDE\nFR\n' }, rules });
    const data = result.data as ValidateData;
    expect(data.rules.map(({ outcome, violations, checked }) => `${outcome} ${violations}/${checked}`)).toEqual(['failed 1/4', 'failed 1/3', 'failed 1/4', 'passed 1/4', 'failed 1/4', 'failed 3/4', 'failed 1/3', 'failed 1/2', 'failed 1/4', 'failed 1/3', 'failed 1/4', 'passed 0/3', 'failed 1/4', 'passed 0/4', 'error 0/0', 'error 0/0']);
    expect(data.rules[0]).toMatchObject({ id: 'id-once', examples: [{ row: 3, value: '2' }] });
    expect(data.rules[5]?.examples).toEqual([{ row: 2, value: '-3' }, { row: 3, value: 'x' }, { row: 4, value: '200' }]);
    expect(data.rules[12]?.detail).toBe('Missing: gone.');
    expect(data).toMatchObject({ valid: false, passed: 3, failed: 13 });
  });

  it('a hostile pattern costs no time: RE2 has no backtracking', async () => {
    const result = await run('validate_data', { csv: `a\n${'a'.repeat(50_000)}!\n`, rules: [{ rule: 'pattern', column: 'a', pattern: '(a+)+$' }] });
    expect(result.data).toMatchObject({ rules: [{ outcome: 'failed', violations: 1 }] });
  });
});
