import type { Figures, Formula } from '../../steps/work-out.ts';
import { PARTS, type Part } from './sizes.ts';

/** The scorecard as formulas for the calculator: totals in per cent, each once more with one weight doubled, and money. Plain data. */
export type Weights = Record<Part, number>;
const SKILL = 'strategy/vendor-due-diligence';

/** Variables: w_<part>, s<vendor>_<part> (0 to 3), cost<vendor> ($ a year). Vendors count from 1. */
export function scoreFormulas(vendors: number, parts: readonly Part[] = PARTS): Formula[] {
  const total = (vendor: number, doubled: Part | null): string => {
    const weight = (part: Part): string => (part === doubled ? `2*w_${part}` : `w_${part}`);
    return `100 * (${parts.map((part) => `${weight(part)}*s${vendor}_${part}`).join(' + ')}) / (3 * (${parts.map(weight).join(' + ')}))`;
  };
  return Array.from({ length: vendors }, (_, index) => index + 1).flatMap((vendor) => [
    { name: `total_${vendor}`, title: 'Total', expression: total(vendor, null), unit: '%', source: SKILL },
    ...parts.map((part) => ({ name: `total_${vendor}_${part}`, title: `Total, ${part} weighs twice`, expression: total(vendor, part), unit: '%', source: SKILL })),
    { name: `three_years_${vendor}`, title: 'Three years', expression: `3 * cost${vendor}`, unit: 'USD', source: 'architecture/provider-cost-model' },
  ]);
}

export function scoreVariables(weights: Weights, scores: readonly Partial<Record<Part, number>>[], costs: readonly number[], parts: readonly Part[] = PARTS): Figures {
  return Object.fromEntries([...parts.map((part) => [`w_${part}`, weights[part]] as const), ...scores.flatMap((row, vendor) => parts.map((part) => [`s${vendor + 1}_${part}`, row[part] ?? 0] as const)), ...costs.map((cost, vendor) => [`cost${vendor + 1}`, cost] as const)]);
}

/** Weights that say something; those of the tier when everything was set to zero. */
export const usable = (weights: Weights, tier: Weights, parts: readonly Part[] = PARTS): Weights => (parts.some((part) => weights[part] > 0) ? weights : tier);

/** Vendors that may be bought first, then by total; equal totals keep the order given. @returns indexes from 0 */
export function rank(figures: Figures, stopped: readonly boolean[], suffix = ''): number[] {
  const at = (vendor: number): number => figures[`total_${vendor + 1}${suffix}`] ?? 0;
  return stopped.map((_, vendor) => vendor).toSorted((a, b) => Number(stopped[a] ?? false) - Number(stopped[b] ?? false) || at(b) - at(a) || a - b);
}

/** Parts whose doubled weight would put another vendor first. */
export const swings = (figures: Figures, stopped: readonly boolean[], parts: readonly Part[] = PARTS): Part[] => parts.filter((part) => rank(figures, stopped, `_${part}`)[0] !== rank(figures, stopped)[0]);
