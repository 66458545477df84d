import { runInNewContext } from 'node:vm';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { ofRun } from '#activities/run-lines';
import { uuidv7 } from '#platform/ids';
import { capturedLog } from '../test/support/captured-log.ts';
import { sdkFields } from './sdk-lines.ts';

const written = (meta: Record<string, unknown>) => {
  const { logger, lines } = capturedLog();
  logger.warn(sdkFields(meta), 'Workflow failed');
  return lines[0] ?? {};
};

describe('a line of Temporal\'s own', () => {
  it('about a run is found by the run\'s id, one about a schedule is none of a run', () => {
    const id = uuidv7();
    expect(sdkFields({ workflowId: id, attempt: 2 })).toEqual({ workflowId: id, attempt: 2, run_id: id });
    expect(sdkFields({ workflowId: 'awp-purge' })).toEqual({ workflowId: 'awp-purge' });
    expect(sdkFields()).toEqual({});
  });

  it('about a run that this worker has worked for says what it was', async () => {
    const runId = uuidv7();
    await ofRun({ runId, slug: 'learn_agentic_ai', mode: 'test_run', provider: 'demo', model: 'demo-1' }, async () => {});
    expect(written({ workflowId: runId })).toMatchObject({ run_id: runId, workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', model: 'demo-1' });
  });

  const failure = ApplicationFailure.nonRetryable('the answer was: secret plan', 'OutputInvalid', { step: 'notes' });
  it.each([['of an activity', failure, { type: 'OutputInvalid' }], ['of a workflow, as its thread hands it over', structuredClone(failure), {}]])('has none of the words of a failure %s', (_of, error, left) => {
    const line = written({ workflowId: uuidv7(), error });
    expect(line).toMatchObject({ error: left });
    expect(JSON.stringify(line)).not.toContain('secret plan');
  });

  it.each([['of the worker', new TypeError('x is not a function')], ['of the sandbox', runInNewContext('new TypeError("x is not a function")') as Error]])('has an error %s with its words', (_where, error) => {
    expect(written({ error })).toMatchObject({ err: { type: 'TypeError', message: 'x is not a function', stack: expect.stringContaining('TypeError') as string } });
  });
});
