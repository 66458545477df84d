import { expect, it } from 'vitest';
import { contentText } from './files.ts';
import { Values } from './values.ts';

const written = (template: string, given: Record<string, unknown>, fileName = 'table.csv') => contentText(fileName, template, new Values(given));

it('what is put into a table is a cell, whatever it says', () => {
  expect(written('name,note\n{{name}},{{note}}\n', { name: '=HYPERLINK("http://x","y")', note: 'one, two' })).toBe(`name,note\n"'=HYPERLINK(""http://x"",""y"")","one, two"\n`);
  // Quotes of the author stay the only ones.
  expect(written('"{{name}}","a {{note}}"', { name: '@SUM(1)', note: 'say "hi"' })).toBe(`"'@SUM(1)","a say ""hi"""`);
  expect(written('{{a}},{{b}},{{c}}', { a: -5, b: '-5', c: ' +1+1' })).toBe("-5,-5,' +1+1");
});

it('a table that a step wrote stays a table, its formulas disarmed', () => {
  expect(written('{{table}}', { table: 'name,note\n"Ada, L.",=1+1\nBob,"two\nlines"\n' })).toBe(`name,note\r\n"Ada, L.",'=1+1\r\nBob,"two\nlines"\r\n`);
  expect(written(' {{table}}\n', { table: '' })).toBe('');
});

it('other files are filled in as they are', () => {
  expect(written('{{name}}', { name: '=1+1' }, 'note.txt')).toBe('=1+1');
});
