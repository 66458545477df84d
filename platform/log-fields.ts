import { AsyncLocalStorage } from 'node:async_hooks';
import type { RunLabels } from '#contracts/workflow';

/** What every line of the log carries while some work goes on, whoever writes it and however deep: a line that had to be given the
 * run's id by hand was a line without it where somebody forgot. Read only when a line is written. */
export type LogFields = Record<string, string | undefined>;

const fields = new AsyncLocalStorage<LogFields>();

/** Work that is begun within goes on with these fields, also after it has returned; undefined ones are left out of a line. */
export const withLogFields = <T>(own: LogFields, work: () => T): T => fields.run(own, work);

export const logFields = (): LogFields | undefined => fields.getStore();

/** For what becomes known on the way: all lines of this work carry it from now on. Nothing where no `withLogFields` is around it. */
export function addLogFields(more: LogFields): void {
  const own = fields.getStore();
  if (own) Object.assign(own, more);
}

/** A run's fields, by the names that metrics and the API have for them. */
export const runFields = (runId: string, { slug, mode, provider, model }: Partial<RunLabels>): LogFields => ({ run_id: runId, workflow_id: slug, run_mode: mode, provider, model });
