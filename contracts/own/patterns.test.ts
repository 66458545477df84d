import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternTooCostly, PatternWork } from './patterns.ts';

const matches = (pattern: string, text: string, group = 0) => new PatternWork().matches(pattern, text, group);
const problem = (pattern: string) => new PatternWork().problem(pattern);

describe('patterns of written workflows', () => {
  it('find what they found before, also beyond ASCII', () => {
    expect(matches('[\\w.+-]+@([\\w-]+\\.[\\w.-]+)', 'to a@b.example and c.d@e.example', 1)).toEqual(['b.example', 'e.example']);
    expect(matches('„([^“]*)“', 'Er sagte „Grüß dich 🙂“ und „“', 1)).toEqual(['Grüß dich 🙂', '']);
    expect(matches('(a)|b', 'ab', 1)).toEqual(['a', '']);
    expect(matches('x', '')).toEqual([]);
    expect(matches('a', 'a'.repeat(3000))).toHaveLength(1000);
  });

  it('that people really write are taken, and a long text is looked through', () => {
    for (const pattern of ['\\d{4}-\\d{2}-\\d{2}', '(?i)\\b(?:yes|no|maybe)\\b', 'https?://[^\\s)]+', '^.{10,500}$', '(?s)```json\\s*(.*?)```', '[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}', '\\p{Lu}[\\p{L}-]{1,40}', '[{]x{2}[}]']) expect(problem(pattern)).toBeNull();
    expect(matches('https?://[^\\s)]+', `${'word and word '.repeat(10_000)} https://example.org/a`)).toEqual(['https://example.org/a']);
  });

  it.each(['(?:.{0,30}){0,34}x', '(?:.{0,500}.{0,501})', '(?:abcdefghij){101}', '(?:(?:a{10}){10}){11}', 'a{1000}b{1000}', '(?:\\[a{0,900}){2}', '[)]{1}(?:[(]{0,500}){3}'])('%s is refused before anything is built of it', (pattern) => {
    expect(problem(pattern)).toMatch(/^repeats too much/);
  });

  it('a definition full of big patterns is refused before it keeps the API busy', () => {
    const work = new PatternWork();
    const refused = Array.from({ length: 4000 }, (_, index) => work.problem(`.{0,${900 + (index % 90)}}`));
    expect(refused.filter((each) => each === null).length).toBeLessThan(25);
    expect(refused.at(-1)).toMatch(/^is one pattern too many/);
  });

  it.each([['(?:.{0,30}){0,30}[bc]', 'a'.repeat(200_000)], ['(?s)a(?:.*b)?', 'a'.repeat(200_000)], ['(?:a?){300}[bc]', 'a'.repeat(200_000)]])('%s on a long text ends with words, not with a worker that stands still', (pattern, text) => {
    expect(() => new PatternWork(2_000_000).matches(pattern, text)).toThrow(PatternTooCostly);
  });

  it('the bound is one for the whole run, and counts the same each time', () => {
    const spent = () => { const work = new PatternWork(4_000_000); let times = 0; try { for (;;) { work.matches('[a-f]{1,20}z|q', 'abcdef '.repeat(2000)); times += 1; } } catch (error) { expect(error).toBeInstanceOf(PatternTooCostly); } return times; };
    const times = spent();
    expect(times).toBeGreaterThan(3);
    expect(spent()).toBe(times);
  });

  it('no pattern that is taken is built to more than a small multiple of what was counted', () => {
    const part = fc.constantFrom('a', '.', '\\d', '[a-z)(]', '[^]]', '\\(', '(?:', '(', ')', '{3}', '{2,9}', '{0,40}', '{5,}', '*', '+', '?', '|', '\\p{L}', '\\x{41}');
    fc.assert(fc.property(fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')), (pattern) => {
      const work = new PatternWork();
      if (work.problem(pattern) !== null) return;
      expect(() => work.matches(pattern, 'aaa 123 (x)')).not.toThrow();
    }), { numRuns: 300 });
  });
});
