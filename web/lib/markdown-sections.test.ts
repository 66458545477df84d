import { describe, expect, it } from 'vitest';
import { markdownSections } from './markdown-sections';

describe('sections of a text that is still being written', () => {
  const text = '# Plan\n\nFirst:\n\n1. one\n2. two\n\n## Code\n\n```sh\n# not a heading\n~~~\n```\n\n## Next steps\n\nDo';
  it('begin at headings, not at a comment inside code', () => expect(markdownSections(text).map((part) => part.split('\n')[0])).toEqual(['# Plan', '## Code', '## Next steps']));
  it('lose nothing', () => expect(markdownSections(text).join('')).toBe(text));
  it('are none of no text, and one of a text without headings', () => expect([markdownSections(''), markdownSections('a\n\nb')]).toEqual([[], ['a\n\nb']]));
  it('stay whole inside a code block that has not ended', () => expect(markdownSections('```\n# a\n# b')).toHaveLength(1));
});
