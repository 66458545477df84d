import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffText } from './text-diff.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 }).map((lines) => lines.join('\n'));

describe('a diff of two texts', () => {
  it('counts exactly what turns the one into the other', () => {
    fc.assert(fc.property(text, text, (before, after) => {
      const diff = diffText(before, after);
      expect(diff.same).toBe(before === after);
      expect(before.split('\n').length - diff.removed).toBe(after.split('\n').length - diff.added);
    }));
  });

  it('shows the changes with two equal lines around, and counts the rest', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    expect(diffText(lines.join('\n'), lines.with(10, 'other').join('\n'))).toEqual({
      same: false, added: 1, removed: 1, truncated: false,
      lines: [{ op: 'skip', text: '8' }, { op: 'same', text: 'line 8' }, { op: 'same', text: 'line 9' }, { op: 'removed', text: 'line 10' }, { op: 'added', text: 'other' }, { op: 'same', text: 'line 11' }, { op: 'same', text: 'line 12' }, { op: 'skip', text: '7' }],
    });
  });

  it('stays bounded in time and size, and says that it cut', () => {
    const huge = (seed: string) => Array.from({ length: 50_000 }, (_, index) => `${seed}${index}`).join('\n');
    const started = performance.now();
    const diff = diffText(huge('a'), huge('b'));
    expect([diff.truncated, diff.lines.length <= 400, performance.now() - started < 3000]).toEqual([true, true, true]);
  });
});
