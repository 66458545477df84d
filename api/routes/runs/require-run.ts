import { notFound } from '#platform/coded-error';
import type { Database } from '#platform/db';
import { addLogFields, runFields, type LogFields } from '#platform/log-fields';
import { findRun, type RunDetailRecord, type RunRecord } from '#platform/repositories/run-queries';

/** What a line of the log says of a run. */
export const logFieldsOf = (run: Pick<RunRecord, 'id' | 'workflowSlug' | 'runMode' | 'provider' | 'model'>): LogFields => runFields(run.id, { slug: run.workflowSlug, mode: run.runMode, provider: run.provider, model: run.model });

/** The run that the request is about: its lines in the log say so from here on. @throws CodedError NotFound, also for another person's run */
export async function requireRun(db: Database, userId: string, id: string): Promise<RunDetailRecord> {
  const run = await requireOneOfRuns(db, userId, id);
  addLogFields(logFieldsOf(run));
  return run;
}

/** One of several that the request is about. @throws CodedError NotFound, also for another person's run */
export async function requireOneOfRuns(db: Database, userId: string, id: string): Promise<RunDetailRecord> {
  const run = await findRun(db, userId, id);
  if (!run) throw notFound('This run');
  return run;
}
