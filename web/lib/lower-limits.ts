import type { ApprovalWire } from '#contracts/api/governance.schema';
import type { LimitKey } from '#contracts/granted-limits';
import type { RunLimits } from '#contracts/run-events';
import { parseDollars } from './budget';
import { formatBudget, formatTokens } from './format';

/** Limits below what a Full run asks for, as an approver types them. */
export type LowerFields = Record<LimitKey, string>;
export const NOTHING_LOWER: LowerFields = { cost_usd_micros: '', output_tokens: '', seconds: '' };
type Asked = NonNullable<ApprovalWire['asked_limits']>;

const LEAST = { output_tokens: 16, seconds: 5 } as const;
const MAX_USD_MICROS = 1_000_000_000;

/** @returns what is typed and fits; with errors nothing is sent */
export function readLower(asked: Asked, fields: LowerFields): { limits: RunLimits; errors: Partial<LowerFields> } {
  const limits: RunLimits = {};
  const errors: Partial<LowerFields> = {};
  if (fields.cost_usd_micros.trim() !== '') {
    const micros = parseDollars(fields.cost_usd_micros);
    const below = asked.cost_usd_micros ?? MAX_USD_MICROS + 1;
    if (micros !== null && micros < below) limits.cost_usd_micros = micros;
    else errors.cost_usd_micros = `Write an amount in dollars ${asked.cost_usd_micros === null ? `up to ${MAX_USD_MICROS / 1_000_000}` : `below ${formatBudget(below)}`}, for example 0.10`;
  }
  for (const key of ['output_tokens', 'seconds'] as const) {
    const text = fields[key].trim();
    if (text === '') continue;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= LEAST[key] && value < asked[key]) limits[key] = value;
    else errors[key] = `Write a whole number from ${LEAST[key]} to ${asked[key] - 1}`;
  }
  return { limits, errors };
}

/** `at most $0.10, 900 tokens, 60 s`; empty where nothing was set */
export function limitWords({ cost_usd_micros: cost, output_tokens: tokens, seconds }: RunLimits): string {
  const words = [cost === undefined ? null : formatBudget(cost), tokens === undefined ? null : `${formatTokens(tokens)} tokens`, seconds === undefined ? null : `${seconds} s`].filter((word) => word !== null);
  return words.length > 0 ? `at most ${words.join(', ')}` : '';
}
