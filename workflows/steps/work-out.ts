import type { CalculateData } from '#contracts/data-tools';
import type { Step } from '../stages/step.ts';

/** Figures from formulas: each stands once, as the calculator takes it, with its unit and the skill that it comes from; the files
 * show the same text. The workflow decides by the results and computes nothing a second time. */
export interface Formula { name: string; /** what it says, for a person */ title: string; /** in the calculator's grammar; earlier names may be used */ expression: string; unit: string; /** id of a skill */ source: string }
export type Figures = Readonly<Record<string, number>>;

/** @returns the figures by name, or null with the reason in the step's story */
export async function workOut(step: Step, formulas: readonly Formula[], variables: Figures): Promise<Figures | null> {
  const result = await step.tool('calculate', { expressions: formulas.map(({ name, expression }) => ({ name, expression })), variables });
  if (result.outcome !== 'ok' || !result.data) {
    step.summarise(`The figures could not be worked out: ${result.summary}`);
    return null;
  }
  return Object.fromEntries((result.data as CalculateData).results.map(({ name, value }) => [name ?? '', value]));
}

/** A figure as a person reads it: thousands apart, as many decimals as matter. */
export function readable(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '—';
  const [whole = '0', part] = (Math.abs(value) >= 100 ? Math.abs(value).toFixed(0) : String(Number(Math.abs(value).toPrecision(3)))).split('.');
  if (whole.includes('e')) return String(value);
  return `${value < 0 ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${part === undefined ? '' : `.${part}`}`;
}

/** @param hours  as a person says it: minutes, hours or days */
export function duration(hours: number | undefined): string {
  if (hours === undefined || !Number.isFinite(hours)) return '—';
  return hours < 1 ? `${readable(hours * 60)} minutes` : hours < 72 ? `${readable(hours)} hours` : `${readable(hours / 24)} days`;
}
export const money = (usd: number | undefined): string => (usd === undefined || !Number.isFinite(usd) ? '—' : usd >= 100 ? `$${readable(usd)}` : `$${usd.toFixed(2)}`);
