import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import type { CompleteRequest, CompleteResult } from '#contracts/workflow';
import { Envelope } from './envelope.ts';
import { Step, type StageRoom } from './step.ts';

const PRICE = { input: 1_000_000, output: 1_000_000 }; // a micro-dollar a token
const target = { provider: 'openai', model: 'gpt-4o-mini', price: PRICE, epoch: 0 };
const answered = (possiblyBilledAttempts: number): CompleteResult => ({ text: 'x', toolCalls: [], usage: { inputTokens: 10, outputTokens: 10 }, finishReason: { unified: 'stop', raw: 'stop' }, modelServed: 'm', costUsdMicros: 20, reused: false, fromFork: false, possiblyBilledAttempts });
/** The key is at its rate limit, after so many tries that may have been charged. */
const mustWait = (possiblyBilled: number) => new ActivityFailure('rate-limited', 'complete', 'a', 'IN_PROGRESS', undefined, ApplicationFailure.nonRetryable('rate-limited', 'RateLimited', { possiblyBilled }));

/** A step whose calls end as they are told; `whileWaiting` is what others of the run do meanwhile. */
function stepOf(envelope: Envelope, outcomes: (CompleteResult | Error)[], whileWaiting: () => void = () => {}) {
  const asked: CompleteRequest[] = [];
  const execute = (_options: unknown, [request]: [CompleteRequest]): Promise<CompleteResult> => {
    asked.push(request);
    const next = outcomes.shift();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next as CompleteResult);
  };
  const room = {
    stage: 'test', envelope, request: { runId: 'r', userId: 'u', slug: 's', timings: { callTimeoutMs: 1000 } },
    log: { carry: (work: (before: unknown) => unknown) => work({}) }, activities: { calls: { complete: { executeWithOptions: execute } } },
    governor: { providers: { current: target, succeeded: () => {}, afterFailure: (_target: unknown, error: Error) => Promise.reject(error) }, turns: { waitedFor: (error: unknown) => { whileWaiting(); return Promise.resolve(error instanceof ActivityFailure); } } },
  };
  return { step: new Step(room as unknown as StageRoom, 'plan', 'Plan'), asked };
}
const prompt = { messages: [{ role: 'user' as const, content: 'abc' }], maxOutputTokens: 100 }; // 9 tokens, worst 109
const caps = { outputTokens: 150, inputTokens: 1000, seconds: 60, iterations: 5, costUsdMicros: 10_000 };

describe('a call that waits for its turn after a try that may have been charged', () => {
  it('asked again as before: the try is counted once, as the ledger tells it with the answer', async () => {
    const envelope = new Envelope(caps, PRICE);
    const { step, asked } = stepOf(envelope, [mustWait(1), mustWait(1), answered(1)]);
    await step.write(prompt);
    expect(asked.map(({ ordinal, maxOutputTokens }) => [ordinal, maxOutputTokens])).toEqual([[1, 100], [1, 100], [1, 100]]);
    expect(envelope.committed().costUsdMicros).toBe(109 + 20);
  });

  it('asked for less, which the ledger knows as another request: the earlier try still counts', async () => {
    const envelope = new Envelope(caps, PRICE);
    const { step, asked } = stepOf(envelope, [mustWait(1), answered(0)], () => { envelope.settle(envelope.reserve(0, 100), { inputTokens: 0, outputTokens: 100, costUsdMicros: 0 }); });
    await step.write(prompt);
    expect(asked.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([100, 50]);
    expect(envelope.committed().costUsdMicros).toBe(109 + 20);
  });
});
