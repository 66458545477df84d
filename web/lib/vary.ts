import type { RJSFSchema } from '@rjsf/utils';
import type { WorkflowEstimateWire } from '#contracts/api/estimates.schema';
import { isVisible, type Inputs } from './schema-form';

/** Runs that differ in one input, made from a run that is there. */
export const MOST_VARIANTS = 3;
export interface VariableField { field: string; title: string; kind: 'choice' | 'number' | 'yes-no' | 'text'; options: { value: string; label: string }[] }

const propertyOf = (schema: RJSFSchema, field: string): RJSFSchema => (schema.properties?.[field] ?? {}) as RJSFSchema;

/** Inputs that one value at a time can be given for: choices, numbers, yes or no, and texts; no lists, tables or files. */
export function variableFields(schema: RJSFSchema, inputs: Inputs): VariableField[] {
  return Object.keys(schema.properties ?? {}).flatMap((field): VariableField[] => {
    const property = propertyOf(schema, field);
    const base = { field, title: property.title ?? field.replaceAll('_', ' ') };
    if (!isVisible(schema, field, inputs) || (property['x-ui'] as { widget?: string } | undefined)?.widget === 'upload') return [];
    if (Array.isArray(property.enum)) {
      const labels = (property['x-enum-labels'] ?? {}) as Record<string, string>;
      return [{ ...base, kind: 'choice', options: property.enum.map((value) => ({ value: String(value), label: labels[String(value)] ?? String(value) })) }];
    }
    if (property.type === 'integer' || property.type === 'number') return [{ ...base, kind: 'number', options: [] }];
    if (property.type === 'boolean') return [{ ...base, kind: 'yes-no', options: [{ value: 'true', label: 'yes' }, { value: 'false', label: 'no' }] }];
    return property.type === 'string' ? [{ ...base, kind: 'text', options: [] }] : [];
  });
}

/** The value as the schema takes it; undefined when the text is none (yet). */
export function valueOf({ kind }: Pick<VariableField, 'kind'>, text: string): unknown {
  if (text.trim() === '') return undefined;
  if (kind === 'number') return Number.isFinite(Number(text)) ? Number(text) : undefined;
  return kind === 'yes-no' ? text === 'true' : text;
}

/** Inputs of each variant. Empty, repeated and unchanged values make none. */
export function variantsOf(field: VariableField, texts: readonly string[], inputs: Inputs): Inputs[] {
  const values = texts.map((text) => valueOf(field, text)).filter((value) => value !== undefined && value !== inputs[field.field]);
  return [...new Set(values)].map((value) => ({ ...inputs, [field.field]: value }));
}

export interface VaryPrice { /** micro-dollars; null = a price is unknown */ expected: number | null; worst: number | null; tokens: number }

/** All variants together; null while one of them is not estimated yet. */
export function priceOf(estimates: readonly (WorkflowEstimateWire | undefined)[]): VaryPrice | null {
  if (estimates.length === 0 || estimates.some((estimate) => estimate === undefined)) return null;
  const known = estimates as WorkflowEstimateWire[];
  const sum = (pick: (estimate: WorkflowEstimateWire) => number | null): number | null => known.reduce<number | null>((total, estimate) => { const value = pick(estimate); return total === null || value === null ? null : total + value; }, 0);
  return { expected: sum((estimate) => estimate.cost_usd_micros?.expected ?? null), worst: sum((estimate) => estimate.cost_usd_micros?.worst ?? null), tokens: sum((estimate) => estimate.tokens.expected) ?? 0 };
}
