import { expect } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parseCsv } from './parse-csv.ts';

/** Whether a file is what its name says: readers that know nothing of our writers. */
export function expectFormat(fileName: string, content: string): void {
  expect(content.trim().length, fileName).toBeGreaterThan(0);
  if (fileName.endsWith('.json')) expect(() => { JSON.parse(content); }, fileName).not.toThrow();
  else if (/\.ya?ml$/.test(fileName)) expect(parseYaml(content), fileName).toBeTypeOf('object');
  else if (fileName.endsWith('.csv')) expectCsv(fileName, content);
  else if (fileName.endsWith('.svg')) expect(content, fileName).toMatch(/^<svg [^]*<\/svg>\s*$/);
  else if (fileName.endsWith('.bib')) expect((content.match(/\{/g) ?? []).length, fileName).toBe((content.match(/\}/g) ?? []).length);
  else if (fileName.endsWith('.md')) expect(content, fileName).toMatch(/^# \S/);
}

/** RFC 4180: every row has as many cells as the first, and no cell reads as a formula. */
function expectCsv(fileName: string, text: string): void {
  const rows = parseCsv(text);
  expect(rows.length, `${fileName}: rows`).toBeGreaterThan(1);
  for (const row of rows) {
    expect(row.length, `${fileName}: ${row.join(' | ').slice(0, 200)}`).toBe(rows[0]?.length);
    for (const cell of row) expect(cell, fileName).not.toMatch(/^\s*[=+@]|^\s*-\D|^[\t\r\n]/);
  }
}
