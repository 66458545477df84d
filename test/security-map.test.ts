import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** The tables of docs/security claim nothing that no test shows. */
const ROOT = join(import.meta.dirname, '..');
const rowsOf = (page: string) => readFileSync(join(ROOT, 'docs/security', `${page}.md`), 'utf8').split('\n').filter((line) => /^\| (?!-|#|threat \||risk \||control \||requirement \||lesson \|)/.test(line) && !/^\|[-| ]+\|$/.test(line));
const PAGES: Record<string, number> = { checklist: 10, stride: 6, 'owasp-top-10': 10, soc2: 6, risks: 5, asvs: 60, lessons: 20 };
const named = Object.keys(PAGES).flatMap((page) => rowsOf(page).flatMap((row) => [...row.matchAll(/`([\w./-]+\.(?:test|spec)\.tsx?)`: \*([^*]+)\*/g)].map(([, file = '', title = '']) => ({ page, file, title }))));

it.each(Object.entries(PAGES))('docs/security/%s.md has its %i rows at least, each with a test', (page, least) => {
  const rows = rowsOf(page);
  expect(rows.length).toBeGreaterThanOrEqual(least);
  expect(rows.filter((row) => !/`[\w./-]+\.(?:test|spec)\.tsx?`: \*[^*]+\*|not applicable:|not met:/.test(row))).toEqual([]);
});

it('STRIDE has each of its six letters', () => {
  expect([...new Set(rowsOf('stride').map((row) => row.split('|')[1]?.trim().charAt(0)))].join('')).toBe('STRIDE');
});

it.each(named)('$page: $file has "$title"', ({ file, title }) => {
  expect(existsSync(join(ROOT, file)), file).toBe(true);
  expect(readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'")).toContain(title);
});
