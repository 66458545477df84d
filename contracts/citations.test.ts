import { describe, expect, it } from 'vitest';
import { checkCitations, describeCitations } from './citations.ts';

const ids = ['agents/agent-loop#the-loop', 'web-1a2b3c4d', 'web-1a2b3c4d#p2'];

describe('checkCitations', () => {
  it('separates what was fetched from what was invented', () => {
    const report = checkCitations('Agents loop [agents/agent-loop#the-loop]. They pay [web-deadbeef], they act [1][web-1a2b3c4d#p2, web-1a2b3c4d].', ids);
    expect(report.resolved).toEqual(['agents/agent-loop#the-loop', 'web-1a2b3c4d#p2', 'web-1a2b3c4d']);
    expect(report.unresolved).toEqual(['web-deadbeef', '1']);
    expect(report.markerCount).toBe(5);
  });

  it('takes links, check boxes, footnotes, code and ordinary brackets for what they are', () => {
    const text = '[a link](https://e.org/1) - [x] done [ ] open [optional] [^1] `items[0]`\n```js\nlist[12] = [web-00000000]\n```\n[ref]: https://e.org';
    expect(checkCitations(text, ids)).toEqual({ resolved: [], unresolved: [], markerCount: 0, uncitedNumbers: [] });
  });

  it('lists figures that stand without a resolved citation', () => {
    const report = checkCitations([
      '# 1. Costs in 2024', '1. A list of three tools and 5 steps.', 'It saves 40 % [web-1a2b3c4d].', 'It fails in 12.5% of runs. It costs $3,000 [web-deadbeef].',
      'Accuracy rose to 87 %. [web-1a2b3c4d] Then 250 users left.', 'See https://e.org/2023/99 and GPT-4.',
    ].join('\n'), ids);
    expect(report.uncitedNumbers.map((entry) => entry.number)).toEqual(['2024', '12.5%', '$3,000', '250']);
  });

  it('an unclosed code fence hides the rest and nothing else', () => {
    expect(checkCitations('Known [web-1a2b3c4d].\n```\n[web-zzzz] 99 %', ids)).toMatchObject({ resolved: ['web-1a2b3c4d'], unresolved: [], uncitedNumbers: [] });
  });

  it('a long hostile text is only text', () => {
    const hostile = `${'['.repeat(50_000)}${'1,'.repeat(50_000)}${'```\n'.repeat(5_000)}${'a. ['.repeat(20_000)}`;
    expect(checkCitations(hostile, ids)).toMatchObject({ resolved: [], unresolved: [], markerCount: 0 });
  });

  it('says it in one sentence', () => {
    expect(describeCitations(checkCitations('Up 40 %. Known [web-1a2b3c4d], not [web-deadbeef].', ids))).toBe('1 of 2 cited sources was fetched in this run; not found: [web-deadbeef]; 1 figure without a citation.');
    expect(describeCitations(checkCitations('Nothing here.', ids))).toBe('The text cites nothing; no figure without a citation.');
  });
});
