import type { ErrorCode } from '#contracts/errors';
import type { ExchangeLimits } from './exchange.ts';
import type { CompletionCall, CompletionChunk, ProviderId } from '#contracts/providers';

/** The neutral interface that every vendor adapter implements. An adapter never retries, reads no environment, touches no
 * database and logs no prompt; `conformance.ts` holds it to that. */
export interface Provider {
  readonly id: ProviderId;
  /** Calls one model once and streams its text. The last chunk is `end` with usage in tokens as the vendor reported it.
   * @throws ProviderError with the code of contracts/errors.ts; an abort of `signal` closes the socket and rethrows the abort reason */
  stream(call: CompletionCall, signal: AbortSignal): AsyncIterable<CompletionChunk>;
  /** The cheapest call that proves key and endpoint (lists models); never a model call. @throws ProviderError */
  checkHealth(signal: AbortSignal): Promise<ProviderHealth>;
}

export interface ProviderHealth { latencyMs: number; /** model ids the endpoint offers, at most 500; empty when it does not say */ models: string[] }

export interface ProviderOptions {
  /** empty only where the endpoint wants none (demo, some compatible endpoints) */
  apiKey: string;
  /** written as that vendor's SDK takes it; undefined = the vendor's own */
  baseUrl?: string;
  fetch?: typeof globalThis.fetch;
  /** our own clocks and the byte cap; exchange.ts has the defaults (30 s to the first byte, 20 s idle, 32 MiB). The total is the caller's signal. */
  limits?: Partial<ExchangeLimits>;
}

/** A vendor's failure in our terms. `detail` is one safe sentence: vendor, status and reason code, never a vendor's body text or key. */
export class ProviderError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  /** ms to wait as the vendor asked (Retry-After in seconds or as a date, retry-after-ms, RetryInfo); undefined = not said */
  readonly retryAfterMs: number | undefined;
  /** nothing can have been charged: the request never reached the vendor, or its no came in place of an answer. False in doubt. */
  uncharged: boolean;
  constructor(code: ErrorCode, detail: string, options: { retryAfterMs?: number; uncharged?: boolean; cause?: unknown } = {}) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = 'ProviderError';
    this.code = code;
    this.detail = detail;
    this.retryAfterMs = options.retryAfterMs;
    this.uncharged = options.uncharged ?? false;
  }
}
