import { makeGrpcRetryInterceptor, type GrpcRetryOptions } from '@temporalio/client';

/** The vendor's retries of calls to Temporal, which can be ended: a retry that waits when the connection is closed would begin its call
 * on a channel that is shut, and that throws in a timer, where nobody can catch it.
 * @returns `end`: from here on nothing is tried again; resolves when the last waiting retry has begun, after which the connection may close */
export function closableRetries({ retryableDecider, delayFunction }: GrpcRetryOptions): { interceptor: ReturnType<typeof makeGrpcRetryInterceptor>; end: () => Promise<void> } {
  let ended = false;
  let lastBegins = 0;
  return {
    interceptor: makeGrpcRetryInterceptor({
      retryableDecider: (attempt, status) => !ended && retryableDecider(attempt, status),
      delayFunction(attempt, status) {
        const delayMs = delayFunction(attempt, status);
        lastBegins = Math.max(lastBegins, performance.now() + delayMs);
        return delayMs;
      },
    }),
    async end() {
      ended = true;
      // One turn of the clock more: timers of the same moment run in the order they were set.
      const waitMs = lastBegins - performance.now();
      if (waitMs > 0) await new Promise((resolve) => { setTimeout(resolve, Math.ceil(waitMs) + 1); });
    },
  };
}
