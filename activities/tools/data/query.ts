import { StatementType } from '@duckdb/node-api';
import type { Cell, QueryData } from '#contracts/data-tools';
import { JobProblem } from '../child/answer.ts';
import { cellOf, load, lock, openEngine, reasonOf } from './engine.ts';
import type { DataJob } from './job.ts';

const MAX_CELL = 2_000;
/** leaves room in the 150 kB of a result */
const MAX_BYTES = 140_000;

/** One SELECT. By the time it is parsed, files and settings are locked: what a clever statement would ask for is not there. */
export async function query({ table, args }: Extract<DataJob, { operation: 'query' }>): Promise<QueryData> {
  const connection = await openEngine();
  await load(connection, table, 'data');
  await lock(connection);
  try {
    const statements = await connection.extractStatements(args.sql);
    if (statements.count !== 1) throw new JobProblem(`Give one statement; these are ${statements.count}.`);
    const words = args.sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/, '');
    const prepared = await statements.prepare(0);
    if (prepared.statementType !== StatementType.SELECT || !/^(?:select|with|from|values|\()/i.test(words)) throw new JobProblem('Only a SELECT over the table "data" is allowed.');
    if (prepared.parameterCount > 0) throw new JobProblem('The statement has parameters; write the values into it.');
    const result = await prepared.stream();
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, index) => ({ name, type: String(types[index]) }));
    const rows: Cell[][] = [];
    let bytes = 0;
    let truncated = false;
    for await (const chunk of result.yieldRowsJson()) {
      for (const row of chunk) {
        const cells = row.map((value, index) => { const cell = cellOf(value, types[index]); return typeof cell === 'string' && cell.length > MAX_CELL ? `${cell.slice(0, MAX_CELL)}…`.toWellFormed() : cell; });
        bytes += Buffer.byteLength(JSON.stringify(cells));
        if (rows.length >= args.max_rows || bytes > MAX_BYTES) { truncated = true; break; }
        rows.push(cells);
      }
      if (truncated) break;
    }
    return { columns, rows, row_count: rows.length, truncated };
  } catch (error) {
    if (error instanceof JobProblem) throw error;
    throw new JobProblem(`The query cannot be answered: ${reasonOf(error)}`);
  }
}
