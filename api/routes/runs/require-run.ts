import { notFound } from '#platform/coded-error';
import type { Database } from '#platform/db';
import { findRun, type RunDetailRecord } from '#platform/repositories/run-queries';

/** @throws CodedError NotFound, also for another person's run */
export async function requireRun(db: Database, userId: string, id: string): Promise<RunDetailRecord> {
  const run = await findRun(db, userId, id);
  if (!run) throw notFound('This run');
  return run;
}
