import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { WorkflowSchemaWire } from '#contracts/api/workflows.schema';
import { RUN_MODES, type RunMode } from '#contracts/runs';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

const SHORT = new Map<string, RunMode>([['validate', 'validate_only'], ['test', 'test_run'], ['full', 'full_run']]);
export const usage = (message: string, remedy: string | null = null): CliError => new CliError(message, remedy, EXIT.usage);

/** `validate`, `test`, `full`, or the API's own words. @throws CliError (usage) */
export function modeOf(text: string): RunMode {
  const mode = SHORT.get(text) ?? RUN_MODES.find((known) => known === text);
  if (!mode) throw usage(`There is no mode "${text}".`, 'Modes: validate, test, full.');
  return mode;
}

/** `90`, `90s`, `15m`, `1h` as seconds. @throws CliError (usage) */
export function durationOf(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text) ?? [];
  const value = Number(amount) * { s: 1, m: 60, h: 3600 }[(unit ?? 's') as 's' | 'm' | 'h'];
  if (!amount || !(value > 0) || value > 2_000_000) throw usage(`"${text}" is not a time.`, 'Write 90s, 15m or 1h.');
  return value;
}

export function countOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw usage(`"${text}" is not a whole number.`);
  return Number(text);
}

/** A JSON object from a file, or from stdin with `-`. @throws CliError (usage or validation) */
export async function readInputs(path: string, stdin: NodeJS.ReadableStream): Promise<Record<string, unknown>> {
  const content = path === '-' ? await text(stdin) : readFile(path).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new CliError(`${path === '-' ? 'What came on stdin' : path} is not JSON: ${error instanceof Error ? error.message : ''}`, 'Send one JSON object with the inputs; "awp workflows schema SLUG" says which.', EXIT.validation);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new CliError('The inputs must be one JSON object.', 'For example {"learning_goal": "…"}', EXIT.validation);
  return value as Record<string, unknown>;
}

/** @throws CliError (usage) in words */
export function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw usage(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}

/** `key=value` pairs over the inputs. A text field takes the value as it is; every other kind is read as JSON, and a list also
 * takes words with commas. @throws CliError (usage) */
export function applySets(inputs: Record<string, unknown>, sets: readonly string[], fields: WorkflowSchemaWire['fields']): Record<string, unknown> {
  const changed = { ...inputs };
  for (const pair of sets) {
    const at = pair.indexOf('=');
    if (at < 1) throw usage(`--set ${pair} is not key=value.`);
    const name = pair.slice(0, at);
    const field = fields.find((candidate) => candidate.name === name);
    if (!field) throw usage(`This workflow has no input "${name}".`, `Its inputs: ${fields.map((candidate) => candidate.name).join(', ')}.`);
    changed[name] = valueOf(pair.slice(at + 1), field.type, name);
  }
  return changed;
}

function valueOf(text: string, type: string, name: string): unknown {
  if (type === 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    if (type === 'array') return text.split(',').map((part) => part.trim()).filter(Boolean);
    throw usage(`--set ${name}: "${text}" is not a ${type}.`);
  }
}
