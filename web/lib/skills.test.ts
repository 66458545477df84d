import { expect, it } from 'vitest';
import { byCategory, excerpt, skillHref } from './skills';

it('a cited id leads to its section', () => {
  expect(skillHref('agents/tool-calling#the-exchange')).toBe('/knowledge/agents/tool-calling#the-exchange');
  expect(skillHref('a b/c?d')).toBe('/knowledge/a%20b/c%3Fd');
});

it('skills stand under their folder', () => {
  expect(byCategory([{ id: 'b/x' }, { id: 'a/y' }, { id: 'b/z' }, { id: 'plain' }]).map(([folder, skills]) => [folder, skills.length])).toEqual([['a', 1], ['b', 2], ['general', 1]]);
});

it('an excerpt begins near the words that were looked for', () => {
  const text = `${'Nothing of note here. '.repeat(20)}**Quokkas** eat grass. ${'More words follow. '.repeat(20)}`;
  expect(excerpt(text, 'quokkas')).toMatch(/^… .*Quokkas eat grass\..* …$/);
  expect(excerpt('Short text.', 'absent')).toBe('Short text.');
});
