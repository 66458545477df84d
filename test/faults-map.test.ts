import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const rows = readFileSync(join(ROOT, 'docs/faults.md'), 'utf8').split('\n').filter((line) => /^\| F\d+ \|/.test(line)).map((line) => line.split('|').map((cell) => cell.trim()));
const named = rows.flatMap(([, fault = '', , , tests = '']) => [...tests.matchAll(/`([^`]+)`: \*([^*]+)\*/g)].map(([, file = '', title = '']) => ({ fault, file, title })));

it('docs/faults.md has each fault of the matrix once, each with a test', () => {
  const last = rows.length;
  expect(rows.map(([, fault]) => fault)).toEqual(Array.from({ length: last }, (_, index) => `F${index + 1}`));
  expect(last).toBe(28);
  expect(new Set(named.map(({ fault }) => fault)).size).toBe(last);
});

it.each(named)('$fault: $file has "$title"', ({ file, title }) => {
  expect(existsSync(join(ROOT, file)), file).toBe(true);
  // As the source writes it: quotation marks inside a title may be escaped there.
  expect(readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'")).toContain(title);
});
