import type { ErrorCode } from '#contracts/errors';
import { ProviderError } from './provider.ts';
import { retryAfterMs } from './retry-after.ts';

/** A non-2xx answer (or an error sent inside a 200) as the exchange saw it. `body` is parsed JSON, undefined when it is none. */
export interface Failure { status: number; headers: Headers; body: unknown }

/** What an adapter reads out of its vendor's error body. */
export interface Reading {
  /** the vendor's reason code, for the detail; only its safe characters are shown */
  reason?: string | null;
  /** the class the reason says, when it says more than the status */
  code?: ErrorCode;
  retryAfterMs?: number;
}

/** The class by HTTP status alone, the same for every vendor. @source style.md §5 */
export function codeOfStatus(status: number): ErrorCode {
  // An error inside a 200 that says nothing we know: the vendor broke off.
  if (status < 300) return 'ProviderUnavailable';
  if (status === 401 || status === 403) return 'ProviderAuthentication';
  if (status === 402) return 'ProviderQuota';
  if (status === 413) return 'ContextTooLong';
  if (status === 429) return 'ProviderRateLimited';
  if (status === 408 || status === 409 || status === 498 || status >= 500) return 'ProviderUnavailable';
  return 'ProviderRejected';
}

const WORDS: Partial<Record<ErrorCode, string>> = {
  ProviderAuthentication: 'refused the key',
  ProviderQuota: 'says that the spending limit is reached',
  ProviderRateLimited: 'asks for a slower pace',
  ProviderUnavailable: 'has a fault on its side',
  ProviderRejected: 'rejected the request',
  ProviderRefused: 'stopped the answer by its content rules',
  ContextTooLong: 'says that the text is too long for the model',
  OutputInvalid: 'says that the model did not keep to the form asked for',
};

/** A gateway on the way that waited in vain says nothing about the vendor behind it, which may have worked and charged (504, Cloudflare's 524). */
export const isFree = ({ status }: Pick<Failure, 'status'>): boolean => status !== 504 && status !== 524;

/** Builds the error of a vendor that said no, from status, headers and what the adapter read. `x-should-retry` has the last word between
 * "try again" and "final" for everything that is not a matter of key, money, content or length. */
export function failureError(vendor: string, { status, headers }: Failure, reading: Reading = {}): ProviderError {
  const code = honourShouldRetry(reading.code ?? codeOfStatus(status), headers.get('x-should-retry'));
  const wait = reading.retryAfterMs ?? retryAfterMs(headers);
  const facts = [status === 0 || status === 200 ? '' : `HTTP ${status}`, safeReason(reading.reason)].filter(Boolean).join(', ');
  const waiting = wait !== undefined && code === 'ProviderRateLimited' ? `; wait ${Math.ceil(wait / 1000)} s` : '';
  return new ProviderError(code, `${vendor} ${WORDS[code] ?? 'failed'}${facts ? ` (${facts})` : ''}${waiting}`, { retryAfterMs: wait, uncharged: isFree({ status }) });
}

function honourShouldRetry(code: ErrorCode, shouldRetry: string | null): ErrorCode {
  if (shouldRetry === 'false' && (code === 'ProviderUnavailable' || code === 'ProviderRateLimited')) return 'ProviderRejected';
  if (shouldRetry === 'true' && code === 'ProviderRejected') return 'ProviderUnavailable';
  return code;
}

/** A reason is shown only when it looks like a code: a vendor's free text may hold the prompt or the key. */
export function safeReason(reason: string | null | undefined): string {
  return reason && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(reason) && !/^(?:sk-|gsk_|AIza)/.test(reason) ? reason : '';
}
