import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode } from '#contracts/errors';
import { POLICY_ATTEMPTS } from '#contracts/limits';
import { CodedError } from '#platform/coded-error';
import { VaultAway } from '#platform/secrets/vault-client';
import { classify, isCancelled, toFailure } from './failures.ts';
import { ProviderError } from './providers/provider.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];
const delays = (error: Error, base = 2000): (number | null)[] => {
  const seen: (number | null)[] = [];
  for (let tries = 1; tries <= 12; tries += 1) {
    const { delayMs } = classify(error, () => tries, base);
    seen.push(delayMs);
    if (delayMs === null) break;
  }
  return seen;
};
const away = (code: string) => Object.assign(new Error('x'), { code });

describe('tries by class', () => {
  it('2, 4, 8 seconds for the classes with four tries, 2 for the one with two', () => {
    expect(delays(new ProviderError('ProviderUnavailable', 'x'))).toEqual([2000, 4000, 8000, null]);
    expect(delays(new ProviderError('ProviderRateLimited', 'x'))).toEqual([2000, 4000, 8000, null]);
    expect(delays(new CodedError('StorageUnavailable', 'x'))).toEqual([2000, 4000, 8000, null]);
    expect(delays(new ProviderError('ProviderTimeout', 'x'))).toEqual([2000, null]);
  });

  it.each(codes)('%s is tried as often as the table says', (code) => {
    expect(delays(new ProviderError(code, 'x'))).toHaveLength(ERRORS[code].attempts);
    expect(delays(new CodedError(code, 'x'))).toHaveLength(ERRORS[code].attempts);
  });

  it.each(['ProviderAuthentication', 'ProviderRejected', 'ProviderQuota', 'ProviderRefused', 'ContextTooLong', 'OutputInvalid', 'BudgetExceeded', 'RunLimitReached', 'InvalidInput', 'Internal'] as const)('%s is final at once', (code) => {
    expect(classify(new ProviderError(code, 'x'), () => 1, 2000)).toEqual({ code, detail: 'x', delayMs: null });
  });

  it('asks for the tries of the code that failed, so that other failures do not eat them', () => {
    const asked: ErrorCode[] = [];
    classify(new ProviderError('ProviderTimeout', 'x'), (code) => { asked.push(code); return 1; }, 2000);
    expect(new Set(asked)).toEqual(new Set(['ProviderTimeout']));
  });

  it('the last try says how often it was tried again', () => {
    expect(classify(new ProviderError('ProviderUnavailable', 'groq has a fault'), () => 4, 2000).detail).toBe('groq has a fault (after 3 retries)');
    expect(classify(new ProviderError('ProviderTimeout', 'groq did not answer'), () => 2, 2000).detail).toBe('groq did not answer (after 1 retry)');
  });
});

describe('Retry-After', () => {
  const limited = (retryAfterMs: number) => new ProviderError('ProviderRateLimited', 'groq: wait', { retryAfterMs });

  it('is honoured when it is longer than our own delay', () => {
    expect(delays(limited(12_000))).toEqual([12_000, 12_000, 12_000, null]);
    expect(delays(limited(3000))).toEqual([3000, 4000, 8000, null]);
    expect(delays(limited(0))).toEqual([2000, 4000, 8000, null]);
  });

  it('of up to a minute is waited for, more ends the call and says so', () => {
    expect(delays(limited(60_000))[0]).toBe(60_000);
    expect(classify(limited(60_001), () => 1, 2000)).toMatchObject({ code: 'ProviderRateLimited', delayMs: null });
    expect(classify(limited(3_600_000), () => 1, 2000).detail).toContain('3600 s, more than a call waits');
  });

  it('of a call that ends stays known, for a run that may wait: a day at most', () => {
    expect(classify(limited(60_001), () => 1, 2000)).toMatchObject({ delayMs: null, retryAfterMs: 60_001 });
    expect(classify(limited(12_000), () => 4, 2000)).toMatchObject({ delayMs: null, retryAfterMs: 12_000 });
    expect(classify(limited(30 * 86_400_000), () => 1, 2000)).toMatchObject({ delayMs: null, retryAfterMs: 86_400_000 });
    expect(classify(limited(12_000), () => 1, 2000)).not.toHaveProperty('retryAfterMs');
  });
});

describe('trouble that is not the provider\'s', () => {
  it('a database that is away is waited for, as long as Temporal tries', () => {
    for (const code of ['ECONNREFUSED', 'P1001', '57P01', '08006']) expect(classify(away(code), () => 99, 2000)).toMatchObject({ code: 'ServiceUnavailable', delayMs: 20_000 });
    const minutes = (tries: number) => Array.from({ length: tries - 1 }, (_, index) => classify(away('ECONNREFUSED'), () => index + 1, 2000).delayMs ?? 0).reduce((sum, ms) => sum + ms, 0) / 60_000;
    expect(minutes(10)).toBeLessThan(0.5); // soon again after a restart
    expect(minutes(POLICY_ATTEMPTS)).toBeGreaterThan(25); // longer than a failover or an upgrade of a managed server
  });

  it('an unknown error is final and says nothing of its inside', () => {
    for (const error of [new Error('password=hunter2'), 'text', null, undefined, away('23505')]) {
      expect(classify(error, () => 1, 2000)).toEqual({ code: 'Internal', detail: 'An unexpected error; it is in the worker\'s log.', delayMs: null, unforeseen: error });
    }
  });
});

describe('the failure that Temporal gets', () => {
  it('carries type, step and the delay of the next try', () => {
    const failure = toFailure({ code: 'ProviderRateLimited', detail: 'groq: wait 12 s', delayMs: 12_000 }, 'note-1');
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'ProviderRateLimited', message: 'groq: wait 12 s', nonRetryable: false, nextRetryDelay: 12_000, details: [{ step: 'note-1' }] });
  });

  it('a final one is not retried', () => {
    expect(classify(new VaultAway('is sealed'), () => 1, 1)).toMatchObject({ code: 'ServiceUnavailable', delayMs: 3000 });
    expect(toFailure({ code: 'ProviderQuota', detail: 'x', delayMs: null }, null)).toMatchObject({ nonRetryable: true, nextRetryDelay: undefined });
  });

  it('carries no cause: its stack and message would reach the history', () => {
    expect(toFailure({ code: 'ProviderRejected', detail: 'x', delayMs: null }, null).cause).toBeUndefined();
  });

  it('expected trouble is no error of the worker; the unexpected is', () => {
    expect(toFailure({ code: 'ProviderUnavailable', detail: 'x', delayMs: 1 }, null).category).toBe(ApplicationFailureCategory.BENIGN);
    expect(toFailure({ code: 'Internal', detail: 'x', delayMs: null }, null).category).not.toBe(ApplicationFailureCategory.BENIGN);
  });

  it('a cancel is told from a failure', () => {
    expect(isCancelled(new CancelledFailure('x'))).toBe(true);
    expect(isCancelled(new ProviderError('ProviderTimeout', 'x'))).toBe(false);
    expect(isCancelled('CancelledFailure')).toBe(false);
  });
});
