import { createHash } from 'node:crypto';

/** Arguments as the log keeps them: long texts and lists by their beginning, length and hash, so that a table that was handed over
 * does not fill the log of a run, and can still be told from another. */
const MAX_TEXT = 2_000;
const HEAD = 300;
const MAX_ENTRIES = 60;
const MAX_DEPTH = 6;

export function receiptOf(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, shortened(child, 1)]));
}

function shortened(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length <= MAX_TEXT ? value : `${value.slice(0, HEAD).toWellFormed()} … (${value.length} characters, sha256 ${hash(value)})`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return `… (sha256 ${hash(JSON.stringify(value))})`;
  if (Array.isArray(value)) return value.length <= MAX_ENTRIES ? value.map((item) => shortened(item, depth + 1)) : [...value.slice(0, 20).map((item) => shortened(item, depth + 1)), `… (${value.length} entries, sha256 ${hash(JSON.stringify(value))})`];
  const entries = Object.entries(value);
  const kept = entries.slice(0, MAX_ENTRIES).map(([key, child]): [string, unknown] => [key, shortened(child, depth + 1)]);
  return Object.fromEntries(entries.length <= MAX_ENTRIES ? kept : [...kept, ['…', `${entries.length} fields, sha256 ${hash(JSON.stringify(value))}`]]);
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
