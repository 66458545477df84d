import type { Caps, Timings } from '#contracts/workflow';
import type { Config } from '#platform/config';

/** Temporal's own limit of tries; an error class ends earlier by the error table (activities/failures.ts). */
const POLICY_ATTEMPTS = 10;

/** The caps a run starts with, from configuration. */
export function capsOf(config: Config): { test: Caps; full: Caps } {
  return {
    test: { outputTokens: config.TEST_RUN_MAX_TOKENS, inputTokens: config.TEST_RUN_MAX_INPUT_TOKENS, seconds: config.TEST_RUN_MAX_RUNTIME_SECONDS, iterations: config.TEST_RUN_MAX_ITERATIONS, costUsdMicros: null },
    full: { outputTokens: config.AWP_FULL_RUN_MAX_OUTPUT_TOKENS, inputTokens: config.AWP_FULL_RUN_MAX_INPUT_TOKENS, seconds: config.AWP_FULL_RUN_MAX_SECONDS, iterations: config.AWP_FULL_RUN_MAX_ITERATIONS, costUsdMicros: null },
  };
}

export function timingsOf(config: Config): Timings {
  return { callTimeoutMs: config.AWP_CALL_TIMEOUT_MS, pingTimeoutMs: config.AWP_PING_TIMEOUT_MS, heartbeatTimeoutMs: config.AWP_HEARTBEAT_TIMEOUT_MS, retryBaseMs: config.AWP_RETRY_BASE_MS, attempts: POLICY_ATTEMPTS };
}
