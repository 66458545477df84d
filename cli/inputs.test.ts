import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WorkflowSchemaWire } from '#contracts/api/workflows.schema';
import { applySets, countOf, durationOf, modeOf, readInputs } from './inputs.ts';

const field = (name: string, type: string): WorkflowSchemaWire['fields'][number] => ({ name, type, title: null, description: null, tab: 'a', required: true, options: null });
const FIELDS = [field('goal', 'string'), field('minutes', 'integer'), field('tools', 'array'), field('deep', 'boolean')];
const refused = (exitCode: number) => expect.objectContaining({ exitCode }) as Error;

describe('arguments', () => {
  it('modes by their short and their full name', () => {
    expect(['validate', 'test', 'full', 'validate_only', 'test_run', 'full_run'].map(modeOf)).toEqual(['validate_only', 'test_run', 'full_run', 'validate_only', 'test_run', 'full_run']);
    expect(() => modeOf('toString')).toThrow(refused(2));
  });

  it('times and counts', () => {
    expect(['90', '90s', '1.5m', '1h'].map(durationOf)).toEqual([90, 90, 90, 3600]);
    for (const wrong of ['', '0', '-1', '1d', 'm', '1e9']) expect(() => durationOf(wrong)).toThrow(refused(2));
    expect(countOf('20')).toBe(20);
    expect(() => countOf('2.5')).toThrow(refused(2));
  });

  it('--set: text stays text whatever it looks like, other kinds are read as JSON, lists also with commas', () => {
    expect(applySets({ minutes: 15 }, ['goal=42', 'minutes=60', 'tools=a, b', 'deep=true'], FIELDS)).toEqual({ goal: '42', minutes: 60, tools: ['a', 'b'], deep: true });
    expect(applySets({}, ['tools=["x"]', 'goal=a=b'], FIELDS)).toEqual({ tools: ['x'], goal: 'a=b' });
    fc.assert(fc.property(fc.string(), (text) => { expect(applySets({}, [`goal=${text}`], FIELDS)).toEqual({ goal: text }); }));
    for (const wrong of ['goal', '=x', 'gaol=x', 'minutes=soon']) expect(() => applySets({}, [wrong], FIELDS)).toThrow(refused(2));
  });

  it('inputs from a file or stdin: one JSON object or a sentence', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'awp-in-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'in.json');
    writeFileSync(file, '{"goal":"x"}');
    expect(await readInputs(file, Readable.from([]))).toEqual({ goal: 'x' });
    expect(await readInputs('-', Readable.from(['{"goal"', ':"y"}']))).toEqual({ goal: 'y' });
    for (const wrong of ['', '[1]', 'null', '{']) await expect(readInputs('-', Readable.from([wrong]))).rejects.toThrow(refused(3));
    await expect(readInputs(`${file}.not`, Readable.from([]))).rejects.toThrow(refused(2));
  });
});
