import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROVIDER_DATA } from '#contracts/provider-data';
import type { CompletionAnswer, CompletionCall } from '#contracts/providers';
import { startSimulator, type Simulator } from '#simulator/server';
import { createProvider } from './registry.ts';

/** A stream may arrive in any pieces: in the middle of a frame, of a line end, of a character. */
let simulator: Simulator;
beforeAll(async () => { simulator = await startSimulator({ control: true, delayMsPerChunk: 0 }); });
afterAll(async () => { await simulator.stop(); });

const text = 'Größe, 日本語 and 🚀🧑‍🚀 stay whole; "quotes", \\ and data: [DONE] as well.';
const call = (model: string): CompletionCall => ({ model, messages: [{ role: 'user', content: 'x' }], maxOutputTokens: 200, requestId: 'r' });

async function read(id: 'openai' | 'anthropic' | 'gemini', fetch: typeof globalThis.fetch): Promise<CompletionAnswer> {
  const provider = createProvider(id, { apiKey: 'k', baseUrl: id === 'openai' ? `${simulator.url}/v1` : simulator.url, fetch });
  for await (const chunk of provider.stream(call(PROVIDER_DATA[id].defaultModel), new AbortController().signal)) if (chunk.type === 'end') return chunk.answer;
  throw new Error('no end');
}

describe.each(['openai', 'anthropic', 'gemini'] as const)('%s', (id) => {
  it('the answer is the same however the bytes are cut', async () => {
    let bytes = new Uint8Array();
    const native = globalThis.fetch;
    simulator.addFaults({ fault: { kind: 'text', text } });
    await read(id, async (input, init) => {
      const response = await native(input, init);
      bytes = new Uint8Array(await response.arrayBuffer());
      return new Response(bytes, { headers: { 'content-type': 'text/event-stream' } });
    });
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 }), async (cuts) => {
      const places = [...new Set([0, ...cuts, bytes.length])].sort((a, b) => a - b);
      const body = new ReadableStream<Uint8Array>({ start(out) { places.slice(1).forEach((end, index) => { out.enqueue(bytes.slice(places[index], end)); }); out.close(); } });
      const answer = await read(id, () => Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } })));
      expect(answer.text).toBe(text);
      expect(answer.finishReason.unified).toBe('stop');
    }), { numRuns: 60, endOnFailure: true });
    const each = new ReadableStream<Uint8Array>({ start(out) { for (const byte of bytes) out.enqueue(Uint8Array.of(byte)); out.close(); } });
    expect((await read(id, () => Promise.resolve(new Response(each, { headers: { 'content-type': 'text/event-stream' } })))).text).toBe(text);
  });
});
