import OpenAI from 'openai';
import { PROVIDER_DATA } from '#contracts/provider-data';
import type { CompletionCall, CompletionChunk } from '#contracts/providers';
import { jsonCall, streamCall, type CallContext } from '../call.ts';
import { EXCHANGE_LIMITS, type Exchange } from '../exchange.ts';
import { ProviderError, type Provider, type ProviderOptions } from '../provider.ts';
import { DIALECTS, type OpenAiFamilyId } from './dialects.ts';
import { readFailure } from './errors.ts';
import { finishAnswer, readChunk, startState } from './from-response.ts';
import { toRequest } from './to-request.ts';
import { WireChunk, WireModels } from './wire.ts';

/** Longest delay setTimeout takes: switches the SDK's own timeout off, the exchange has ours. */
const NO_SDK_TIMEOUT_MS = 2_147_483_647;
const MAX_MODELS = 500;

/** Chat Completions through the `openai` SDK, for every member of the family. @throws ProviderError ProviderRejected without a base URL */
export function createOpenAiProvider(id: OpenAiFamilyId, options: ProviderOptions): Provider {
  const dialect = DIALECTS[id];
  const { displayName: vendor, capabilities } = PROVIDER_DATA[id];
  const baseUrl = options.baseUrl ?? dialect.baseUrl;
  if (!baseUrl) throw new ProviderError('ProviderRejected', `${vendor} needs a base URL; an administrator sets ${id.toUpperCase()}_BASE_URL`);
  const context = (signal: AbortSignal): CallContext => ({
    vendor, signal, fetch: options.fetch ?? globalThis.fetch, limits: { ...EXCHANGE_LIMITS, ...options.limits }, readFailure: (failure) => readFailure(vendor, failure),
  });
  const key = options.apiKey || dialect.keyWhenNone;

  // Every option that the SDK would otherwise take from the environment is given.
  const client = (exchange: Exchange) => new OpenAI({
    apiKey: key ?? 'none', baseURL: baseUrl, organization: null, project: null, webhookSecret: null, adminAPIKey: null, logLevel: 'off',
    maxRetries: 0, timeout: NO_SDK_TIMEOUT_MS, fetch: exchange.fetch,
    defaultHeaders: { ...dialect.headers, ...(key === null && { Authorization: null }) },
  });

  async function* chunks(call: CompletionCall, exchange: Exchange): AsyncGenerator<CompletionChunk> {
    const state = startState();
    const stream = await client(exchange).chat.completions.create(toRequest(call, dialect, capabilities.structuredOutput), {
      signal: exchange.signal, headers: { 'X-Client-Request-Id': call.requestId },
    });
    try {
      for await (const raw of stream) {
        exchange.hear();
        const text = readChunk(state, WireChunk.parse(raw));
        if (text) yield { type: 'text', text };
      }
    } catch (error) {
      // An error event inside a 200: the SDK throws its body without a status.
      if (error instanceof OpenAI.APIError && error.status === undefined && error.error) throw readFailure(vendor, { status: 200, headers: new Headers(), body: error.error });
      throw error;
    }
    yield { type: 'end', answer: finishAnswer(vendor, state, /data:\s*\[DONE\]\s*$/.test(exchange.tail()), call) };
  }

  return {
    id,
    stream: (call, signal) => streamCall(context(signal), (exchange) => chunks(call, exchange)),
    checkHealth: (signal) => jsonCall(context(signal), async (exchange) => {
      const startedAt = performance.now();
      const page = await client(exchange).models.list({ signal: exchange.signal });
      const { data } = WireModels.parse({ data: page.data });
      return { latencyMs: Math.round(performance.now() - startedAt), models: (data ?? []).map((model) => model.id).slice(0, MAX_MODELS) };
    }),
  };
}
