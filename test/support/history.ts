import type { WorkflowHandle } from '@temporalio/client';
import protobuf from '@temporalio/proto';

const { temporal } = protobuf;

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
