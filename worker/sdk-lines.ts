import { types } from 'node:util';
import { TemporalFailure } from '@temporalio/common';
import { fieldsOfRun } from '#activities/run-lines';

const RUN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Temporal's own lines name an execution by its Workflow Id, which of a run is the run's id: found by `run_id` like the rest. An error
 * of the code's, also of the sandbox's, is written out; a failure is its code alone, as its words are the run's. */
export function sdkFields(meta: Record<string, unknown> = {}): Record<string, unknown> {
  const { workflowId: id, error } = meta;
  const ofRun = typeof id === 'string' && RUN_ID.test(id) ? fieldsOfRun(id) : {};
  if (!types.isNativeError(error) || error instanceof TemporalFailure) return { ...meta, ...ofRun };
  const { error: _unwritten, ...rest } = meta;
  return { ...rest, ...ofRun, err: { name: error.name, message: error.message, stack: error.stack } };
}
