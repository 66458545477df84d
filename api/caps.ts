import type { Caps, Timings } from '#contracts/workflow';
import type { Config } from '#platform/config';

/** Temporal's own limit of tries; an error class ends earlier by the error table (activities/failures.ts). */
const POLICY_ATTEMPTS = 10;

/** The caps a run starts with, from configuration. @param costUsdMicros the run's budget, all stages together */
export function capsOf(config: Config, costUsdMicros: number | null = null): { test: Caps; full: Caps } {
  return {
    test: { outputTokens: config.TEST_RUN_MAX_TOKENS, inputTokens: config.TEST_RUN_MAX_INPUT_TOKENS, seconds: config.TEST_RUN_MAX_RUNTIME_SECONDS, iterations: config.TEST_RUN_MAX_ITERATIONS, costUsdMicros },
    full: { outputTokens: config.AWP_FULL_RUN_MAX_OUTPUT_TOKENS, inputTokens: config.AWP_FULL_RUN_MAX_INPUT_TOKENS, seconds: config.AWP_FULL_RUN_MAX_SECONDS, iterations: config.AWP_FULL_RUN_MAX_ITERATIONS, costUsdMicros },
  };
}

export function timingsOf(config: Config): Timings {
  return {
    callTimeoutMs: config.AWP_CALL_TIMEOUT_MS, pingTimeoutMs: config.AWP_PING_TIMEOUT_MS, heartbeatTimeoutMs: config.AWP_HEARTBEAT_TIMEOUT_MS, retryBaseMs: config.AWP_RETRY_BASE_MS, attempts: POLICY_ATTEMPTS,
    budgetWaitMs: config.AWP_BUDGET_WAIT_SECONDS * 1000, outageWaitMs: config.AWP_OUTAGE_WAIT_SECONDS * 1000, gateWaitMs: config.AWP_APPROVAL_WAIT_SECONDS * 1000,
  };
}
