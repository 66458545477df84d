import { expect, it } from 'vitest';
import { excerptOf } from './excerpt';

it('begins after the title and the stamps, and ends with a whole block', () => {
  const text = '# Notes\n\n> **DEMO** — composed\n\n> **TEST** — one topic\n\nFirst words.\n\n## Part\n\nMore words that do not fit any more.';
  expect(excerptOf(text, 30)).toBe('First words.\n\n## Part');
  expect(excerptOf(text)).toBe('First words.\n\n## Part\n\nMore words that do not fit any more.');
});

it('never cuts a block of code, and says nothing of an empty result', () => {
  expect(excerptOf('```js\na();\n\n\nb();\n```\n\nAfter.', 5)).toBe('```js\na();\n\nb();\n```');
  expect(excerptOf('# Only a title\n')).toBe('');
});
