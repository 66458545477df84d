import { GoogleGenerativeAI } from '@google/generative-ai';
import { PROVIDER_DATA } from '#contracts/provider-data';
import type { CompletionCall, CompletionChunk } from '#contracts/providers';
import { jsonCall, streamCall, type CallContext } from '../call.ts';
import { EXCHANGE_LIMITS, type Exchange } from '../exchange.ts';
import type { Provider, ProviderOptions } from '../provider.ts';
import { readFailure } from './errors.ts';
import { finishAnswer, readResponse, startState } from './from-response.ts';
import { outsideOfCalls, withFetch } from './routed-fetch.ts';
import { toRequest } from './to-request.ts';
import { WireModels, WireResponse } from './wire.ts';

const BASE_URL = 'https://generativelanguage.googleapis.com';
const MAX_MODELS = 500;

/** generateContent through `@google/generative-ai`; the list of models by plain HTTP, which the SDK does not have. */
export function createGeminiProvider(options: ProviderOptions): Provider {
  const vendor = PROVIDER_DATA.gemini.displayName;
  const baseUrl = options.baseUrl ?? BASE_URL;
  const context = (signal: AbortSignal, call?: CompletionCall): CallContext => ({
    vendor, signal, fetch: outsideOfCalls(options.fetch ?? globalThis.fetch), limits: { ...EXCHANGE_LIMITS, ...options.limits }, readFailure: (failure) => readFailure(vendor, failure, call),
  });

  async function* responses(call: CompletionCall, exchange: Exchange): AsyncGenerator<CompletionChunk> {
    const state = startState();
    const earlierCalls = call.messages.reduce((sum, message) => sum + (message.role === 'assistant' ? message.toolCalls?.length ?? 0 : 0), 0);
    const model = new GoogleGenerativeAI(options.apiKey || 'none').getGenerativeModel({ model: call.model }, { baseUrl, customHeaders: { 'X-Client-Request-Id': call.requestId } });
    const { stream, response } = await withFetch(exchange.fetch, () => model.generateContentStream(toRequest(call), { signal: exchange.signal }));
    // The SDK reads the stream twice; the gathered copy is not used, and its failure is the stream's own.
    response.catch(() => undefined);
    for await (const raw of stream) {
      const parsed = WireResponse.parse(raw);
      if (parsed.error) throw readFailure(vendor, { status: 200, headers: new Headers(), body: raw }, call);
      exchange.hear();
      const text = readResponse(state, parsed, earlierCalls);
      if (text) yield { type: 'text', text };
    }
    yield { type: 'end', answer: finishAnswer(vendor, state, call) };
  }

  return {
    id: 'gemini',
    stream: (call, signal) => streamCall(context(signal, call), (exchange) => responses(call, exchange)),
    checkHealth: (signal) => jsonCall(context(signal), async (exchange) => {
      const startedAt = performance.now();
      const response = await exchange.fetch(`${baseUrl}/v1beta/models?pageSize=${MAX_MODELS}`, { headers: { 'x-goog-api-key': options.apiKey || 'none', accept: 'application/json' } });
      const { models } = WireModels.parse(await response.json());
      return { latencyMs: Math.round(performance.now() - startedAt), models: (models ?? []).map((model) => model.name.replace(/^models\//, '')) };
    }),
  };
}
