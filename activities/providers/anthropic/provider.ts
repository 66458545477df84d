import Anthropic from '@anthropic-ai/sdk';
import { PROVIDER_DATA } from '#contracts/provider-data';
import type { CompletionCall, CompletionChunk } from '#contracts/providers';
import { jsonCall, streamCall, type CallContext } from '../call.ts';
import { EXCHANGE_LIMITS, parseJson, type Exchange } from '../exchange.ts';
import type { Provider, ProviderOptions } from '../provider.ts';
import { readFailure } from './errors.ts';
import { finishAnswer, readEvent, startState } from './from-response.ts';
import { answerToolName, toRequest } from './to-request.ts';
import { WireEvent, WireModels } from './wire.ts';

const BASE_URL = 'https://api.anthropic.com';
/** Longest delay setTimeout takes: switches the SDK's own timeout off, the exchange has ours. */
const NO_SDK_TIMEOUT_MS = 2_147_483_647;
const MAX_MODELS = 500;

/** Messages through `@anthropic-ai/sdk`. */
export function createAnthropicProvider(options: ProviderOptions): Provider {
  const vendor = PROVIDER_DATA.anthropic.displayName;
  const context = (signal: AbortSignal, call?: CompletionCall): CallContext => ({
    vendor, signal, fetch: options.fetch ?? globalThis.fetch, limits: { ...EXCHANGE_LIMITS, ...options.limits }, readFailure: (failure) => readFailure(vendor, failure, call),
  });

  // Every option that the SDK would otherwise take from the environment is given.
  const client = (exchange: Exchange) => new Anthropic({
    apiKey: options.apiKey || 'none', authToken: null, baseURL: options.baseUrl ?? BASE_URL, webhookKey: null, logLevel: 'off',
    maxRetries: 0, timeout: NO_SDK_TIMEOUT_MS, fetch: exchange.fetch,
  });

  async function* events(call: CompletionCall, exchange: Exchange): AsyncGenerator<CompletionChunk> {
    const state = startState(answerToolName(call));
    const stream = await client(exchange).messages.create(toRequest(call), { signal: exchange.signal, headers: { 'X-Client-Request-Id': call.requestId } });
    try {
      for await (const raw of stream) {
        exchange.hear();
        const text = readEvent(state, WireEvent.parse(raw));
        if (text) yield { type: 'text', text };
      }
    } catch (error) {
      // An error event inside a 200: the SDK throws its body without a status.
      if (error instanceof Anthropic.APIError && error.status === undefined && error.error) {
        const body: unknown = typeof error.error === 'string' ? parseJson(error.error) : error.error;
        throw readFailure(vendor, { status: 200, headers: new Headers(), body }, call);
      }
      throw error;
    }
    yield { type: 'end', answer: finishAnswer(vendor, state, call) };
  }

  return {
    id: 'anthropic',
    stream: (call, signal) => streamCall(context(signal, call), (exchange) => events(call, exchange)),
    checkHealth: (signal) => jsonCall(context(signal), async (exchange) => {
      const startedAt = performance.now();
      const page = await client(exchange).models.list({ limit: MAX_MODELS }, { signal: exchange.signal });
      const { data } = WireModels.parse({ data: page.data });
      return { latencyMs: Math.round(performance.now() - startedAt), models: (data ?? []).map((model) => model.id).slice(0, MAX_MODELS) };
    }),
  };
}
