import { Agent, request } from 'undici';
import type { z } from 'zod';
import { ToolProblem } from '../tool.ts';
import { asProblem, USER_AGENT } from '../net/guarded-fetch.ts';
import { readBody } from '../net/read-body.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const TOTAL_TIMEOUT_MS = 10_000;
const MAX_BYTES = 2 * 1_048_576;

export interface SearchCall { url: URL; label: string; headers?: Record<string, string>; /** sent as JSON by POST */ body?: unknown; signal: AbortSignal }

/** One call to a search service: connect within 3 s, 10 s in all, no redirects, 2 MB.
 * @throws ToolProblem; the signal's reason on cancel */
export async function readText({ url, label, headers, body, signal }: SearchCall): Promise<string> {
  const deadline = AbortSignal.timeout(TOTAL_TIMEOUT_MS);
  const both = AbortSignal.any([signal, deadline]);
  const dispatcher = new Agent({ pipelining: 0, connect: { timeout: CONNECT_TIMEOUT_MS } });
  try {
    const response = await request(url, {
      dispatcher, signal: both, method: body === undefined ? 'GET' : 'POST', body: body === undefined ? null : JSON.stringify(body),
      headers: { 'user-agent': USER_AGENT, accept: 'application/json, application/atom+xml', 'accept-encoding': 'gzip, deflate, br', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    });
    if (response.statusCode !== 200) throw refusal(label, response.statusCode);
    const encoding = response.headers['content-encoding'];
    return (await readBody(response.body, { encoding: Array.isArray(encoding) ? encoding[0] : encoding, declaredLength: Number(response.headers['content-length'] ?? 0), maxBytes: MAX_BYTES, signal: both })).toString('utf8');
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) throw new ToolProblem('unavailable', `${label} gave no answer within ${TOTAL_TIMEOUT_MS / 1000} s.`);
    throw asProblem(error, label);
  } finally {
    await dispatcher.destroy();
  }
}

/** The same, read as JSON by a schema of the fields we use. */
export async function readJson<T>(call: SearchCall, schema: z.ZodType<T>): Promise<T> {
  const text = await readText(call);
  let value: unknown;
  try { value = JSON.parse(text); } catch { throw new ToolProblem('unavailable', `${call.label} answered with something that is not JSON.`); }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ToolProblem('unavailable', `${call.label} answered in a form that is not known.`);
  return parsed.data;
}

/** Whether anyone answers at an address within 3 s; a refusal counts, it shows that someone is there. */
export async function isReachable(url: URL, signal: AbortSignal): Promise<boolean> {
  const dispatcher = new Agent({ pipelining: 0, connect: { timeout: CONNECT_TIMEOUT_MS } });
  try {
    await request(url, { dispatcher, method: 'HEAD', headers: { 'user-agent': USER_AGENT }, signal: AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)]) });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    await dispatcher.destroy();
  }
}

function refusal(label: string, status: number): ToolProblem {
  if (status === 401 || status === 403) return new ToolProblem('unavailable', `${label} refused the request (${status}): its key or its settings need a look.`);
  if (status === 429) return new ToolProblem('unavailable', `${label} asks to slow down (429).`);
  return new ToolProblem('unavailable', `${label} cannot answer now (${status}).`);
}
