import type { RunLimits } from './run-events.ts';
import type { Caps } from './workflow.ts';

/** What approvers may take off a Full run before they let it start. Plain data, safe in the sandbox. */
export const FULL_RUN_GATE = 'full-run';

/** The caps that approvers are shown and may go below; money in micro-dollars, null = none was set. */
export type AskedCaps = Pick<Caps, 'outputTokens' | 'seconds' | 'costUsdMicros'>;

const KEYS = ['cost_usd_micros', 'output_tokens', 'seconds'] as const satisfies readonly (keyof RunLimits)[];
export type LimitKey = (typeof KEYS)[number];

/** The least of what several people granted; what nobody limited is absent. */
export function leastLimits(granted: readonly (RunLimits | null | undefined)[]): RunLimits {
  const least: RunLimits = {};
  for (const key of KEYS) {
    const values = granted.flatMap((limits) => (limits?.[key] === undefined ? [] : [limits[key]]));
    if (values.length > 0) least[key] = Math.min(...values);
  }
  return least;
}

/** The caps with what was granted below them; never above. */
export function loweredCaps(caps: Caps, { cost_usd_micros: cost, output_tokens: tokens, seconds }: RunLimits): Caps {
  return {
    ...caps, outputTokens: Math.min(caps.outputTokens, tokens ?? Infinity), seconds: Math.min(caps.seconds, seconds ?? Infinity),
    costUsdMicros: cost === undefined ? caps.costUsdMicros : Math.min(caps.costUsdMicros ?? Infinity, cost),
  };
}

/** Limits that are not below what was asked for, with the most that would be. */
export function notLower(asked: AskedCaps, limits: RunLimits): { key: LimitKey; asked: number }[] {
  const of: Record<LimitKey, number | null> = { cost_usd_micros: asked.costUsdMicros, output_tokens: asked.outputTokens, seconds: asked.seconds };
  return KEYS.flatMap((key) => {
    const [most, value] = [of[key], limits[key]];
    return value !== undefined && most !== null && value >= most ? [{ key, asked: most }] : [];
  });
}

export const hasLimits = (limits: RunLimits | null | undefined): limits is RunLimits => KEYS.some((key) => limits?.[key] !== undefined);
