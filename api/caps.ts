import type { BudgetBodyWire } from '#contracts/api/governance.schema';
import { POLICY_ATTEMPTS } from '#contracts/limits';
import type { RunMode } from '#contracts/runs';
import type { Caps, Timings } from '#contracts/workflow';
import { invalidField } from '#platform/coded-error';
import type { Config } from '#platform/config';

const lower = (cap: number, own: number | undefined): number => Math.min(cap, own ?? cap);

/** The caps a run starts with, from configuration and what the person set below it. @param budget  money of all stages together */
export function capsOf(config: Config, budget: BudgetBodyWire = {}): { test: Caps; full: Caps } {
  const costUsdMicros = budget.cost_usd_micros ?? null;
  return {
    test: { outputTokens: lower(config.TEST_RUN_MAX_TOKENS, budget.output_tokens), inputTokens: config.TEST_RUN_MAX_INPUT_TOKENS, seconds: lower(config.TEST_RUN_MAX_RUNTIME_SECONDS, budget.seconds), iterations: config.TEST_RUN_MAX_ITERATIONS, costUsdMicros },
    full: { outputTokens: lower(config.AWP_FULL_RUN_MAX_OUTPUT_TOKENS, budget.output_tokens), inputTokens: config.AWP_FULL_RUN_MAX_INPUT_TOKENS, seconds: lower(config.AWP_FULL_RUN_MAX_SECONDS, budget.seconds), iterations: config.AWP_FULL_RUN_MAX_ITERATIONS, costUsdMicros },
  };
}

/** @throws CodedError InvalidInput naming the limit that is above what the platform allows in the run's last stage */
export function checkBudget(config: Config, mode: RunMode, budget: BudgetBodyWire | undefined): void {
  const caps = capsOf(config)[mode === 'full_run' ? 'full' : 'test'];
  const most = { output_tokens: caps.outputTokens, seconds: caps.seconds };
  for (const name of ['output_tokens', 'seconds'] as const) {
    if ((budget?.[name] ?? 0) > most[name]) throw invalidField(`#/budget/${name}`, `must be at most ${most[name]}`, 'The administrator sets how far a run may go.');
  }
}

export function timingsOf(config: Config): Timings {
  return {
    callTimeoutMs: config.AWP_CALL_TIMEOUT_MS, pingTimeoutMs: config.AWP_PING_TIMEOUT_MS, heartbeatTimeoutMs: config.AWP_HEARTBEAT_TIMEOUT_MS, retryBaseMs: config.AWP_RETRY_BASE_MS, attempts: POLICY_ATTEMPTS,
    budgetWaitMs: config.AWP_BUDGET_WAIT_SECONDS * 1000, outageWaitMs: config.AWP_OUTAGE_WAIT_SECONDS * 1000, gateWaitMs: config.AWP_APPROVAL_WAIT_SECONDS * 1000, ...(config.AWP_REMIND_AFTER > 0 ? { remindAfter: config.AWP_REMIND_AFTER } : {}),
  };
}
