import { ProviderError } from './provider.ts';
import type { Failure } from './failure.ts';

/** One HTTP exchange with a vendor, under our own clocks. The SDKs get `fetch` from here, so that the socket, the timers,
 * the byte cap and the error bodies are treated alike, whatever the SDK does with them. */
export interface ExchangeLimits {
  /** ms until the first byte of the body, connecting included */
  firstByteMs: number;
  /** ms without a byte once the body runs */
  idleMs: number;
  maxResponseBytes: number;
}
export const EXCHANGE_LIMITS: ExchangeLimits = { firstByteMs: 30_000, idleMs: 20_000, maxResponseBytes: 32 * 1024 * 1024 };

export type Fetch = typeof globalThis.fetch;
const MAX_ERROR_BYTES = 64 * 1024;
const TAIL_BYTES = 256;
/** Why the signal of an exchange that is over is aborted; one for all, because a reason of the platform's own writes down a stack each time. */
const OVER = new Error('the exchange is over');
/** SDKs add telemetry headers and headers from the environment; only these leave the house. */
const SENT_HEADERS = /^(?:accept|authorization|content-type|user-agent|x-client-request-id|http-referer|x-title|anthropic-version|x-api-key|x-goog-api-key)$/;

export interface Exchange {
  fetch: Fetch;
  /** aborted by the caller, by our timers, or at the end */
  signal: AbortSignal;
  /** a non-2xx answer, or a 2xx whose JSON body carries an error instead of the stream */
  failure(): Failure | null;
  /** our own reason to stop (time, size, wrong content), which goes before whatever the SDK makes of it */
  fault(): ProviderError | null;
  /** last bytes of the body as text: shows whether the stream was closed in form */
  tail(): string;
  close(): void;
}

export function openExchange(vendor: string, caller: AbortSignal, fetch: Fetch, limits: ExchangeLimits, accept: 'stream' | 'json'): Exchange {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let fault: ProviderError | null = null;
  let failure: Failure | null = null;
  let tail = '';
  const stop = (error: ProviderError): ProviderError => { fault ??= error; controller.abort(fault); return fault; };
  const onCallerAbort = () => { controller.abort(caller.reason); };
  if (caller.aborted) onCallerAbort(); else caller.addEventListener('abort', onCallerAbort, { once: true });
  const arm = (ms: number, what: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => { stop(new ProviderError('ProviderTimeout', `${vendor} sent ${what} for ${ms / 1000} s`)); }, ms);
  };

  const send: Fetch = async (input, init) => {
    arm(limits.firstByteMs, 'nothing');
    const headers = Object.fromEntries([...new Headers(init?.headers)].filter(([name]) => SENT_HEADERS.test(name)));
    // A redirect could carry the key to another host, so it is an answer like any other.
    const response = await fetch(input, { ...init, headers, redirect: 'manual', signal: controller.signal });
    const type = response.headers.get('content-type') ?? '';
    const expected = accept === 'stream' ? /^text\/event-stream\b/i : /[/+]json\b/i;
    if (response.ok && expected.test(type)) return new Response(response.body?.pipeThrough(watch()) ?? null, { status: response.status, headers: response.headers });
    const body = parseJson(await readCapped(response.body, MAX_ERROR_BYTES));
    failure = { status: response.status, headers: response.headers, body };
    if (response.ok && !hasError(body)) throw stop(new ProviderError('ProviderUnavailable', `${vendor} answered with something that is not ${accept === 'stream' ? 'an event stream' : 'JSON'}`));
    throw new Error('the exchange keeps the failure');
  };

  /** Counts bytes, feeds the idle timer, keeps the tail. */
  const watch = (): TransformStream<Uint8Array, Uint8Array> => {
    let size = 0;
    const decoder = new TextDecoder();
    return new TransformStream({
      transform(chunk, out) {
        size += chunk.byteLength;
        if (size > limits.maxResponseBytes) throw stop(new ProviderError('ProviderUnavailable', `${vendor} sent more than ${limits.maxResponseBytes} bytes`));
        arm(limits.idleMs, 'no byte');
        tail = (tail + decoder.decode(chunk.byteLength > TAIL_BYTES ? chunk.subarray(-TAIL_BYTES) : chunk, { stream: true })).slice(-TAIL_BYTES);
        out.enqueue(chunk);
      },
    });
  };

  return {
    fetch: send,
    signal: controller.signal,
    failure: () => failure,
    fault: () => fault,
    tail: () => tail,
    close() {
      clearTimeout(timer);
      caller.removeEventListener('abort', onCallerAbort);
      controller.abort(OVER);
    },
  };
}

async function readCapped(body: ReadableStream<Uint8Array> | null, limit: number): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    if (size > limit) break;
  }
  return text;
}

export function parseJson(text: string): unknown {
  try { return JSON.parse(text) as unknown; } catch { return undefined; }
}

function hasError(body: unknown): boolean {
  return body !== null && typeof body === 'object' && 'error' in body && Boolean(body.error);
}
