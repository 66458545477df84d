import { Agent, fetch as undiciFetch, type RequestInit } from 'undici';
import { isAllowedPrivate } from '#platform/public-address';
import { ToolProblem } from '../tool.ts';
import { checkUrl, guardedLookup, resolveWithSystem, type Resolve } from '../net/url-guard.ts';

const MAX_BYTES = 2 * 1_048_576;
const CONNECT_TIMEOUT_MS = 3_000;

/** What the MCP client speaks through: the configured origin only, the guard on each connection, no redirects, 2 MB an
 * answer. The admin's own origin may be private, as with every base URL of the configuration. */
export function createMcpFetch(serverUrl: string, allowedPrivateHosts: readonly string[], resolve: Resolve = resolveWithSystem): { fetch: typeof fetch; /** rejects when an answer is too large: the SDK would wait for its rest */ refused: Promise<never>; close(): Promise<void> } {
  let refuse: (problem: ToolProblem) => void = () => {};
  const refused = new Promise<never>((_, reject) => { refuse = reject; });
  refused.catch(() => {});
  const origin = new URL(serverUrl).origin;
  const policy = { allowedPrivateHosts: [...allowedPrivateHosts, new URL(serverUrl).host], grantedHosts: null };
  const allowPrivate = isAllowedPrivate(new URL(serverUrl), policy);
  const dispatcher = new Agent({ pipelining: 0, headersTimeout: 30_000, bodyTimeout: 30_000, connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(resolve, allowPrivate) } });
  const guarded = async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const url = checkUrl(String(input), policy);
    if (url.origin !== origin) throw new ToolProblem('failed', 'The MCP server pointed at another host and was not followed.');
    const response = await undiciFetch(url, { ...init, redirect: 'manual', dispatcher });
    if (response.status >= 300 && response.status < 400) { await response.body?.cancel(); throw new ToolProblem('failed', 'The MCP server redirects, which is not followed.'); }
    if (!response.body) return response;
    let seen = 0;
    const limited = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        seen += chunk.byteLength;
        if (seen <= MAX_BYTES) { controller.enqueue(chunk); return; }
        const problem = new ToolProblem('failed', 'The MCP server sent more than 2 MB.');
        refuse(problem);
        controller.error(problem);
      },
    }) as never) as unknown as ReadableStream<Uint8Array>;
    return new Response(limited, { status: response.status, statusText: response.statusText, headers: [...response.headers] });
  };
  return { fetch: guarded as unknown as typeof fetch, refused, close: () => dispatcher.destroy() };
}
