import { ToolProblem } from '../tool.ts';

/** Arithmetic and nothing else: a parser of its own, so that no word of an expression can reach code.
 * sum → term (± term)*, term → unary (×÷% unary)*, unary → ± unary | power, power → atom (^ unary)? */
const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  abs: Math.abs, ceil: Math.ceil, exp: Math.exp, floor: Math.floor, ln: Math.log, log10: Math.log10, log2: Math.log2, sqrt: Math.sqrt, sign: Math.sign,
  max: Math.max, min: Math.min, pow: (base = NaN, exponent = NaN) => base ** exponent,
  round: (value = NaN, digits = 0) => Math.round(value * 10 ** digits) / 10 ** digits,
  sum: (...values) => values.reduce((total, value) => total + value, 0),
  mean: (...values) => values.reduce((total, value) => total + value, 0) / values.length,
  median: (...values) => { const sorted = values.toSorted((a, b) => a - b); const middle = sorted.length / 2; return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2; },
};
const ARITY: Readonly<Record<string, readonly [number, number]>> = { max: [1, 500], min: [1, 500], sum: [1, 500], mean: [1, 500], median: [1, 500], pow: [2, 2], round: [1, 2] };
const MAX_DEPTH = 60;

/** @throws ToolProblem `failed` that names the place, an unknown name, or a result that is no number */
export function evaluate(expression: string, names: ReadonlyMap<string, number>): number {
  const tokens = [...expression.matchAll(/\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/%^(),])|(\S))/g)];
  let at = 0;
  const fail = (why: string): never => { throw new ToolProblem('failed', `"${expression.slice(0, 80)}": ${why}`); };
  const peek = (): string | undefined => tokens[at]?.[0].trim();
  const expect = (wanted: string): void => { if (peek() !== wanted) fail(`"${wanted}" is missing ${peek() === undefined ? 'at the end' : `before "${peek()}"`}.`); at += 1; };
  const sum = (depth: number): number => {
    let value = term(depth);
    for (let sign = peek(); sign === '+' || sign === '-'; sign = peek()) { at += 1; const next = term(depth); value = sign === '+' ? value + next : value - next; }
    return value;
  };
  const term = (depth: number): number => {
    let value = unary(depth);
    for (let sign = peek(); sign === '*' || sign === '/' || sign === '%'; sign = peek()) {
      at += 1;
      const next = unary(depth);
      if (next === 0 && sign !== '*') fail('it divides by zero.');
      value = sign === '*' ? value * next : sign === '/' ? value / next : value % next;
    }
    return value;
  };
  const unary = (depth: number): number => {
    if (depth > MAX_DEPTH) fail('it is nested too deep.');
    const sign = peek();
    if (sign === '-' || sign === '+') { at += 1; const value = unary(depth + 1); return sign === '-' ? -value : value; }
    const base = atom(depth);
    if (peek() !== '^' && peek() !== '**') return base;
    at += 1;
    return base ** unary(depth + 1);
  };
  const atom = (depth: number): number => {
    const token = tokens[at];
    if (!token) return fail('something is missing at the end.');
    at += 1;
    const [, number, word, sign, odd] = token;
    if (number !== undefined) return Number(number);
    if (odd !== undefined) return fail(`"${odd}" is not part of arithmetic.`);
    if (sign === '(') { const value = sum(depth + 1); expect(')'); return value; }
    if (word === undefined) return fail(`"${sign}" cannot stand there.`);
    if (peek() === '(') return call(word, depth);
    return names.get(word) ?? fail(`there is nothing named ${word}.`);
  };
  const call = (word: string, depth: number): number => {
    if (!Object.hasOwn(FUNCTIONS, word)) fail(`there is no function ${word}.`);
    at += 1;
    const values = [sum(depth + 1)];
    while (peek() === ',') { at += 1; values.push(sum(depth + 1)); }
    expect(')');
    const [least, most] = ARITY[word] ?? [1, 1];
    if (values.length < least || values.length > most) fail(`${word} takes ${least === most ? least : `${least} to ${most}`} values.`);
    return (FUNCTIONS[word] as (...given: number[]) => number)(...values);
  };
  const value = sum(0);
  if (at < tokens.length) fail(`"${peek()}" cannot stand there.`);
  if (!Number.isFinite(value)) fail('the result is not a number that can be written down.');
  return value;
}
