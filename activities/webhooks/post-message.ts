import { request } from 'undici';
import { WEBHOOK_ANSWER_BYTES, WEBHOOK_ANSWER_CHARACTERS } from '#contracts/webhooks';
import { hostOf, isAllowedPrivate } from '#platform/public-address';
import { webhookAddressFault } from '#platform/webhooks/address';
import { asProblem, guardedAgent, single, USER_AGENT } from '../tools/net/guarded-fetch.ts';
import { resolveWithSystem, type Resolve } from '../tools/net/url-guard.ts';

export interface PostOptions { allowedPrivateHosts: readonly string[]; timeoutMs: number; signal: AbortSignal; resolve?: Resolve | undefined }
/** `status` null: there was no answer, and `problem` says why. */
export interface Posted { status: number | null; /** the beginning of what was said */ answer: string | null; problem: string | null; /** asked for by Retry-After */ retryAfterMs: number; durationMs: number }

/** Sends one message behind the guard of tools' requests: the address is checked as written and at the connection, a redirect is an answer
 * and not followed, no cookies, a few kB of the answer are read.
 * @returns whatever came of it; only the caller's own cancel is thrown */
export async function postMessage(address: string, headers: Record<string, string>, body: string, options: PostOptions): Promise<Posted> {
  const began = performance.now();
  const posted = (outcome: Pick<Posted, 'status' | 'answer' | 'problem'>, retryAfterMs = 0): Posted => ({ ...outcome, retryAfterMs, durationMs: Math.round(performance.now() - began) });
  // Listed hosts may have changed since it was saved.
  const fault = webhookAddressFault(address, options);
  if (fault !== null) return posted({ status: null, answer: null, problem: `The address ${fault}.` });
  const url = new URL(address);
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const dispatcher = guardedAgent(options.resolve ?? resolveWithSystem, isAllowedPrivate(url, options));
  try {
    const response = await request(url, {
      dispatcher, signal: AbortSignal.any([options.signal, deadline]), method: 'POST', body, headersTimeout: options.timeoutMs, bodyTimeout: options.timeoutMs,
      headers: { ...headers, 'user-agent': USER_AGENT, accept: '*/*' },
    });
    const answer = await beginningOf(response.body);
    const { statusCode } = response;
    return posted({ status: statusCode, answer, problem: problemOf(statusCode, hostOf(url)) }, retryAfter(single(response.headers['retry-after'])));
  } catch (error) {
    options.signal.throwIfAborted();
    return posted({ status: null, answer: null, problem: deadline.aborted ? `${hostOf(url)} gave no answer within ${options.timeoutMs / 1000} s.` : asProblem(error, hostOf(url)).message });
  } finally {
    await dispatcher.destroy();
  }
}

function problemOf(status: number, host: string): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? `${host} redirects, which is not followed: save the address that it leads to.` : `${host} answered ${status}.`;
}

/** A status that came counts, whatever becomes of the rest of the answer. */
async function beginningOf(body: AsyncIterable<Buffer>): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= WEBHOOK_ANSWER_BYTES) break;
    }
  } catch {
    // cut off or too slow
  }
  // PostgreSQL takes no NUL, a page no other control signs.
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  const text = Buffer.concat(chunks).subarray(0, WEBHOOK_ANSWER_BYTES).toString('utf8').replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/g, '').trim();
  return text === '' ? null : text.slice(0, WEBHOOK_ANSWER_CHARACTERS).toWellFormed();
}

/** @returns ms; 0 when nothing (or nonsense) is said */
function retryAfter(said: string | undefined): number {
  if (said === undefined) return 0;
  const ms = /^\s*\d{1,9}\s*$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
