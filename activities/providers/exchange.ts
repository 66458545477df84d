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
/** Codes of a connection that never stood: name, route, port, handshake. A reset is none of them, the request may have been read. */
const NOT_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EPRIVATEADDRESS|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_CERT_[A-Z_]+|CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+)$/;
/** SDKs add telemetry headers and headers from the environment; only these leave the house. */
const SENT_HEADERS = /^(?:accept|authorization|content-type|user-agent|x-client-request-id|http-referer|x-title|anthropic-version|x-api-key|x-goog-api-key)$/;

export interface Exchange {
  fetch: Fetch;
  /** aborted by the caller, by our timers, or at the end */
  signal: AbortSignal;
  /** a non-2xx answer, or a 2xx whose JSON body carries an error instead of the stream */
  failure(): Failure | null;
  /** false as long as it is certain that the vendor has not had the request */
  reached(): boolean;
  /** an adapter says that it read a part of the answer; what breaks after it may be charged */
  hear(): void;
  began(): boolean;
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
  let reached = false;
  let began = false;
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
    reached = true;
    const response = await fetch(input, { ...init, headers, redirect: 'manual', signal: controller.signal }).catch((error: unknown) => {
      reached = !networkCodes(error).some((code) => NOT_CONNECTED.test(code));
      throw error;
    });
    const type = response.headers.get('content-type') ?? '';
    const expected = accept === 'stream' ? /^text\/event-stream\b/i : /[/+]json\b/i;
    if (response.ok && expected.test(type)) return new Response(response.body?.pipeThrough(watch()) ?? null, { status: response.status, headers: response.headers });
    // A status that says no stands, also when its body breaks off.
    if (!response.ok) failure = { status: response.status, headers: response.headers, body: undefined };
    const body = parseJson(await readCapped(response.body, MAX_ERROR_BYTES));
    if (response.ok && !hasError(body)) throw stop(new ProviderError('ProviderUnavailable', `${vendor} answered with something that is not ${accept === 'stream' ? 'an event stream' : 'JSON'}`));
    failure = { status: response.status, headers: response.headers, body };
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
    reached: () => reached,
    hear() { began = true; },
    began: () => began,
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

/** The network's own codes (ECONNREFUSED …) along the causes of an error. */
export function networkCodes(error: unknown): string[] {
  const codes: string[] = [];
  let node: unknown = error;
  for (let depth = 0; depth < 6 && node !== null && typeof node === 'object'; depth += 1) {
    const { code, cause } = node as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && /^(?:E[A-Z]{3,20}|UND_ERR_[A-Z_]+|[A-Z]{3,20}_[A-Z_]{3,40})$/.test(code)) codes.push(code);
    node = cause;
  }
  return codes;
}

export function parseJson(text: string): unknown {
  try { return JSON.parse(text) as unknown; } catch { return undefined; }
}

function hasError(body: unknown): boolean {
  return body !== null && typeof body === 'object' && 'error' in body && Boolean(body.error);
}
