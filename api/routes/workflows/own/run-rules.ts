import type { BudgetBodyWire } from '#contracts/api/governance.schema';
import type { OwnDefinition, OwnSnapshot } from '#contracts/own/definition';
import type { RunMode } from '#contracts/runs';
import { invalidField } from '#platform/coded-error';

/** @throws CodedError InvalidInput when the definition's policy leaves this mode out */
export function requireMode(own: OwnSnapshot | null, mode: RunMode): void {
  const modes = own?.definition.policy.modes;
  if (modes && !modes.includes(mode)) throw invalidField('#/run_mode', `is not one of the modes that this workflow allows: ${modes.join(', ')}`);
}

/** The caps of the definition's policy, where they are below what the person set. Money only where a price is known. */
export function withOwnCaps({ policy: { caps } }: OwnDefinition, budget: BudgetBodyWire | undefined, hasPrice: boolean): BudgetBodyWire | undefined {
  const lower = (own: number | undefined, set: number | undefined): number | undefined => (own === undefined ? set : Math.min(own, set ?? own));
  const result = { output_tokens: lower(caps.output_tokens, budget?.output_tokens), seconds: lower(caps.seconds, budget?.seconds), cost_usd_micros: hasPrice ? lower(caps.cost_usd_micros, budget?.cost_usd_micros) : budget?.cost_usd_micros };
  const set = Object.entries(result).filter(([, value]) => value !== undefined);
  return set.length > 0 ? { ...budget, ...Object.fromEntries(set) } : budget;
}
