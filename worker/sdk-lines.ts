import { types } from 'node:util';
import { TemporalFailure } from '@temporalio/common';
import { fieldsOfRun } from '#activities/run-lines';

const RUN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Of a failure that came out of the sandbox's thread, which keeps an error's words and forgets its class. */
const FAILURE = /^\w+Failure\b/;
const isFailure = (error: Error): boolean => error instanceof TemporalFailure || FAILURE.test(error.stack ?? '');

/** Temporal's own lines name an execution by its Workflow Id, which of a run is the run's id: found by `run_id` like the rest. An error
 * of the code's, also of the sandbox's, is written out. The words of a failure are the run's, and what it ended with is told by `run ended`. */
export function sdkFields(meta: Record<string, unknown> = {}): Record<string, unknown> {
  const { workflowId: id, error } = meta;
  const ofRun = typeof id === 'string' && RUN_ID.test(id) ? fieldsOfRun(id) : {};
  if (!types.isNativeError(error) || isFailure(error)) return { ...meta, ...ofRun };
  const { error: _unwritten, ...rest } = meta;
  return { ...rest, ...ofRun, err: { name: error.name, message: error.message, stack: error.stack } };
}
