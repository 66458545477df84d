import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEST_CAPS } from '#contracts/limits';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { estimateInputTokens } from '../../stages/envelope.ts';
import { aiOpportunityBriefDefinition as definition, type AiOpportunityBriefInput } from './definition.ts';
import { amount, assembleFiles, assumptionsOf, caseText, newDraft, portfolioText, rescore, scoreText, sectorOf, type Draft } from './files.ts';
import { figuresOf } from './portfolio.ts';
import { briefPrompt, casesPrompt, rehearsalPrompt, reviewPrompt } from './prompts.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
function draftOf(run: AiOpportunityBriefInput): Draft {
  const draft = newDraft();
  draft.cases = run.processes.map((process) => ({ process, figures: figuresOf(process, assumptionsOf(run)), told: { material_id: 'm1', suits: 'well', opportunity: '=cmd | x\n## y', precondition: 'Data.' }, review: { material_id: 'm1', feasibility: 'keep', risk: 'keep', objection: 'Adoption.' }, scores: null, verdict: null, sourceId: 'm1' }));
  return draft;
}

describe('files', () => {
  it('say the decision first, with figures that add up and a reason for each case', () => {
    const draft = draftOf(input);
    rescore(draft, input);
    draft.checked = [];
    draft.brief = 'Start two pilots.';
    draft.unknown = ['77'];
    draft.rehearsal = [{ board_question: 'What about jobs?', answer: 'Not known yet.', material_id: 'm9' }];
    const files = assembleFiles({ provider: 'demo' }, input, draft, 'full', null);
    expect(files.map((file) => file.fileName)).toEqual(['brief.md', 'portfolio.csv', 'portfolio.svg', 'rehearsal.md']);
    for (const file of files) expectFormat(file.fileName, file.content);
    const [brief, csv] = files.map((file) => file.content);
    const chosen = draft.cases.filter((each) => each.verdict === 'start');
    expect(chosen.length).toBeGreaterThan(0);
    expect(brief).toContain(`worth ${amount(chosen.reduce((sum, each) => sum + Math.round(each.figures.npv), 0))} EUR`);
    expect(brief).toContain('**Figures without ground:** 77');
    expect(brief).not.toMatch(/^## y/m);
    expect(csv).toContain("'=cmd | x ## y");
    expect(draft.cases.find((each) => each.process.name.startsWith('Decide on disability'))?.verdict).toBe('wait');
  });

  it('an unfinished draft is marked as undecided; nothing leaves nothing', () => {
    const draft = draftOf(input);
    const [brief] = assembleFiles({ provider: 'demo' }, input, draft, 'test', 'Stopped.');
    expect(brief?.content).not.toContain('## Decision');
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]);
  });

  it('amounts: whole, grouped, no minus zero', () => {
    expect([1_234_567.4, -999.6, 0, -0.2, 12].map(amount)).toEqual(['1,234,567', '-1,000', '0', '0', '12']);
  });
});

it('the prompts of a Test fit its input cap for any legal input and any script', () => {
  fc.assert(fc.property(legalInputs(definition), fc.constantFrom('word ', '漢字かな', '<a>', 'é😀'), (legal, filler) => {
    const run = { ...legal, organisation: filler.repeat(100).slice(0, 400), sector: 'other', sector_other: filler.repeat(20).slice(0, 60) } as AiOpportunityBriefInput;
    const draft = draftOf({ ...run, processes: run.processes.slice(0, 1).map((process) => ({ ...process, name: filler.repeat(20).slice(0, 60) })) });
    rescore(draft, run);
    const fact = { id: 'm2', title: filler.repeat(20).slice(0, 60), url: null, text: draft.cases.map((each) => caseText(run, each)).join('\n') };
    const whole = { id: 'm3', title: 'Portfolio', url: null, text: portfolioText(run, draft) };
    const sector = sectorOf(run);
    const prompts = [casesPrompt(run, sector, [fact], filler.repeat(4000), 'test', 'executive'), reviewPrompt(run, sector, [fact], draft.cases.map(scoreText), 'test', 'executive'), briefPrompt(run, sector, [whole], [], 'test', 'executive'), rehearsalPrompt(run, sector, [whole], 'test', 'executive')];
    const planned = definition.plan(run, 'test').filter((call) => call.kind === 'model');
    for (const [index, prompt] of prompts.entries()) expect(estimateInputTokens(prompt.messages), planned[index]?.step).toBeLessThanOrEqual(planned[index]?.inputTokens ?? 0);
    expect(planned.reduce((sum, call) => sum + call.inputTokens, 0)).toBeLessThanOrEqual(TEST_CAPS.inputTokens);
  }), { numRuns: 60 });
});
