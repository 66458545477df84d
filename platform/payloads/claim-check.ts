import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ApplicationFailure, type Payload, type PayloadCodec, type SerializationContext } from '@temporalio/common';
import { MAX_PAYLOAD_BYTES, MAX_STORED_PAYLOAD_BYTES } from '#contracts/limits';
import { CodedError } from '../coded-error.ts';
import { isUuid } from '../ids.ts';
import type { ArtifactStorage } from '../storage/artifact-storage.ts';

/** The claim check: a payload above MAX_PAYLOAD_BYTES lies in artifact storage and Temporal sees `{ref, sha256, bytes}` alone.
 * A codec, so that it holds for every input, prompt, answer, tool result and file, whoever writes the workflow. It runs outside
 * the sandbox; references are made of the content's hash, so a repeated task or a replay meets the same one. */
export interface PayloadReference { ref: string; sha256: string; bytes: number }

const ENCODING = 'encoding';
const REFERENCE = 'json/awp-reference';
const UNSTORED = 'json/awp-unstored';
const METADATA = 'awp-metadata';
export const PAYLOAD_PREFIX = 'payload-';

export interface ClaimCheckOptions {
  /** `throw`: the caller hears it at once (client). `mark` (worker): the activity that should have got the payload fails with
   * PayloadNotStored, which ends the run in words; a workflow task that failed instead would be repeated for ever. */
  onUnstorable: 'throw' | 'mark';
}

export function createClaimCheck(storage: ArtifactStorage, { onUnstorable }: ClaimCheckOptions): PayloadCodec {
  const encodeOne = async (payload: Payload, context?: SerializationContext): Promise<Payload> => {
    if (sizeOf(payload) <= MAX_PAYLOAD_BYTES) return payload;
    try {
      return await store(storage, payload, ownerOf(context));
    } catch (error) {
      if (onUnstorable === 'throw') throw error;
      return toPayload(UNSTORED, { detail: error instanceof CodedError ? error.detail : 'The artifact storage did not take it.' });
    }
  };
  return {
    encode: (payloads, context) => Promise.all(payloads.map((payload) => encodeOne(payload, context))),
    decode: (payloads) => Promise.all(payloads.map((payload) => decodeOne(storage, payload))),
  };
}

/** Stores a value's payload ahead of its encoding, so that a storage that is away is the error of the activity that made the value.
 * @throws CodedError StorageUnavailable, PayloadNotStored */
export async function storeAhead(storage: ArtifactStorage, value: unknown, workflowId: string): Promise<void> {
  const text = JSON.stringify(value) as string | undefined;
  // A character is at most three bytes of UTF-8: most values are known to be small without a second look.
  if (text === undefined || text.length * 3 <= MAX_PAYLOAD_BYTES) return;
  const payload = { metadata: { [ENCODING]: Buffer.from('json/plain') }, data: Buffer.from(text) };
  if (sizeOf(payload) > MAX_PAYLOAD_BYTES) await store(storage, payload, ownerOf({ type: 'workflow', namespace: '', workflowId }));
}

export const sizeOf = (payload: Payload): number => (payload.data?.byteLength ?? 0) + Object.entries(payload.metadata ?? {}).reduce((sum, [name, value]) => sum + name.length + value.byteLength, 0);

/** A run's payloads lie in the run's folder and go with it. */
const ownerOf = (context: SerializationContext | undefined): string => (context?.workflowId && isUuid(context.workflowId) ? context.workflowId : 'payloads');

async function store(storage: ArtifactStorage, payload: Payload, owner: string): Promise<Payload> {
  const data = payload.data ?? new Uint8Array();
  if (data.byteLength > MAX_STORED_PAYLOAD_BYTES) throw new CodedError('PayloadNotStored', `It is ${data.byteLength} bytes; ${MAX_STORED_PAYLOAD_BYTES} is the most one value may have.`);
  const sha256 = createHash('sha256').update(data).digest('hex');
  const reference: PayloadReference = { ref: `${owner}/${PAYLOAD_PREFIX}${sha256}`, sha256, bytes: data.byteLength };
  const there = await storage.stat(reference.ref);
  if (there?.sizeBytes !== data.byteLength) await storage.put(reference.ref, data);
  return toPayload(REFERENCE, reference, payload.metadata ?? {});
}

function toPayload(encoding: string, value: unknown, inner?: Record<string, Uint8Array>): Payload {
  const kept: Record<string, Uint8Array> = inner === undefined ? {} : { [METADATA]: Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(inner).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])))) };
  return { metadata: { [ENCODING]: Buffer.from(encoding), ...kept }, data: Buffer.from(JSON.stringify(value)) };
}

async function decodeOne(storage: ArtifactStorage, payload: Payload): Promise<Payload> {
  const encoding = textOf(payload.metadata?.[ENCODING]);
  if (encoding === UNSTORED) {
    const { detail } = JSON.parse(textOf(payload.data)) as { detail: string };
    throw ApplicationFailure.nonRetryable(detail, 'PayloadNotStored', { detail: `A text of this step could not be stored. ${detail}` });
  }
  if (encoding !== REFERENCE) return payload;
  const { ref, sha256, bytes } = JSON.parse(textOf(payload.data)) as PayloadReference;
  const data = await buffer((await storage.get(ref)).stream);
  if (data.byteLength !== bytes || createHash('sha256').update(data).digest('hex') !== sha256) throw new CodedError('StorageUnavailable', 'A stored payload is not what was stored.');
  const inner = JSON.parse(textOf(payload.metadata?.[METADATA]) || '{}') as Record<string, string>;
  return { metadata: Object.fromEntries(Object.entries(inner).map(([name, value]) => [name, Buffer.from(value, 'base64')])), data };
}

const textOf = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString('utf8') : '');
