import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GLOSSARY, glossaryMarkdown, type GlossaryEntry } from '#contracts/glossary';

it('the page of the documentation is what the one list says', () => {
  expect(readFileSync(new URL('../../docs/glossary.md', import.meta.url), 'utf8')).toBe(glossaryMarkdown());
});

it('a meaning is short, ends as a sentence, and a word has one', () => {
  const entries: GlossaryEntry[] = Object.values(GLOSSARY);
  expect(entries.filter(({ meaning }) => meaning.length > 240 || !meaning.endsWith('.')).map(({ word }) => word)).toEqual([]);
  expect(new Set(entries.map(({ word }) => word)).size).toBe(entries.length);
});
