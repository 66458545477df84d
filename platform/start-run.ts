import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { runPriority } from '#contracts/fairness';
import { MODE_WORDS } from '#contracts/runs';
import { WORKFLOW_TASK_QUEUE } from '#contracts/task-queues';
import type { RunRequest } from '#contracts/workflow';
import { bounded } from './bounded.ts';
import { inTraceOf } from './tracing/tracing.ts';

/** For callers whose answer waits. */
const START_DEADLINE_MS = 2000;
/** For a start that goes on behind the answer: an engine that is slow under load is not one that is away. */
export const BACKGROUND_START_DEADLINE_MS = 10_000;
const key = (name: string) => defineSearchAttributeKey(name, 'KEYWORD');

/** Starts the execution of a queued run, at most once whoever calls: the workflow id is the run id, an id that ever ran is
 * refused, and "already there" is success. Whoever starts it, the execution belongs to the trace of the request that asked for the run. Used by the API right after its transaction and by the reconciler.
 * @throws whatever the client throws when Temporal does not answer within the deadline (2 s when left out); the run stays queued */
export async function startRunExecution(client: Client, request: RunRequest, meta: { workflowType: string; title: string; persona: string; /** WORKFLOW_TASK_QUEUE when left out */ taskQueue?: string }, deadlineMs = START_DEADLINE_MS): Promise<'started' | 'exists'> {
  const start = inTraceOf(request.traceparent, () => client.withDeadline(Date.now() + deadlineMs, () => client.workflow.start(meta.workflowType, {
    taskQueue: meta.taskQueue ?? WORKFLOW_TASK_QUEUE, workflowId: request.runId, args: [request], workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'REJECT_DUPLICATE', priority: runPriority(request),
    typedSearchAttributes: new TypedSearchAttributes([
      { key: key('Persona'), value: meta.persona }, { key: key('Workflow'), value: request.slug }, { key: key('RunMode'), value: request.mode }, ...firstStage(request),
      { key: key('Provider'), value: request.provider }, { key: key('User'), value: request.userId },
    ]),
    staticSummary: `${meta.title} · ${MODE_WORDS[request.mode].label} · ${request.provider}`,
    staticDetails: `Run \`${request.runId}\`\n\n- workflow: ${request.slug} v${request.version}\n- mode: ${MODE_WORDS[request.mode].sentence}\n- provider and model: ${request.provider}, ${request.model}`,
  })));
  try {
    await bounded(start, deadlineMs + 500);
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists';
    throw error;
  }
}

/** Every run begins with Validate: said here, because an upsert from within would be a write of Temporal's for each run. */
const firstStage = ({ engine }: RunRequest) => [{ key: key('Stage'), value: engine ? 'validate' : 'queued' }, { key: key('Status'), value: engine ? 'validating' : 'queued' }];
