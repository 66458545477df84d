import { randomBytes } from 'node:crypto';
import { DefaultFailureConverter, defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config.ts';
import { createPayloadEncryption } from './encryption.ts';
import { failureConverter } from './failure-converter.ts';
import { createPayloadKeys, payloadKeyOf } from './payload-keys.ts';

const master = randomBytes(32);
const keys = createPayloadKeys([master]);
const codec = createPayloadEncryption(keys, 'required');
const inRun = (workflowId: string) => ({ type: 'workflow' as const, namespace: 'default', workflowId });
const RUN = inRun('run-1');
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload<unknown>(value);
const sealed = async (value: unknown, context = RUN): Promise<Payload> => (await codec.encode([payloadOf(value)], context))[0] as Payload;
const text = (payload: Payload) => Buffer.concat([...Object.values(payload.metadata ?? {}), payload.data ?? new Uint8Array()]).toString('latin1');

describe('payload encryption', () => {
  it('every value comes back as it was, with its own metadata, and is nowhere in what is stored', async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue(), fc.uuid(), async (value, workflowId) => {
      const payload = await sealed({ canary: 'canary-7311', value }, inRun(workflowId));
      expect(text(payload)).not.toContain('canary');
      const [opened] = await codec.decode([payload], inRun(workflowId));
      expect(opened?.metadata?.['encoding']).toEqual(payloadOf(1).metadata?.['encoding']);
      expect(defaultPayloadConverter.fromPayload(opened as Payload)).toEqual(JSON.parse(JSON.stringify({ canary: 'canary-7311', value })));
    }), { numRuns: 300 });
  });

  it('nothing at all (undefined) and bytes are encrypted as well', async () => {
    for (const value of [undefined, new Uint8Array(Buffer.from('canary'))]) {
      const payload = await sealed(value);
      expect(text(payload)).not.toContain('canary');
      const opened = defaultPayloadConverter.fromPayload<Uint8Array | undefined>((await codec.decode([payload], RUN))[0] as Payload);
      expect(opened && Uint8Array.from(opened)).toEqual(value);
    }
  });

  it('the server\'s own words about an activity that was cancelled before its next try are read, exactly these', async () => {
    const word = payloadOf('ACTIVITY_ID_NOT_STARTED');
    expect(await codec.decode([word], RUN)).toEqual([word]);
    await expect(codec.decode([payloadOf('ACTIVITY_ID_NOT_STARTED ')], RUN)).rejects.toMatchObject({ type: 'PayloadRefused' });
  });

  it('off leaves what is written as it is and still reads what was encrypted; production does not start with it', async () => {
    const off = createPayloadEncryption(keys, 'off');
    const plain = payloadOf('words');
    expect(await off.encode([plain], RUN)).toEqual([plain]);
    expect(await off.decode([plain, await sealed('words')], RUN)).toEqual([plain, expect.objectContaining({ data: plain.data })]);
    expect(() => loadConfig({ AWP_ENV: 'production', AWP_PAYLOAD_ENCRYPTION: 'off' })).toThrow('AWP_PAYLOAD_ENCRYPTION is off');
  });

  it('two equal values look different, and no IV is used twice', async () => {
    const all = await Promise.all(Array.from({ length: 2000 }, () => sealed('same')));
    expect(new Set(all.map(({ data }) => Buffer.from(data ?? []).subarray(0, 12).toString('hex'))).size).toBe(2000);
  });

  it('every changed byte is refused, of the text and of what stands beside it, and every cut', async () => {
    const payload = await sealed('short');
    const parts: [string, Uint8Array][] = [...Object.entries(payload.metadata ?? {}), ['data', payload.data as Uint8Array]];
    for (const [name, bytes] of parts) {
      for (let index = 0; index < bytes.length; index += 1) {
        const changed = Uint8Array.from(bytes);
        changed[index] = (changed[index] as number) ^ 1;
        const forged = name === 'data' ? { ...payload, data: changed } : { ...payload, metadata: { ...payload.metadata, [name]: changed } };
        await expect(codec.decode([forged]), `${name}[${index}]`).rejects.toMatchObject({ type: 'PayloadRefused', nonRetryable: true });
      }
    }
    for (const length of [0, 1, 12, 27, 28, (payload.data?.length ?? 0) - 1]) await expect(codec.decode([{ ...payload, data: payload.data?.subarray(0, length) }], RUN)).rejects.toMatchObject({ type: 'PayloadRefused' });
  });

  it('a payload of another run is refused, also when it was renamed', async () => {
    const payload = await sealed('mine', inRun('run-2'));
    await expect(codec.decode([payload], RUN)).rejects.toThrow(/another execution/);
    await expect(codec.decode([{ ...payload, metadata: { ...payload.metadata, 'awp-workflow-id': Buffer.from('run-1') } }], RUN)).rejects.toThrow(/changed/);
  });

  it('plain text is refused; while histories migrate it is read, and what is written is encrypted', async () => {
    await expect(codec.decode([payloadOf('plain')], RUN)).rejects.toMatchObject({ type: 'PayloadRefused', nonRetryable: true, message: expect.stringContaining('AWP_PAYLOAD_ENCRYPTION') as string });
    const migrating = createPayloadEncryption(keys, 'migrating');
    expect(await migrating.decode([payloadOf('plain')], RUN)).toEqual([payloadOf('plain')]);
    await expect(codec.decode(await migrating.encode([payloadOf('x')], RUN), RUN)).resolves.toEqual([expect.objectContaining({ data: payloadOf('x').data })]);
    await expect(migrating.decode([{ ...(await sealed('x')), data: randomBytes(64) }], RUN)).rejects.toMatchObject({ type: 'PayloadRefused' });
  });

  it('after a rotation old payloads are read by the old master key, or by its kept codec key; without either they are refused', async () => {
    const payload = await sealed('old');
    const next = randomBytes(32);
    const open = async (reader: ReturnType<typeof createPayloadKeys>) => defaultPayloadConverter.fromPayload((await createPayloadEncryption(reader, 'required').decode([payload], RUN))[0] as Payload);
    expect(await open(createPayloadKeys([next, master]))).toBe('old');
    const old = payloadKeyOf(master);
    expect(await open(createPayloadKeys([next], (kid) => Promise.resolve(kid === old.kid ? old.key : undefined)))).toBe('old');
    await expect(open(createPayloadKeys([next]))).rejects.toThrow(/AWP_PREVIOUS_MASTER_KEYS/);
  });

  it('a failure shows neither words nor stack, and gives both back', () => {
    const failure = failureConverter.errorToFailure(new Error('canary in words'), defaultPayloadConverter);
    expect([failure.message, failure.stackTrace]).toEqual(['Encoded failure', '']);
    expect(new DefaultFailureConverter().failureToError(failure, defaultPayloadConverter).message).toBe('canary in words');
  });
});
