import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_PAYLOAD_BYTES, MAX_STORED_PAYLOAD_BYTES } from '#contracts/limits';
import { CodedError } from '../coded-error.ts';
import { createDiskStorage } from '../storage/disk-storage.ts';
import type { ArtifactStorage } from '../storage/artifact-storage.ts';
import { createClaimCheck, sizeOf, storeAhead } from './claim-check.ts';

const RUN = '0199aaaa-0000-7000-8000-000000000001';
const context = { type: 'workflow' as const, namespace: 'default', workflowId: RUN };
let root: string;
let storage: ArtifactStorage;
beforeEach(async () => { root = await mkdtemp(path.join(tmpdir(), 'awp-claim-')); storage = createDiskStorage(root); });
afterEach(async () => { await rm(root, { recursive: true, force: true }); });

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload<unknown>(value);
const full: ArtifactStorage = { put: () => Promise.reject(new CodedError('StorageUnavailable', 'The artifact folder answered ENOSPC.')), stat: () => Promise.resolve(null), get: () => Promise.reject(new Error('none')), delete: () => Promise.resolve(), folders: () => Promise.resolve([]), deleteFolder: () => Promise.resolve(0), list: () => Promise.resolve([]), downloadUrl: () => Promise.resolve(null) };

describe('claim check', () => {
  it('whatever the value, nothing above the limit is passed on and every value comes back as it was', async () => {
    const codec = createClaimCheck(storage, { onUnstorable: 'throw' });
    // Sizes gather around the limit, in characters of one to four bytes.
    const sized = fc.tuple(fc.integer({ min: -400, max: 400 }), fc.constantFrom('a', 'é', '✓', '🜛', '"')).map(([offset, sign]) => sign.repeat(Math.max(0, Math.floor((MAX_PAYLOAD_BYTES + offset) / Buffer.byteLength(JSON.stringify(sign).slice(1, -1))))));
    await fc.assert(fc.asyncProperty(fc.oneof(sized, fc.string(), fc.integer({ min: 1, max: 1_500_000 }).map((length) => 'x'.repeat(length))), fc.string(), async (text, beside) => {
      const value = { text, beside };
      const [encoded] = await codec.encode([payloadOf(value)], context);
      expect(sizeOf(encoded as Payload)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
      const [decoded] = await codec.decode([encoded as Payload], context);
      expect(defaultPayloadConverter.fromPayload(decoded as Payload)).toEqual(value);
    }), { numRuns: 60 });
  }, 60_000);

  it('a small payload is not touched; a large one lies in the folder of its run, once, under its hash', async () => {
    const codec = createClaimCheck(storage, { onUnstorable: 'throw' });
    const small = payloadOf({ a: 1 });
    const large = payloadOf('x'.repeat(MAX_PAYLOAD_BYTES));
    const [first, second, third] = await codec.encode([small, large, large], context);
    expect(first).toBe(small);
    const reference = JSON.parse(Buffer.from(second?.data ?? []).toString()) as { ref: string; sha256: string; bytes: number };
    expect(reference).toEqual({ ref: `${RUN}/payload-${reference.sha256}`, sha256: reference.sha256, bytes: MAX_PAYLOAD_BYTES + 2 });
    expect(third?.data).toEqual(second?.data);
    expect(await readdir(path.join(root, RUN))).toEqual([`payload-${reference.sha256}`]);
  });

  it('what was stored ahead of its encoding is not written again', async () => {
    const value = { text: 'y'.repeat(300_000) };
    await storeAhead(storage, value, RUN);
    const [encoded] = await createClaimCheck({ ...storage, put: full.put }, { onUnstorable: 'throw' }).encode([payloadOf(value)], context);
    expect(sizeOf(encoded as Payload)).toBeLessThan(1000);
  });

  it('a value that cannot be stored is PayloadNotStored for whom it was meant, and final', async () => {
    const codec = createClaimCheck(full, { onUnstorable: 'mark' });
    const [marked] = await codec.encode([payloadOf('x'.repeat(300_000))], context);
    await expect(codec.decode([marked as Payload], context)).rejects.toMatchObject({ type: 'PayloadNotStored', nonRetryable: true, message: 'The artifact folder answered ENOSPC.' });
    await expect(createClaimCheck(full, { onUnstorable: 'throw' }).encode([payloadOf('x'.repeat(300_000))], context)).rejects.toMatchObject({ code: 'StorageUnavailable' });
    const tooLarge = { metadata: payloadOf('').metadata, data: new Uint8Array(MAX_STORED_PAYLOAD_BYTES + 1) };
    await expect(createClaimCheck(storage, { onUnstorable: 'throw' }).encode([tooLarge], context)).rejects.toMatchObject({ code: 'PayloadNotStored' });
  });

  it('bytes that are not what was stored are refused', async () => {
    const codec = createClaimCheck(storage, { onUnstorable: 'throw' });
    const [encoded] = await codec.encode([payloadOf('x'.repeat(300_000))], context);
    const { ref } = JSON.parse(Buffer.from(encoded?.data ?? []).toString()) as { ref: string };
    await storage.put(ref, 'y'.repeat(300_002));
    await expect(codec.decode([encoded as Payload], context)).rejects.toMatchObject({ code: 'StorageUnavailable' });
  });
});
