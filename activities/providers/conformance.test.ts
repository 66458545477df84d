import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROVIDER_DATA } from '#contracts/provider-data';
import { PROVIDER_IDS } from '#contracts/providers';
import { startSimulator, type FaultRule, type Simulator } from '#simulator/server';
import { describeConformance, type ConformanceEndpoint } from './conformance.ts';
import { createConfiguredProvider, createProvider } from './registry.ts';

let simulator: Simulator;
beforeAll(async () => { simulator = await startSimulator({ control: true, delayMsPerChunk: 0 }); });
afterAll(async () => { await simulator.stop(); });
beforeEach(() => { simulator.reset(); });

const endpoint = (): ConformanceEndpoint => ({ ...simulator, addFaults: (...rules) => { simulator.addFaults(...(rules as unknown as FaultRule[])); } });

for (const id of PROVIDER_IDS) {
  describeConformance({
    name: id, model: PROVIDER_DATA[id].defaultModel,
    baseUrl: (url) => (id === 'anthropic' || id === 'gemini' ? url : `${url}/v1`),
    create: (options) => createProvider(id, options),
  }, endpoint);
}

describe('headers of single vendors', () => {
  const ask = async (id: 'openrouter' | 'demo' | 'compatible', apiKey: string) => {
    for await (const _chunk of createProvider(id, { apiKey, baseUrl: `${simulator.url}/v1` }).stream({ model: 'm', messages: [{ role: 'user', content: 'hello' }], maxOutputTokens: 50, requestId: 'r' }, new AbortController().signal)) { /* read to the end */ }
  };

  it('OpenRouter is told who calls', async () => {
    await ask('openrouter', 'sk-or-x');
    expect(simulator.requests()[0]?.headers).toMatchObject({ 'x-title': 'Agentic Workflow Platform', 'http-referer': expect.stringContaining('http') });
  });

  it('no SDK telemetry and no header from the environment leaves the house', async () => {
    await ask('demo', '');
    expect(Object.keys(simulator.requests()[0]?.headers ?? {}).filter((name) => /stainless|organization|project/.test(name))).toEqual([]);
    expect(simulator.requests()[0]?.headers.authorization).toBe('Bearer demo');
  });

  it('the configuration decides the address: local reaches the simulator, production refuses it unless it is listed', async () => {
    const config = (AWP_ENV: 'local' | 'production', AWP_ALLOWED_PRIVATE_HOSTS: string[] = []) => ({ AWP_ENV, AWP_ALLOWED_PRIVATE_HOSTS, providers: { groq: { baseUrl: `${simulator.url}/v1` } } });
    const { signal } = new AbortController();
    expect((await createConfiguredProvider('groq', 'k', config('local')).checkHealth(signal)).models).not.toEqual([]);
    expect((await createConfiguredProvider('groq', 'k', config('production', ['127.0.0.1'])).checkHealth(signal)).models).not.toEqual([]);
    expect(() => createConfiguredProvider('groq', 'k', config('production'))).toThrow('GROQ_BASE_URL');
    expect(() => createProvider('compatible', { apiKey: 'k' })).toThrow('COMPATIBLE_BASE_URL');
  });

  it('a compatible endpoint without a key gets no Authorization', async () => {
    await ask('compatible', '').catch(() => undefined);
    expect(simulator.requests()[0]?.headers.authorization).toBeUndefined();
  });
});
