import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { createPayloadEncryption } from '#platform/payloads/encryption';
import { createPayloadKeys } from '#platform/payloads/payload-keys';
import type { Bench } from './bench.ts';
import { median, spread } from './statistics.ts';

const CONTEXT = { type: 'workflow' as const, namespace: 'default', workflowId: '0199aaaa-0000-7000-8000-000000000001' };
const SIZES = [['small', 'a payload of 300 bytes', 300, 2000], ['large', 'a payload of 200 KB', 200_000, 200]] as const;
const ROUNDS = 15;

/** What encryption costs a payload: there and back, without a server. A full run has about 150 payloads. */
export async function measureCodec({ record }: Pick<Bench, 'record'>): Promise<void> {
  const codec = createPayloadEncryption(createPayloadKeys([randomBytes(32)]), 'required');
  for (const [name, label, bytes, times] of SIZES) {
    const payload = defaultPayloadConverter.toPayload<unknown>(randomBytes(bytes * 0.75).toString('base64'));
    const encoded = await codec.encode([payload], CONTEXT);
    const ways = { encrypt: () => codec.encode([payload], CONTEXT), decrypt: () => codec.decode(encoded, CONTEXT) };
    for (const [way, work] of Object.entries(ways)) {
      const rounds: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const since = performance.now();
        for (let index = 0; index < times; index += 1) await work();
        rounds.push(((performance.now() - since) * 1000) / times);
      }
      record({ key: `codec.${name}.${way}`, label: `${way} ${label}`, unit: 'µs', value: median(rounds), detail: `${spread(rounds, 0)} µs, ${ROUNDS} rounds of ${times}; ${Math.round((encoded[0]?.data?.length ?? 0) - (payload.data?.length ?? 0))} bytes more` });
    }
  }
}
