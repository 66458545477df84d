import { describe, expect, it } from 'vitest';
import { EMPTY_RUN_VIEW, type CompletionView, type RunView } from '#contracts/run-reducer';
import { askMyDataDefinition } from '#workflows/catalog/ask-my-data/definition';
import { catalog } from '#workflows/catalog/index';
import { hasSections, recomputed, wordsBetween, writtenIn } from './evals/runner/checks.ts';
import { parseCsv } from '#test/support/parse-csv';
import type { EvalOutcome } from './evals/runner/eval-case.ts';
import type { CaseResult, EvalReport } from './evals/runner/evaluate.ts';
import { genericChecks } from './evals/runner/generic-checks.ts';
import { casesOf } from './evals/runner/load-cases.ts';
import { parseOptions } from './evals/runner/options.ts';
import { comparisonText, regressions, reportText } from './evals/runner/report.ts';

const DONE: RunView = { ...EMPTY_RUN_VIEW, status: 'completed', headline: 'Two regions sold more.' };
const outcome = (files: Record<string, string>, more: Partial<EvalOutcome> = {}): EvalOutcome => ({ provider: 'demo', model: 'demo-1', mode: 'full_run', inputs: {}, view: DONE, files, itemIds: new Set(['agents/agent-loop#the-loop']), ...more });
const GOOD = '# Title\n\n> **DEMO** — made up of the material\n\nRegions sold 40 % more [m1], as the library says [agents/agent-loop#the-loop].\n\n## Sources\n\n- [m1] Profile — input\n\n## Recommended next steps\n\n- Look again.\n';
const problemsOf = async (files: Record<string, string>, more: Partial<EvalOutcome> = {}): Promise<string[]> => (await Promise.all(genericChecks(askMyDataDefinition).map(async ({ name, check }) => (await check(outcome(files, more))).map((problem) => `${name}: ${problem}`)))).flat();
const result = (name: string, passed: boolean, more: Partial<CaseResult> = {}): CaseResult => ({ slug: 'ask_my_data', version: 1, digest: 'd', name, provider: 'demo', model: 'm', passed, checks: [{ name: 'stamp', outcome: passed ? 'passed' : 'failed', problems: passed ? [] : ['no stamp'] }, { name: 'tone', outcome: 'left out', problems: [] }], costUsdMicros: 1_500, seconds: 2, inputTokens: 10, outputTokens: 5, ...more });
const report = (...results: CaseResult[]): EvalReport => ({ at: '2026-11-25T00:00:00.000Z', commit: null, target: { provider: 'demo' }, results });

describe('checks of every run', () => {
  it('a good run passes all of them', async () => expect(await problemsOf({ 'memo.md': GOOD, 'figures.csv': 'a,b\r\n1,-2\r\n', 'chart.svg': '<svg ></svg>\n', 'trace.json': '{}' })).toEqual([]));
  it.each([
    ['memo.md', GOOD.replace('[m1],', '[m7],'), /citations resolve: memo.md cites \[m7\]/], ['memo.md', GOOD.replace('**DEMO**', 'demo'), /^stamp: /], ['memo.md', GOOD.replace('Look again', 'Look at undefined'), /leftovers: memo.md holds undefined/],
    ['memo.md', GOOD.replace('# Title', 'Title'), /title/], ['memo.md', GOOD.replace('next steps', 'nothing'), /^next steps/], ['figures.csv', 'a,b\r\n1\r\n', /line 2 has 1 cells, not 2/], ['figures.csv', 'a,b\r\n=x(),1\r\n', /spreadsheet would run/],
    ['figures.csv', 'a,b\r\n', /no rows/], ['other.txt', 'x', /not a file that the definition names/], ['memo.md', '', /is empty/],
  ])('%s holding %j is found', async (fileName, text, told) => expect((await problemsOf({ 'memo.md': GOOD, [fileName]: text })).join('\n')).toMatch(told));
  it('a main file that is missing, a failed run and a stamp on a real model are found', async () => {
    expect((await problemsOf({}, { view: { ...EMPTY_RUN_VIEW, status: 'failed' } })).join('\n')).toMatch(/the run is failed[^]*memo.md is missing/);
    expect(await problemsOf({ 'memo.md': GOOD }, { provider: 'groq' })).toEqual(['stamp: memo.md says DEMO of a real model']);
  });
  it('a run that says nothing of what came out, and a stage that asks for more than was planned, are found', async () => {
    expect(await problemsOf({ 'memo.md': GOOD }, { view: { ...DONE, headline: 'All done.' } })).toEqual(['headline: the run does not say in a sentence what came out']);
    const call: CompletionView = { ordinal: 0, attempt: 1, provider: 'demo', model: 'demo-1', maxOutputTokens: 1_000_000, status: 'done', text: '', startedAt: '', endedAt: null, retries: [], end: null };
    const stages: RunView['stages'] = [{ stage: 'test', status: 'passed', remark: null, cap: null, startedAt: '', endedAt: '', waitedMs: 0, checks: [], steps: [{ step: 'plan', title: 'Plan', index: 1, total: 1, status: 'done', summary: null, startedAt: '', endedAt: '', completions: [call], tools: [] }] }];
    const problems = await problemsOf({ 'memo.md': GOOD }, { view: { ...DONE, stages }, inputs: askMyDataDefinition.presets[0]?.inputs as Record<string, unknown> });
    expect(problems).toEqual([expect.stringMatching(/^inside the plan: the test stage asked for 1000000 tokens, planned are \d+$/)]);
  });
});

describe('checks to put cases together from', () => {
  it('sections, length, language and figures', async () => {
    const made = outcome({ 'a.md': GOOD, 'de.md': 'Die Zahlen der Region sind nicht mit den anderen zu vergleichen und das ist so.' });
    expect(await hasSections('a.md', 'Sources', 'Method').check(made)).toEqual(['no section “Method”; there are Title · Sources · Recommended next steps']);
    expect(await wordsBetween('a.md', 5, 10).check(made)).toEqual([expect.stringMatching(/^\d\d words, not 5 to 10$/)]);
    expect([await writtenIn('de.md', 'de').check(made), await writtenIn('de.md', 'en').check(made)]).toEqual([[], ['reads like de']]);
    expect(await recomputed('sums', () => ({ found: { a: 1.0000001, b: 2, d: 4 }, expected: { a: 1, b: 3, c: 0 } })).check(made)).toEqual(['b: 2, recomputed 3', 'd: 4, recomputed missing', 'c: missing, recomputed 0']);
    await expect(async () => hasSections('none.md', 'x').check(made)).rejects.toThrow('none.md is missing; there are a.md, de.md');
    expect(parseCsv('a,"b ""c"", d"\r\n1,\r\n')).toEqual([['a', 'b "c", d'], ['1', '']]);
  });
  it('every workflow has cases, and every preset that one names exists', async () => {
    for (const entry of catalog) for (const one of await casesOf(entry)) if (one.preset !== undefined) expect(entry.presets.map(({ key }) => key), `${entry.slug}: ${one.name}`).toContain(one.preset);
  });
});

describe('the report', () => {
  it('shows each case, what failed, and the figures', () => {
    const text = reportText(report(result('good', true), result('bad', false, { seconds: 4 })));
    expect(text).toContain('1 of 2 (50 %) of the cases passed; cost $0.0030, median time 3.0 s.');
    expect(text).toMatch(/ask_my_data \| bad +\| FAILED \| 0 of 1, 1 left out \| \$0\.0015 \| 4\.0 s \| 15/);
    expect(text).toContain('- ask_my_data, bad: stamp\n  - no stamp');
    expect(reportText(report(result('good', true, { costUsdMicros: null })))).toContain('cost unknown');
  });
  it('a comparison names what became worse, and only that is a regression', () => {
    const [before, after] = [report(result('a', true), result('b', false), result('c', true)), report(result('a', false, { digest: 'e' }), result('b', true), result('d', false))];
    expect(regressions(before, after).map(({ name }) => name)).toEqual(['a']);
    const text = comparisonText(before, after);
    expect(text).toMatch(/\| a +\| passed \$0\.0015 2\.0 s +\| FAILED \$0\.0015 2\.0 s +\| WORSE, definition changed/);
    expect(text).toMatch(/\| b [^\n]*better/);
    expect(text).toMatch(/\| c [^\n]*\| –[^\n]*one side only/);
    expect(text).toMatch(/\| all [^\n]*1 WORSE/);
  });
});

describe('options', () => {
  it('a side is a provider, a model of one, or a report', () => {
    expect(parseOptions([])).toMatchObject({ sides: [{ target: { provider: 'demo' } }], only: [] });
    expect(parseOptions(['--compare', 'openrouter/openai/gpt-4o', 'before.json', '--only', 'ask-my-data,learn_agentic_ai'])).toMatchObject({ sides: [{ target: { provider: 'openrouter', model: 'openai/gpt-4o' } }, { kind: 'report', file: 'before.json' }], only: ['ask_my_data', 'learn_agentic_ai'] });
  });
  it.each([[['--compare', 'demo'], /two/], [['x'], /not understood/], [['--provider', 'nobody'], /no provider/], [['--compare', 'demo', 'groq', '--model', 'm'], /both sides/], [['--concurrency', '0'], /number/]])('%j is refused in words', (args, told) => expect(() => parseOptions(args)).toThrow(told));
});
