import { ActivityFailure, ApplicationFailure, CancelledFailure, RetryState, TimeoutFailure, TimeoutType } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { CAPS } from '#contracts/runs';
import { CapReached } from './envelope.ts';
import { capSentence, errorOf, resultOf, resultOfCap } from './outcome.ts';

const activity = (cause: Error, id = 'full/note-2/1') => new ActivityFailure('activity failed', 'complete', id, RetryState.NON_RETRYABLE_FAILURE, 'worker', cause);

describe('what an error means for a run', () => {
  it('a coded failure keeps its code, its sentence and the step it names', () => {
    const failure = ApplicationFailure.nonRetryable('openai refused the key (HTTP 401)', 'ProviderAuthentication', { step: 'note-1' });
    expect(errorOf(activity(failure))).toMatchObject({ code: 'ProviderAuthentication', detail: 'openai refused the key (HTTP 401)', step: 'note-1' });
  });

  it('without a named step, the activity id says where', () => {
    expect(errorOf(activity(ApplicationFailure.nonRetryable('x', 'ProviderUnavailable'))).step).toBe('note-2');
    expect(errorOf(activity(ApplicationFailure.nonRetryable('x', 'ProviderUnavailable'), '17'), 'quiz').step).toBe('quiz');
  });

  it('an unknown error says nothing of its inside', () => {
    for (const error of [new TypeError('secret sk-live-1'), activity(ApplicationFailure.nonRetryable('stack at /srv/app.ts', 'TypeError')), 'text', null, activity(ApplicationFailure.nonRetryable('x', '__proto__'))]) {
      const { code, detail } = errorOf(error);
      expect(code).toBe('Internal');
      expect(detail).not.toMatch(/sk-live|srv/);
    }
  });

  it('a worker that stopped answering is not an unknown error', () => {
    expect(errorOf(activity(new TimeoutFailure('heartbeat', undefined, TimeoutType.HEARTBEAT))).code).toBe('ServiceUnavailable');
    expect(errorOf(activity(ApplicationFailure.create({ type: 'WorkerShutdown', message: 'of the SDK' })))).toMatchObject({ code: 'ServiceUnavailable', detail: 'Workers were stopped again and again before the step was finished.' });
  });

  it('a cancel ends as cancelled, without an error', () => {
    for (const error of [new CancelledFailure('by a person'), activity(new CancelledFailure('by a person'))]) expect(resultOf(error)).toMatchObject({ status: 'cancelled', error: null });
  });

  it('anything else ends as failed, in the words of the table', () => {
    expect(resultOf(activity(ApplicationFailure.nonRetryable('x', 'ProviderQuota')))).toMatchObject({ status: 'failed', headline: 'The spending limit at the provider is reached.' });
  });
});

describe('what a cap means for a run', () => {
  it('every cap has a sentence a person understands', () => {
    for (const cap of CAPS) expect(capSentence(new CapReached(cap, 2_500_000, 1))).toMatch(/^Stopped at the (?:cap of 2500000 [a-z ]+|budget of \$2\.50); the work so far is kept\.$/);
  });

  it('a Test at a cap is a completed run that says so', () => {
    for (const cap of CAPS) expect(resultOfCap(new CapReached(cap, 5, 5), 'test')).toMatchObject({ status: 'completed', capReached: cap, error: null });
  });

  it('a Full run ends as what it is: timed out, out of budget, at a limit', () => {
    const ends = CAPS.map((cap) => resultOfCap(new CapReached(cap, 5, 5), 'full')).map(({ status, error }) => [status, error?.code]);
    expect(Object.fromEntries(CAPS.map((cap, index) => [cap, ends[index]]))).toEqual({
      output_tokens: ['failed', 'RunLimitReached'], input_tokens: ['failed', 'RunLimitReached'], seconds: ['timed_out', 'RunLimitReached'], iterations: ['failed', 'RunLimitReached'], cost: ['failed', 'BudgetExceeded'],
    });
  });
});
