import { Validator } from '@cfworker/json-schema';
import { evaluate, ExpressionProblem } from '#contracts/own/expressions';
import { PatternTooCostly, type PatternWork } from '#contracts/own/patterns';
import type { TransformStep, ValidateRule } from '#contracts/own/definition';
import { parsePath, valueAt } from '#contracts/own/templates';
import { isToolValue, rendered, shown, type Values } from './values.ts';

/** Steps that only work on what is there: no activity, no clock. */
export class StepProblem extends Error {}

export function transformed(step: TransformStep, values: Values, patterns: PatternWork): unknown {
  const source = step.source === undefined ? undefined : values.at(step.source);
  switch (step.operation) {
    case 'extract': return source ?? null;
    case 'json_path': return valueAt(isText(source) ? parsedJson(source) : source, parsePath(`it.${step.path ?? ''}`.replace('it.[', 'it['))?.slice(1) ?? []) ?? null;
    case 'template': return rendered(step.template ?? '', values);
    case 'regex': {
      const found = matches(patterns, step.pattern ?? '', shown(source), step.group);
      return step.all ? found : (found[0] ?? null);
    }
    case 'pick': return Array.isArray(source) ? source.map((item) => picked(item, step.fields ?? [])) : picked(source, step.fields ?? []);
    case 'join': return joined((Array.isArray(source) ? source : [source]).map(shown), step.separator ?? '\n\n');
    case 'expression': return worked(step.expression ?? '', values);
  }
}

/** A join of what joins made grows fifty-fold with each map around it. */
const MOST_JOINED_CHARACTERS = 400_000;

function joined(texts: readonly string[], separator: string): string {
  const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
  if (length > MOST_JOINED_CHARACTERS) throw new StepProblem(`The texts to join have ${length.toLocaleString('en-US')} characters together; at most ${MOST_JOINED_CHARACTERS.toLocaleString('en-US')} are joined.`);
  return texts.join(separator);
}

const isText = (value: unknown): value is string => typeof value === 'string';

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\s*```(?:json)?\s*|\s*```\s*$/g, '')) as unknown;
  } catch {
    throw new StepProblem('The text is not JSON, so nothing can be taken out of it by a path.');
  }
}

function picked(value: unknown, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, valueAt(value, parsePath(field) ?? []) ?? null]));
}

/** @throws StepProblem in words when the values do not fit the expression */
export function worked(expression: string, values: Values): unknown {
  try {
    const names = Object.fromEntries(Object.entries(values.all()).map(([name, value]) => [name, isToolValue(value) ? { ...value } : value ?? null]));
    return evaluate(expression, names);
  } catch (error) {
    if (error instanceof ExpressionProblem) throw new StepProblem(`"${expression.slice(0, 120)}" does not work out with these values: ${error.message}.`);
    throw error;
  }
}

/** @throws StepProblem when the patterns of the run had too much work */
function matches(patterns: PatternWork, pattern: string, text: string, group?: number): string[] {
  try {
    return patterns.matches(pattern, text, group);
  } catch (error) {
    if (error instanceof PatternTooCostly) throw new StepProblem(`${pattern.slice(0, 120)}: ${error.message}.`);
    throw error;
  }
}

/** Why a rule does not hold; null when it does. */
export function broken(rule: ValidateRule, value: unknown, name: string, patterns: PatternWork): string | null {
  const text = shown(value);
  const words = (say: string): string => rule.message ?? `${name} ${say}`;
  switch (rule.rule) {
    case 'not_empty': return text.trim() === '' || (Array.isArray(value) && value.length === 0) ? words('is empty') : null;
    case 'min_length': return lengthOf(value, text) < rule.value ? words(`has ${lengthOf(value, text)} ${unit(value)}; at least ${rule.value} are needed`) : null;
    case 'max_length': return lengthOf(value, text) > rule.value ? words(`has ${lengthOf(value, text)} ${unit(value)}; at most ${rule.value} are allowed`) : null;
    case 'regex': return matches(patterns, rule.pattern, text).length === 0 ? words(`does not match ${rule.pattern}`) : null;
    case 'number_range': {
      const number = typeof value === 'number' ? value : Number(text.trim() === '' ? Number.NaN : text);
      if (!Number.isFinite(number)) return words('is not a number');
      return number < (rule.min ?? -Infinity) || number > (rule.max ?? Infinity) ? words(`is ${number}, outside ${rule.min ?? '…'} to ${rule.max ?? '…'}`) : null;
    }
    case 'json_schema': {
      const looked = isText(value) && rule.schema['type'] !== 'string' ? parsedOr(value) : value;
      if (JSON.stringify(rule.schema).includes('"uniqueItems"') && comparisons(looked) > MOST_COMPARISONS) return words('has lists that are too long to be compared item by item (uniqueItems)');
      const result = new Validator(rule.schema, '2020-12', true).validate(looked);
      const [first] = result.errors.toReversed();
      return result.valid ? null : words(`does not fit its schema${first ? ` at ${first.instanceLocation}: ${first.error}` : ''}`);
    }
  }
}

const lengthOf = (value: unknown, text: string): number => (Array.isArray(value) ? value.length : text.trim().length);
const unit = (value: unknown): string => (Array.isArray(value) ? 'items' : 'characters');

function parsedOr(text: string): unknown {
  try { return parsedJson(text); } catch { return text; }
}

/** Each item with each other one: a list of 2,000 is looked at, one of 50,000 would hold the worker's thread for minutes. */
const MOST_COMPARISONS = 4_000_000;

function comparisons(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  const inner = Object.values(value);
  return (Array.isArray(value) ? value.length ** 2 : 0) + inner.reduce((sum: number, each) => sum + comparisons(each), 0);
}
