import type { WorkflowHandle } from '@temporalio/client';
import protobuf from '@temporalio/proto';

const { temporal } = protobuf;

/** Names of the activities that the server handed out, each once, sorted; what ran within a workflow task is not among them. */
export async function activitiesIn(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  return [...new Set((events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []))].toSorted();
}

/** How large an execution's history is at the server, and its largest single payload: what a test of "small" looks at. */
export async function historySize(handle: WorkflowHandle): Promise<{ bytes: number; events: number; largestPayload: number; text: string }> {
  const history = await handle.fetchHistory();
  let largestPayload = 0;
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array) largestPayload = Math.max(largestPayload, value.byteLength);
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) walk(inner);
  };
  walk(history);
  const bytes = temporal.api.history.v1.History.encode(history).finish();
  return { bytes: bytes.byteLength, events: history.events?.length ?? 0, largestPayload, text: Buffer.from(bytes).toString('latin1') };
}
