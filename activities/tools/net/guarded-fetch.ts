import { Agent, buildConnector, request, type Dispatcher } from 'undici';
import { hostOf, isAllowedPrivate, isPublicAddress } from '#platform/public-address';
import { ToolProblem } from '../tool.ts';
import { readBody } from './read-body.ts';
import { checkUrl, guardedLookup, resolveWithSystem, type HostPolicy, type Resolve } from './url-guard.ts';

export interface FetchedDocument {
  /** where the bytes came from, after redirects */
  url: string;
  status: number;
  /** lower case, without parameters; '' when the server names none */
  contentType: string;
  charset: string | null;
  bytes: Buffer;
}

export interface FetchLimits { maxBytes: number; timeoutMs: number }
export interface GuardedFetchOptions extends HostPolicy, FetchLimits {
  signal: AbortSignal;
  accept: string;
  resolve?: Resolve;
  /** asked before each hop; throws to refuse */
  beforeHop?: (url: URL) => Promise<void>;
}

export const USER_AGENT = 'AgenticWorkflowPlatform/0.1';
const CONNECT_TIMEOUT_MS = 3_000;
const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Reads one public document: no cookies, no credentials, at most 3 redirects, each checked like the first address.
 * @param options  `maxBytes` after decompression, `timeoutMs` for all hops together
 * @returns any final status; the caller judges it
 * @throws ToolProblem `failed` (refused, too large), `unavailable` (not reachable, too slow); the signal's reason on cancel */
export async function guardedFetch(address: string, options: GuardedFetchOptions): Promise<FetchedDocument> {
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, deadline]);
  let url = checkUrl(address, options);
  try {
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      await options.beforeHop?.(url);
      const result = await fetchHop(url, options, signal);
      if (!(result instanceof URL)) return result;
      url = result;
    }
  } catch (error) {
    options.signal.throwIfAborted();
    if (deadline.aborted) throw new ToolProblem('unavailable', `${hostOf(url)} gave no full answer within ${options.timeoutMs / 1000} s.`);
    throw asProblem(error, hostOf(url));
  }
  throw new ToolProblem('failed', `${hostOf(url)} redirects more than ${MAX_REDIRECTS} times.`);
}

/** One request. @returns the document, or the checked address of the redirect */
async function fetchHop(url: URL, options: GuardedFetchOptions, signal: AbortSignal): Promise<FetchedDocument | URL> {
  const dispatcher = guardedAgent(options.resolve ?? resolveWithSystem, isAllowedPrivate(url, options));
  try {
    const response = await request(url, {
      dispatcher, signal, method: 'GET', headersTimeout: options.timeoutMs, bodyTimeout: options.timeoutMs,
      headers: { 'user-agent': USER_AGENT, accept: options.accept, 'accept-encoding': 'gzip, deflate, br', 'accept-language': 'en;q=1, *;q=0.5' },
    });
    const location = single(response.headers.location);
    if (REDIRECTS.has(response.statusCode) && location) {
      if (!URL.canParse(location, url.href)) throw new ToolProblem('failed', `${hostOf(url)} redirects to something that is not an address.`);
      return checkUrl(new URL(location, url).href, options);
    }
    const [type = '', ...parameters] = (single(response.headers['content-type']) ?? '').toLowerCase().split(';').map((part) => part.trim());
    const charset = parameters.find((part) => part.startsWith('charset='))?.slice(8).replaceAll('"', '') ?? null;
    const bytes = await readBody(response.body, { encoding: single(response.headers['content-encoding']), declaredLength: Number(single(response.headers['content-length']) ?? 0), maxBytes: options.maxBytes, signal });
    return { url: url.href, status: response.statusCode, contentType: type, charset, bytes };
  } finally {
    // Closing also drops what was not read: a redirect's body, an endless answer.
    await dispatcher.destroy();
  }
}

/** Connects to what was checked, and to nothing else. @param allowPrivate  the administrator listed this very host */
export function guardedAgent(resolve: Resolve, allowPrivate: boolean): Dispatcher {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(resolve, allowPrivate) });
  return new Agent({
    pipelining: 0, maxHeaderSize: 16_384,
    connect: (target, callback) => {
      connect(target, (error, socket) => {
        if (error) { callback(error, null); return; }
        // Second wall: what we are connected to, whatever path the resolution took.
        if (!allowPrivate && !isPublicAddress(socket.remoteAddress ?? '')) { socket.destroy(); callback(new ToolProblem('failed', 'This address is not on the public internet.'), null); return; }
        callback(null, socket);
      });
    },
  });
}

export const single = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);

const UNREACHABLE = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EPIPE', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET']);

/** Network errors as one sentence: by code, never by the words of a message. */
export function asProblem(error: unknown, host: string): ToolProblem {
  if (error instanceof ToolProblem) return error;
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (inner instanceof ToolProblem) return inner;
  const codes = [error, inner].map((one) => (one as NodeJS.ErrnoException | undefined)?.code ?? '');
  if (codes.some((code) => UNREACHABLE.has(code))) return new ToolProblem('unavailable', `${host} cannot be reached from here.`, { cause: error });
  if (codes.some((code) => code.includes('CERT') || code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code === 'DEPTH_ZERO_SELF_SIGNED_CERT')) return new ToolProblem('failed', `${host} has no valid certificate.`, { cause: error });
  return new ToolProblem('failed', `${host} gave an answer that cannot be read.`, { cause: error });
}
