import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, Runtime, Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
const silent = new DefaultLogger('ERROR', () => undefined);
Runtime.install({ logger: silent, shutdownSignals: [], telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} } } });

/** Loops at once, or as soon as it is asked what it waits for. */
const WORKFLOWS = `
import { condition } from '@temporalio/workflow';
export async function loops() { for (;;) {} }
export async function loopsInItsCondition() { let asked = 0; await condition(() => { if (asked++ > 0) for (;;) {} return false; }); }
export async function waits() { await condition(() => false); }
`;
/** A run as far as its first task. */
const begun = (workflow: string) => historyFromJSON({
  events: [
    { eventId: '1', eventTime: '2026-11-26T12:00:00Z', eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_STARTED', workflowExecutionStartedEventAttributes: { workflowType: { name: workflow }, taskQueue: { name: 'test' }, originalExecutionRunId: '11111111-1111-4111-8111-111111111111', firstExecutionRunId: '11111111-1111-4111-8111-111111111111', workflowTaskTimeout: '10s', attempt: 1 } },
    { eventId: '2', eventTime: '2026-11-26T12:00:00Z', eventType: 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED', workflowTaskScheduledEventAttributes: { taskQueue: { name: 'test' }, startToCloseTimeout: '10s', attempt: 1 } },
    { eventId: '3', eventTime: '2026-11-26T12:00:00Z', eventType: 'EVENT_TYPE_WORKFLOW_TASK_STARTED', workflowTaskStartedEventAttributes: { scheduledEventId: '2' } },
    { eventId: '4', eventTime: '2026-11-26T12:00:00Z', eventType: 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED', workflowTaskCompletedEventAttributes: { scheduledEventId: '2', startedEventId: '3' } },
  ],
});

it('a workflow that never gives back is ended by the limit, also with the calls of the SDK without one', async () => {
  await mkdir(path.join(ROOT, '.awp-test'), { recursive: true });
  const folder = await mkdtemp(path.join(ROOT, '.awp-test/endless-'));
  try {
    const workflowsPath = path.join(folder, 'index.ts');
    await writeFile(workflowsPath, WORKFLOWS);
    const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: silent });
    // The product leaves the SDK's five seconds; the limit is the same code.
    const options: ReplayWorkerOptions & { isolateExecutionTimeout: string } = { workflowBundle, isolateExecutionTimeout: '200ms' };
    const found: Record<string, string | undefined> = {};
    for await (const { workflowId, error } of Worker.runReplayHistories(options, ['loops', 'loopsInItsCondition', 'waits'].map((workflowId) => ({ workflowId, history: begun(workflowId) })))) found[workflowId] = error?.message;
    const ended = expect.stringMatching(/timed out|timeout/i) as string;
    expect(found).toEqual({ loops: ended, loopsInItsCondition: ended, waits: undefined });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
