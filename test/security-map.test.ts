import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProgram } from '#cli/program';
import { PROOFS } from '#scripts/test-run/security-steps';

/** The tables of docs/security claim nothing that no test shows. */
const ROOT = join(import.meta.dirname, '..');
const rowsOf = (page: string) => readFileSync(join(ROOT, 'docs/security', `${page}.md`), 'utf8').split('\n').filter((line) => /^\| (?!-|#|threat \||risk \||control \||requirement \||lesson \|)/.test(line) && !/^\|[-| ]+\|$/.test(line));
const PAGES: Record<string, number> = { checklist: 10, stride: 6, 'owasp-top-10': 10, soc2: 6, risks: 5, asvs: 150, lessons: 20 };
const named = Object.keys(PAGES).flatMap((page) => rowsOf(page).flatMap((row) => [...row.matchAll(/`([\w./-]+\.(?:test|spec)\.tsx?)`: \*([^*]+)\*/g)].map(([, file = '', title = '']) => ({ page, file, title }))));

it.each(Object.entries(PAGES))('docs/security/%s.md has its %i rows at least, each with a test', (page, least) => {
  const rows = rowsOf(page);
  expect(rows.length).toBeGreaterThanOrEqual(least);
  expect(rows.filter((row) => !/`[\w./-]+\.(?:test|spec)\.tsx?`: \*[^*]+\*|not applicable:|not met:/.test(row))).toEqual([]);
});

it('ASVS: every requirement of levels 1 and 2 of the standard stands in the table', () => {
  const listed = new Set(rowsOf('asvs').flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/\d+\.\d+\.(?:\d+|\*)/g)].map(([id]) => id)));
  const wanted = readFileSync(join(ROOT, 'test/fixtures/asvs-5.0.0-levels-1-and-2.txt'), 'utf8').trim().split('\n').flatMap((line) => { const [section = '', numbers = ''] = line.split(': '); return numbers.split(' ').map((number) => [`${section}.${number}`, `${section}.*`]); });
  expect(wanted.length).toBe(253);
  expect(wanted.filter((names) => !names.some((name) => listed.has(name))).map(([id]) => id)).toEqual([]);
});

it('fields of passwords are masked and open to password managers', () => {
  const folder = join(ROOT, 'web/components/account');
  const fields = readdirSync(folder).filter((file) => file.endsWith('.tsx')).flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/(?:<Field|\{) ?label[=:] ?["'][^"']*password["'][^\n]*/gi)].map(([field]) => field));
  expect(fields.length).toBeGreaterThanOrEqual(5);
  for (const field of fields) {
    expect(field).toMatch(/type[=:] ?["']password["']/);
    expect(field).toMatch(/autoComplete[=:] ?["'](?:new|current)-password["']/);
    expect(field).not.toContain('onPaste');
  }
});

it('the pages name only commands that awp has', () => {
  const program = createProgram({ terminal: { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: {} }, interrupted: new AbortController().signal, finish: () => undefined });
  const known = new Set(program.commands.flatMap((command) => [command.name(), ...command.commands.map((sub) => `${command.name()} ${sub.name()}`)]));
  const pages = readdirSync(join(ROOT, 'docs/security')).map((file) => readFileSync(join(ROOT, 'docs/security', file), 'utf8')).join('\n');
  const written = [...pages.matchAll(/`awp ([a-z]+)(?: ([a-z]+))?/g)].map(([, command = '', sub]) => (program.commands.some((each) => each.name() === command && each.commands.length > 0) ? `${command} ${sub}` : command));
  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((name) => !known.has(name))).toEqual([]);
});

it('npm run test:security runs each test that the checklist before a deployment reads', () => {
  const run = PROOFS.flatMap(({ files }) => files);
  const read = named.filter(({ page }) => page === 'checklist').map(({ file }) => file);
  expect(read).toHaveLength(10);
  expect(read.filter((file) => !run.includes(file) && !file.startsWith('test/security/'))).toEqual([]);
});

it('STRIDE has each of its six letters', () => {
  expect([...new Set(rowsOf('stride').map((row) => row.split('|')[1]?.trim().charAt(0)))].join('')).toBe('STRIDE');
});

it.each(named)('$page: $file has "$title"', ({ file, title }) => {
  expect(existsSync(join(ROOT, file)), file).toBe(true);
  expect(readFileSync(join(ROOT, file), 'utf8').replaceAll("\\'", "'")).toContain(title);
});
