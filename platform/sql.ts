import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import type { Transaction } from './db.ts';

/** Plain SQL for the few reads and writes that every request or step makes: one round trip each, where the ORM makes several.
 * Everything else goes through Prisma, on the same pool. */
export interface Statement { readonly name: string; readonly text: string }

/** Text with `$1` … in place of values; a connection parses and plans it once. Call it with a bounded number of texts. */
export function statement(text: string): Statement {
  return { name: createHash('sha256').update(text).digest('base64url').slice(0, 24), text };
}

/** @returns the rows; bigint columns as strings, timestamps as Date, as node-postgres gives them
 * @throws what node-postgres throws: DatabaseError with `code`, or a socket error (see database-errors.ts) */
export async function query<Row extends object>(connection: Pool | PoolClient, { name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
  return (await connection.query<Row>({ name, text, values: [...values] })).rows;
}

/** The same inside a transaction of either kind; the statement's parameters need casts (`$1::uuid`). Prisma gives bigint
 * columns as bigint: ask for none. */
export async function queryIn<Row extends object>(tx: Transaction | PoolClient, wanted: Statement, values: readonly unknown[]): Promise<Row[]> {
  return '$queryRawUnsafe' in tx ? tx.$queryRawUnsafe<Row[]>(wanted.text, ...values) : query<Row>(tx, wanted, values);
}

/** Runs `work` in a transaction of its own. */
export async function transaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // A connection on which not even this works must not go back to the pool.
    await client.query('ROLLBACK').catch(() => { broken = true; });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The ILIKE pattern for "contains these words", whatever signs are in them. */
export const containing = (words: string): string => `%${words.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;

/** A unique key was there already. */
export const isUniqueViolation = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '23505';
