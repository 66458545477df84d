import { Validator } from '@cfworker/json-schema';
import { isMap, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';
import type { ConfigProblem } from '#contracts/data-tools';
import { SCHEMAS } from './schemas.ts';

type SchemaName = keyof typeof SCHEMAS;
const MAX_PROBLEMS = 60;

/** Parses YAML or JSON and holds it against a schema. @returns problems with their lines, most important first */
export function lint(format: 'yaml' | 'json', text: string, schema: SchemaName | undefined): { problems: ConfigProblem[]; keys: string[] } {
  const lines = new LineCounter();
  const problems: ConfigProblem[] = [];
  const add = (at: number, severity: ConfigProblem['severity'], path: string, message: string): void => {
    const { line, col } = lines.linePos(Math.max(0, Math.min(at, text.length)));
    problems.push({ line: Math.max(1, line), column: Math.max(1, col), severity, path, message });
  };
  if (format === 'json') {
    const wrong = jsonProblem(text);
    if (wrong) { const { at, message } = wrong; const before = text.slice(0, at); return { problems: [{ line: before.split('\n').length, column: at - before.lastIndexOf('\n'), severity: 'error', path: '', message }], keys: [] }; }
  }
  let document: Document;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, ...(format === 'json' ? { schema: 'json' } : {}) });
    for (const error of document.errors) add(error.pos[0], 'error', '', error.message);
    if (problems.length > 0) return { problems: problems.slice(0, MAX_PROBLEMS), keys: [] };
    for (const warning of document.warnings) add(warning.pos[0], 'warning', '', warning.message);
    value = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    return { problems: [{ line: 1, column: 1, severity: 'error', path: '', message: error instanceof RangeError ? 'It is nested too deep.' : (error as Error).message.split('\n')[0] ?? 'It cannot be read.' }], keys: [] };
  }
  const placeOf = (path: readonly string[]): number => nodeAt(document, path)?.range?.[0] ?? 0;
  if (format === 'yaml') for (const { at, source } of dottedNumbers(document)) add(at, 'warning', '', `Many readers (YAML 1.1, PyYAML) take ${source} for text, because it has no dot. Write ${source.replace(/e/i, '.0e')}.`);
  if (schema) {
    const { errors } = new Validator(SCHEMAS[schema], '2020-12', false).validate(value);
    for (const error of leaves(errors)) { const path = segments(error.instanceLocation); add(placeOf(path), 'error', pointer(path), wordsOf(error, path)); }
    for (const unknown of unknownKeys(value, SCHEMAS[schema])) add(placeOf(unknown.path), 'warning', pointer(unknown.path), unknown.message);
    if (schema === 'finetune') for (const { key, message } of finetuneAdvice(value as Record<string, unknown>)) add(placeOf([key]), 'warning', `/${key}`, message);
  }
  const order = { error: 0, warning: 1 };
  return { problems: problems.toSorted((a, b) => order[a.severity] - order[b.severity] || a.line - b.line).slice(0, MAX_PROBLEMS), keys: typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value).slice(0, 100) : [] };
}

function jsonProblem(text: string): { at: number; message: string } | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const { message } = error as Error;
    const position = /position (\d+)/.exec(message)?.[1];
    return { at: position === undefined ? text.length : Number(position), message: message.replace(/ in JSON at position.*| \(line \d.*/s, '').replace(/,? ?"[\s\S]*" is not valid JSON/, ' is not valid JSON').slice(0, 200) };
  }
}

const segments = (location: string): string[] => location.replace(/^#\/?/, '').split('/').filter((part) => part !== '').map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
const pointer = (path: readonly string[]): string => path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The key's own node where there is one: a problem is shown where its name stands. */
function nodeAt(document: Document, path: readonly string[]): Node | null {
  const parent = path.length === 0 ? null : (path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true));
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1));
    if (pair && isScalar(pair.key)) return pair.key;
  }
  const found = path.length === 0 ? document.contents : document.getIn(path.map((part) => (/^\d+$/.test(part) ? Number(part) : part)), true);
  return (found as Node | null | undefined) ?? null;
}

interface SchemaError { keyword: string; instanceLocation: string; keywordLocation: string; error: string }

/** The errors at the ends of the tree: what stands above only says that something below is wrong. */
function leaves(errors: readonly SchemaError[]): SchemaError[] {
  const own = errors.filter(({ keyword }) => !['properties', 'items', 'additionalProperties', '$ref', 'allOf'].includes(keyword));
  // Of the branches of an anyOf one sentence is enough.
  return own.filter(({ keywordLocation }) => !/\/(anyOf|oneOf)\/\d+/.test(keywordLocation));
}

function wordsOf(error: SchemaError, path: readonly string[]): string {
  const field = path.at(-1) ?? 'the file';
  if (error.keyword === 'anyOf') return `${field} fits none of the forms that are allowed here; a required field may be missing.`;
  return `${field}: ${error.error.replace(/^Instance /, '').replace(/"#[^"]*" /, '')}`.replace(/\s+/g, ' ').slice(0, 300);
}

/** Keys that the schema does not know, where it lists the ones it does; with the nearest one it knows. */
function unknownKeys(value: unknown, schema: Record<string, unknown>, path: string[] = []): { path: string[]; message: string }[] {
  if (path.length > 8) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => (schema['items'] ? unknownKeys(item, schema['items'] as Record<string, unknown>, [...path, String(index)]) : []));
  if (typeof value !== 'object' || value === null) return [];
  const known = schema['properties'] as Record<string, Record<string, unknown>> | undefined;
  const others = schema['additionalProperties'] as Record<string, unknown> | undefined;
  return Object.entries(value).flatMap(([key, child]) => {
    const at = [...path, key];
    if (known && Object.hasOwn(known, key)) return unknownKeys(child, known[key] as Record<string, unknown>, at);
    if (others && !others['$ref']) return unknownKeys(child, others, at);
    if (!known || key.startsWith('x-') || schema['$id']) return [];
    const near = Object.keys(known).map((candidate) => ({ candidate, edits: distance(candidate, key) })).filter(({ edits }) => edits <= 2).toSorted((a, b) => a.edits - b.edits)[0]?.candidate;
    return [{ path: at, message: `${key} is not a field this check knows.${near ? ` Is ${near} meant?` : ''}` }];
  });
}

/** Edits between two short words. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) row = row.reduce<number[]>((next, above, j) => [...next, j === 0 ? i + 1 : Math.min(above + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (b[j - 1] === letter ? 0 : 1))], []);
  return row.at(-1) as number;
}

function dottedNumbers(document: Document): { at: number; source: string }[] {
  const found: { at: number; source: string }[] = [];
  visit(document, { Scalar(_key, node) { if (node.type === 'PLAIN' && typeof node.source === 'string' && /^[-+]?\d+e[-+]?\d+$/i.test(node.source)) found.push({ at: node.range?.[0] ?? 0, source: node.source }); } });
  return found;
}

function finetuneAdvice(config: Record<string, unknown>): { key: string; message: string }[] {
  if (typeof config !== 'object' || config === null) return [];
  const advice: { key: string; message: string }[] = [];
  if (config['adapter'] === 'qlora' && config['load_in_4bit'] !== true) advice.push({ key: 'adapter', message: 'qlora trains on a model loaded in 4 bit: set load_in_4bit: true.' });
  if (config['load_in_4bit'] === true && config['load_in_8bit'] === true) advice.push({ key: 'load_in_8bit', message: 'A model is loaded in 4 or in 8 bit, not both.' });
  if (config['bf16'] === true && config['fp16'] === true) advice.push({ key: 'fp16', message: 'Choose bf16 or fp16, not both.' });
  if (typeof config['learning_rate'] === 'number' && config['learning_rate'] > 0.005) advice.push({ key: 'learning_rate', message: `A learning rate of ${config['learning_rate']} is far above what fine-tuning uses (1e-5 to 5e-4).` });
  return advice;
}
