import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { isEncrypted, ownerOfPayload } from './encryption.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** An execution's history as JSON with its payloads opened, failures with their words: it replays without any key. What the claim check
 * took away stays a reference.
 * @param codec  the encryption alone
 * @throws ApplicationFailure PayloadRefused */
export async function openHistory(history: History, codec: PayloadCodec, workflowId: string): Promise<string> {
  await openIn(history, codec, workflowId);
  return historyToJSON(history);
}

async function openIn(value: unknown, codec: PayloadCodec, workflowId: string): Promise<void> {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return;
  if ('metadata' in value && 'data' in value && isEncrypted(value as Payload)) {
    // The reason of a failed workflow task belongs to no execution: the SDK encodes it without saying which.
    const context = ownerOfPayload(value as Payload) === '' ? undefined : { type: 'workflow' as const, namespace: '', workflowId };
    const [plain] = await codec.decode([value as Payload], context);
    Object.assign(value, { metadata: plain?.metadata, data: plain?.data });
    return;
  }
  for (const inner of Object.values(value)) await openIn(inner, codec, workflowId);
  if ('encodedAttributes' in value && value.encodedAttributes && 'message' in value) tellFailure(value as Failure);
}

interface Failure { message: string; stackTrace?: string; encodedAttributes?: Payload | null }

function tellFailure(failure: Failure): void {
  const { message, stack_trace } = JSON.parse(Buffer.from(failure.encodedAttributes?.data ?? []).toString('utf8')) as { message: string; stack_trace?: string };
  Object.assign(failure, { message, stackTrace: stack_trace ?? '', encodedAttributes: null });
}
