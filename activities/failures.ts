import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { ERRORS, type ErrorCode } from '#contracts/errors';
import type { WaitReason } from '#contracts/runs';
import { CodedError } from '#platform/coded-error';
import { isDatabaseAway } from '#platform/database-errors';
import { VaultAway } from '#platform/secrets/vault-client';
import { ProviderError } from './providers/provider.ts';

/** The one place that builds an ApplicationFailure. Temporal's policy is wider than every class; here an error becomes final
 * once its class has used its own number of tries, counted in the ledger, so that worker deaths and deploys do not eat them. */
const RETRY_AFTER_CAP_MS = 60_000;
/** A vendor that names a time further away than this is asked again then. */
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;
/** Something of ours that is away comes back within a moment, or it takes a while: every 3 s, after ten tries more and more seldom.
 * With the tries that Temporal allows an activity (POLICY_ATTEMPTS) that is half an hour. */
const [AWAY_DELAY_MS, QUICK_TRIES, LONGEST_AWAY_DELAY_MS] = [3_000, 10, 20_000] as const;
const awayDelay = (tries: number): number => Math.min(AWAY_DELAY_MS * 2 ** Math.max(0, tries - QUICK_TRIES), LONGEST_AWAY_DELAY_MS);

export interface Failing { code: ErrorCode; detail: string; /** null = final */ delayMs: number | null; /** tries of this call that the vendor may have charged */ possiblyBilled?: number; /** of a final one: when the vendor wants to be asked again, ms from now */ retryAfterMs?: number; /** ms since 1970: asking earlier is of no use */ notBeforeMs?: number; /** what the run waits for till then */ waitReason?: WaitReason; /** what nobody classed: for the log, never for a history */ unforeseen?: unknown }

/** Classifies by type and code, never by words. @param triesOfClass tries that failed with the same code, this one included */
export function classify(error: unknown, triesOf: (code: ErrorCode) => number, retryBaseMs: number): Failing {
  if (error instanceof ProviderError) return retryable(error.code, error.detail, triesOf(error.code), retryBaseMs, error.retryAfterMs);
  if (error instanceof VaultAway) return { code: error.code, detail: error.detail, delayMs: awayDelay(triesOf(error.code)) };
  if (error instanceof CodedError) return retryable(error.code, error.detail, triesOf(error.code), retryBaseMs, undefined);
  // The database (or the vault above) comes back or it does not; Temporal's own number of attempts is the bound.
  if (isDatabaseAway(error)) return { code: 'ServiceUnavailable', detail: 'The database is away for a moment.', delayMs: awayDelay(triesOf('ServiceUnavailable')) };
  return { code: 'Internal', detail: 'An unexpected error; it is in the worker\'s log.', delayMs: null, unforeseen: error };
}

function retryable(code: ErrorCode, detail: string, tries: number, retryBaseMs: number, retryAfterMs: number | undefined): Failing {
  const later = retryAfterMs === undefined ? {} : { retryAfterMs: Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS) };
  if (tries >= ERRORS[code].attempts) {
    const after = ERRORS[code].attempts > 1 ? ` (after ${ERRORS[code].attempts - 1} ${ERRORS[code].attempts === 2 ? 'retry' : 'retries'})` : '';
    return { code, detail: `${detail}${after}`, delayMs: null, ...later };
  }
  // A call does not wait for a vendor that asks for more than the cap: it ends. A run that may wait for its provider
  // (provider-chain.ts) asks again then, not before; any other ends with the vendor's own words for it.
  if (retryAfterMs !== undefined && retryAfterMs > RETRY_AFTER_CAP_MS) return { code, detail: `${detail}; it asked for ${Math.ceil(retryAfterMs / 1000)} s, more than a call waits`, delayMs: null, ...later };
  return { code, detail, delayMs: Math.max(retryAfterMs ?? 0, retryBaseMs * 2 ** (tries - 1)) };
}

/** Beside the failure, because what is in it goes into Temporal's history. */
const unforeseen = new WeakMap<ApplicationFailure, unknown>();

/** 2, 4, 8 s by default, or what Retry-After asked for if that is longer. */
export function toFailure(failing: Failing, step: string | null): ApplicationFailure {
  const failure = ApplicationFailure.create({
    type: failing.code, message: failing.detail, nonRetryable: failing.delayMs === null, details: [{ step, ...(failing.possiblyBilled ? { possiblyBilled: failing.possiblyBilled } : {}), ...(failing.notBeforeMs === undefined ? {} : { notBeforeMs: failing.notBeforeMs }), ...(failing.waitReason ? { waitReason: failing.waitReason } : {}) }],
    ...(failing.delayMs === null ? {} : { nextRetryDelay: failing.delayMs }),
    // Expected trouble is no worker error: it is in the run's own log. The cause stays out of Temporal's history.
    ...(failing.code === 'Internal' ? {} : { category: ApplicationFailureCategory.BENIGN }),
  });
  if ('unforeseen' in failing) unforeseen.set(failure, failing.unforeseen);
  return failure;
}

/** The error behind a failure that says it is in the worker's log: whoever lets the failure go writes it there. */
export function unforeseenBehind(failure: unknown): Error | null {
  if (!(failure instanceof ApplicationFailure) || !unforeseen.has(failure)) return null;
  const error = unforeseen.get(failure);
  return error instanceof Error ? error : new Error(String(error));
}

export const isCancelled = (error: unknown): boolean => error instanceof CancelledFailure || (error instanceof Error && error.name === 'CancelledFailure');
