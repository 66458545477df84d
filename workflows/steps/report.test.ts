import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { body, bullets, page, section, stamps, table } from './report.ts';

describe('report parts', () => {
  it('hostile text stays in its cell, its line, its section', () => {
    fc.assert(fc.property(fc.string(), fc.constantFrom('\n', '|', '\n\n## x', '\r\n- y'), (text, bad) => {
      expect(table(['a'], [[`${text}${bad}${text}`]]).split('\n')).toHaveLength(3);
      expect(bullets([`${text}${bad}${text}`]).split('\n')).toHaveLength(1);
    }));
  });

  it('what is empty leaves no heading behind', () => {
    expect(page(['# T', section('Gaps', ''), section('Rows', table(['a'], [])), null, false])).toBe('# T\n');
  });

  it('says who wrote it and how much was looked at, and only then', () => {
    expect(stamps({ provider: 'demo' }, 'test', 'one row.', 'Stopped\nat the cap.')).toBe('> **DEMO** — composed by the demo provider from the material listed below; not written by a language model.\n\n> **TEST** — one row.\n\n> Stopped at the cap.');
    expect(stamps({ provider: 'openai' }, 'full', 'one row.', null)).toBe('');
  });

  it('a code block that was left open is closed', () => {
    expect(body('```js\nx(').endsWith('```')).toBe(true);
    expect(body('# A\n\n```\n# b\n```')).toBe('### A\n\n```\n# b\n```');
  });
});
