import type { RunBodyWire } from '#contracts/api/runs.schema';
import { parseDollars } from './budget';
import { formatBudget, formatCount, formatTokens } from './format';
import { modelProblem } from './model-choices';
import type { ProviderWire, WorkflowDetailWire } from './queries';
import { whyNot } from './provider-choice';
import type { FieldErrors } from './schema-form';

/** What a person sets for one run beyond its inputs: own caps, as typed, and who may stand in when the provider is away. */
export interface RunLimits { money: string; tokens: string; seconds: string; fallback: readonly { provider: string; model: string }[] }
export const NO_LIMITS: RunLimits = { money: '', tokens: '', seconds: '', fallback: [] };
type Mode = WorkflowDetailWire['modes'][number];
type Sent = Pick<RunBodyWire, 'budget' | 'fallback'>;

const MAX_DOLLARS = 1000;
export const MAX_LINKS = 5;

function wholeNumber(text: string, least: number, most: number): number | null {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

/** Reads the fields. Errors stand under the name of their field in the request: `budget.seconds`, `fallback.0.model`.
 * @param caps  the platform's own, of the mode that was chosen; null for Validate, which buys nothing */
export function readLimits(limits: RunLimits, caps: Mode['caps']): { body: Sent; errors: FieldErrors } {
  if (!caps) return { body: {}, errors: {} };
  const errors: FieldErrors = {};
  const budget: NonNullable<Sent['budget']> = {};
  if (limits.money.trim() !== '') {
    const micros = parseDollars(limits.money);
    if (micros !== null && micros <= MAX_DOLLARS * 1_000_000) budget.cost_usd_micros = micros;
    else errors['budget.cost_usd_micros'] = `Write an amount in dollars up to ${MAX_DOLLARS}, for example 0.50`;
  }
  for (const [field, text, least, most] of [['output_tokens', limits.tokens, 16, caps.output_tokens], ['seconds', limits.seconds, 5, caps.seconds]] as const) {
    if (text.trim() === '') continue;
    const value = wholeNumber(text, least, most);
    if (value === null) errors[`budget.${field}`] = `Write a whole number from ${least} to ${most}`;
    else budget[field] = value;
  }
  limits.fallback.forEach(({ model }, index) => { const problem = model === '' ? null : modelProblem(model); if (problem) errors[`fallback.${index}.model`] = problem; });
  const fallback = limits.fallback.map(({ provider, model }) => ({ provider: provider as ProviderWire['provider'], ...(model ? { model } : {}) }));
  return { body: { ...(Object.keys(budget).length > 0 ? { budget } : {}), ...(fallback.length > 0 ? { fallback } : {}) }, errors };
}

/** A mode with the caps it will have, so that every figure on the page is that of this run. */
export function limitedMode(mode: Mode, { budget }: Sent): Mode {
  if (!mode.caps || !budget) return mode;
  const { caps } = mode;
  return { ...mode, caps: { ...caps, cost_usd_micros: budget.cost_usd_micros ?? caps.cost_usd_micros, output_tokens: Math.min(caps.output_tokens, budget.output_tokens ?? Infinity), seconds: Math.min(caps.seconds, budget.seconds ?? Infinity) } };
}

/** `#/fallback/0/model` → `fallback.0.model`; a complaint about the budget as a whole belongs to its money. */
export function limitErrors(errors: readonly { pointer: string; detail: string }[]): FieldErrors {
  return Object.fromEntries(errors.flatMap(({ pointer, detail }) => {
    const path = pointer.replace(/^#\//, '').split('/');
    if (path[0] !== 'budget' && path[0] !== 'fallback') return [];
    return [[path.length > 1 ? path.join('.') : path[0] === 'budget' ? 'budget.cost_usd_micros' : 'fallback', detail]];
  }));
}

const TITLES: Record<string, string> = { 'budget.cost_usd_micros': 'Money', 'budget.output_tokens': 'Output tokens', 'budget.seconds': 'Seconds', fallback: 'Stand-ins' };
export const limitTitle = (field: string): string => TITLES[field] ?? field.replace(/^fallback\.(\d+)\.(\w+)$/, (_, index: string, part: string) => `Stand-in ${Number(index) + 1}, ${part}`);
export const isLimitField = (field: string): boolean => field.startsWith('budget') || field.startsWith('fallback');

/** Who can stand in: another vendor with a key that works, not yet in the chain. Those that cannot stay, with the reason. */
export function standIns(providers: readonly ProviderWire[], primary: string | undefined, taken: readonly string[]): { provider: ProviderWire; reason: string | null }[] {
  return providers.filter((other) => !other.simulated && other.provider !== primary && !taken.includes(other.provider))
    .map((provider) => ({ provider, reason: whyNot(provider) ?? (provider.test_status === 'failed' ? 'The last key test failed' : null) }));
}

/** What is set, in one line. */
export function limitsInWords({ budget, fallback = [] }: Sent): string {
  return [
    budget?.cost_usd_micros === undefined ? null : formatBudget(budget.cost_usd_micros), budget?.output_tokens === undefined ? null : `${formatTokens(budget.output_tokens)} tokens`, budget?.seconds === undefined ? null : `${budget.seconds} s`,
    fallback.length > 0 ? formatCount(fallback.length, 'stand-in') : null,
  ].filter((part) => part !== null).join(', ') || 'none of your own';
}
