import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';

/** Conditions that people write, in a language that ends by construction: the Common Expression Language has no loop and no
 * assignment. Only the functions below may be called, lists are walked at most once inside each other, and nothing depends on
 * clock, place or chance: safe and equal in API and sandbox. Patterns: patterns.ts. */
const LIMITS = { maxAstNodes: 150, maxDepth: 16, maxListElements: 50, maxMapEntries: 20, maxCallArguments: 6 };
export const MAX_EXPRESSION_CHARACTERS = 1_000;
/** A list that expressions walk. */
const MAX_WALKED = 1_000;
const WALKS = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
const FUNCTIONS = new Set([...WALKS, 'has', 'size', 'contains', 'startsWith', 'endsWith', 'lowerAscii', 'upperAscii', 'trim', 'int', 'double', 'string', 'bool']);
/** Words of the language: no variable can have these names. */
export const EXPRESSION_WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while', 'bool', 'bytes', 'double', 'dyn', 'int', 'list', 'map', 'string', 'type', 'uint', 'null_type', 'timestamp', 'duration', 'optional', 'google', 'constructor', 'prototype', '__proto__']);

export interface ExpressionFacts { names: string[]; /** the same whatever the values are; undefined = it depends */ constant: boolean | undefined }
export class ExpressionProblem extends Error {}

/** Whole numbers are integers there: together with decimals they count as decimals. */
function environment(): Environment {
  const env = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, limits: LIMITS });
  const sums: Record<string, (left: number, right: number) => number> = { '+': (left, right) => left + right, '-': (left, right) => left - right, '*': (left, right) => left * right, '/': (left, right) => left / right };
  for (const [sign, work] of Object.entries(sums)) {
    env.registerOperator(`double ${sign} int`, (left: number, right: bigint) => work(left, Number(right)));
    env.registerOperator(`int ${sign} double`, (left: bigint, right: number) => work(Number(left), right));
  }
  return env;
}

/** @returns the names it needs @throws ExpressionProblem in words, with the place */
export function readExpression(text: string): ExpressionFacts {
  if (text.length > MAX_EXPRESSION_CHARACTERS) throw new ExpressionProblem(`is longer than ${MAX_EXPRESSION_CHARACTERS} characters`);
  const names = new Set<string>();
  try {
    const { ast } = environment().parse(text);
    walk(ast, new Set(), 0, names);
  } catch (error) {
    if (error instanceof ExpressionProblem) throw error;
    const at = error instanceof ParseError && error.range ? ` at character ${error.range.start + 1}` : '';
    throw new ExpressionProblem(`cannot be read${at}: ${error instanceof ParseError ? error.summary : 'not an expression'}`);
  }
  return { names: [...names], constant: names.size === 0 ? safely(() => evaluate(text, {}) === true) : undefined };
}

function safely(work: () => boolean): boolean | undefined {
  try { return work(); } catch { return undefined; }
}

function walk(node: ASTNode, local: ReadonlySet<string>, walks: number, names: Set<string>): void {
  if (node.op === 'id') { if (!local.has(node.args)) names.add(node.args); return; }
  if (node.op === 'value') return;
  if (node.op === 'call' || node.op === 'rcall') {
    const name = node.args[0];
    if (!FUNCTIONS.has(name)) throw new ExpressionProblem(`calls ${name.slice(0, 40)}, which is not there; there are ${[...FUNCTIONS].join(', ')}`);
    if (node.op === 'rcall') {
      const [, target, args] = node.args;
      walk(target, local, walks, names);
      const inside = WALKS.has(name);
      if (inside && walks > 0) throw new ExpressionProblem('walks through a list inside of another walk; make the inner one a step of its own');
      const variable = inside && args[0]?.op === 'id' ? args[0].args : null;
      for (const arg of variable === null ? args : args.slice(1)) walk(arg, variable === null ? local : new Set([...local, variable]), walks + (inside ? 1 : 0), names);
      return;
    }
    for (const arg of node.args[1]) walk(arg, local, walks, names);
    return;
  }
  for (const child of nodesIn(node.args)) walk(child, local, walks, names);
}

function nodesIn(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  return args !== null && typeof args === 'object' && 'op' in args ? [args as ASTNode] : [];
}

/** @param names  values by name, plain JSON @throws ExpressionProblem when it does not work out with these values */
export function evaluate(text: string, names: Readonly<Record<string, unknown>>): unknown {
  try {
    const given = new Size(MOST_GIVEN);
    // Only what the expression can name: the texts of all earlier steps would be copied for each one otherwise.
    const named = Object.fromEntries(Object.entries(names).filter(([name]) => text.includes(name)).map(([name, value]) => [name, toCel(value, 1, given)]));
    return fromCel(environment().parse(text)(named) as unknown, new Size(MOST_MADE));
  } catch (error) {
    if (error instanceof ExpressionProblem) throw error;
    throw new ExpressionProblem(error instanceof Error && 'summary' in error ? String(error.summary) : 'it could not be worked out');
  }
}

/** What goes into an expression and what comes out is bounded: each step may double what the one before it made, and the next may
 * hold that fifty times. */
const MOST_GIVEN = { parts: 100_000, characters: 2_000_000, what: 'the values are too big for an expression' };
const MOST_MADE = { parts: 20_000, characters: 100_000, what: 'what it makes is too big' };

class Size {
  #parts = 0;
  #characters = 0;
  readonly #most: typeof MOST_GIVEN;

  constructor(most: typeof MOST_GIVEN) {
    this.#most = most;
  }

  add(value: unknown): void {
    this.#parts += 1;
    if (typeof value === 'string') this.#characters += value.length;
    if (this.#parts > this.#most.parts || this.#characters > this.#most.characters) throw new ExpressionProblem(this.#most.what);
  }
}

function toCel(value: unknown, depth: number, size: Size): unknown {
  size.add(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value !== 'object' || depth > 12) return typeof value === 'object' ? null : value ?? null;
  if (Array.isArray(value)) {
    if (value.length > MAX_WALKED) throw new ExpressionProblem(`a list of ${value.length} items is longer than the ${MAX_WALKED} that an expression takes`);
    return value.map((item) => toCel(item, depth + 1, size));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCel(item, depth + 1, size)]));
}

function fromCel(value: unknown, size: Size): unknown {
  size.add(value);
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map((item) => fromCel(item, size));
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), fromCel(item, size)]));
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromCel(item, size)])) : value;
}
