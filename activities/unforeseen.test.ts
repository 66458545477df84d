import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it, vi } from 'vitest';
import { classify, toFailure } from './failures.ts';
import { boundUnforeseen } from './unforeseen.ts';

const logger = { error: vi.fn() };
const thrown = (attempt: number, error: Error) => new MockActivityEnvironment({ attempt }).run(boundUnforeseen({ logger } as never, () => Promise.reject(error)), null).catch((caught: unknown) => caught);

it('an error that nobody classed is tried ten times, then it ends the call in words, and its own stay in the log', async () => {
  const error = new TypeError('x is not a function');
  expect(await thrown(9, error)).toBe(error);
  expect(logger.error).not.toHaveBeenCalled();
  expect(await thrown(10, error)).toMatchObject({ type: 'Internal', nonRetryable: true, message: expect.not.stringContaining('x is') as string });
  expect(logger.error).toHaveBeenCalledWith(expect.objectContaining({ err: error }), expect.any(String));
});

it('an error that an activity itself made Internal of is in the log too, and only there', async () => {
  logger.error.mockClear();
  const error = new TypeError('x is not a function');
  const failure = toFailure(classify(error, () => 1, 2000), null);
  expect(await thrown(1, failure)).toBe(failure);
  expect(logger.error).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ err: error }), expect.any(String));
  expect(JSON.stringify(failure)).not.toContain('x is');
});

it.each([
  ['a failure that was classed', ApplicationFailure.create({ type: 'ProviderUnavailable' })],
  ['a cancel', new CancelledFailure('by a person')],
  ['a database that is away', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
])('%s goes on as it is, however many tries there were', async (_what, error) => {
  expect(await thrown(60, error)).toBe(error);
});
