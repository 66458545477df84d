import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createTools } from './registry.ts';
import { findQuote } from './quote/find-quote.ts';
import { config, context, noLibrary } from './test-support.ts';
import { runTool, type Tool } from './tool.ts';

const TEXT = `Preface\n\nWe present “ReAct”, a method that inter-\nleaves reasoning traces and  task-specific actions – in one e\uFB03cient loop.\n\n${'Filler sentence about other things. '.repeat(400)}\n\nThe success rate rose by 34 percentage points over imitation learning.`;

describe('findQuote', () => {
  it('word for word, with its place', () => {
    const found = findQuote('a method that', TEXT);
    expect(found).toMatchObject({ match: 'exact', similarity: 1 });
    expect(TEXT.slice(found.start ?? 0, found.end ?? 0)).toBe('a method that');
  });

  it.each(['we present "ReAct", a method that interleaves reasoning traces and task-specific actions - in one efficient loop', 'REASONING   TRACES and task-specific'])('the same but for typography: %s', (quote) => {
    const found = findQuote(quote, TEXT);
    expect(found).toMatchObject({ match: 'normalised', similarity: 1 });
    expect(TEXT.slice(found.start ?? 0, found.end ?? 0).toLowerCase()).toContain('reasoning traces');
  });

  it('nearly the same words, with how near; other words are not there', () => {
    const found = findQuote('The success rates rose by 34 percent points over imitation learning', TEXT);
    expect(found.match).toBe('fuzzy');
    expect(found.similarity).toBeGreaterThan(0.85);
    expect(TEXT.slice(found.start ?? 0, found.end ?? 0)).toMatch(/^The success rate rose by 34 .* learning$/);
    expect(findQuote('The success rate rose by 97 points in a study of hospital patients', TEXT)).toMatchObject({ match: 'none', start: null, end: null });
    expect(findQuote('nothing like it at all', '')).toMatchObject({ match: 'none' });
  });

  it('any piece of a text is found where it stands', () => {
    fc.assert(fc.property(fc.nat(TEXT.length - 60), fc.integer({ min: 20, max: 60 }), (from, length) => {
      const piece = TEXT.slice(from, from + length).trim();
      const found = findQuote(piece, TEXT);
      expect(found.match).toBe('exact');
      expect(TEXT.slice(found.start ?? 0, found.end ?? 0)).toBe(piece);
    }), { numRuns: 50 });
  });
});

it('the tool tells line and words; a long text is read within its time', async () => {
  const tool = createTools(config(), { library: noLibrary }).check_quote as Tool;
  const run = (quote: string, text: string) => runTool(tool, { quote, text }, context({ capabilities: { tools: ['check_quote'], hosts: null } }));
  expect(await run('a method that inter-', TEXT)).toMatchObject({ outcome: 'ok', summary: 'The quotation stands in the text word for word, line 3.', data: { match: 'exact', line: 3 } });
  const long = 'one two three four five six seven eight nine ten. '.repeat(7_900);
  expect(await run('zero '.repeat(700), long)).toMatchObject({ outcome: 'empty', data: { match: 'none', found: null } });
  expect((await run('one two three for five six seven eight nine ten. one two three four fife six', long)).data).toMatchObject({ match: 'fuzzy', line: 1 });
});
