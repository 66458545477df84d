import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEST_CAPS } from '#contracts/limits';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { estimateInputTokens } from '../../stages/envelope.ts';
import { topicsFrom } from './coaching.ts';
import { interviewCoachDefinition as definition, type InterviewCoachInput } from './definition.ts';
import { assembleFiles, newDraft, standingText, type Draft, type Exchange } from './files.ts';
import { cardsPrompt, gradePrompt, questionPrompt, topicsPrompt } from './prompts.ts';
import { candidateLimit } from './sizes.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
const question = { interview_question: 'How does retrieval fail?', ideal_answer: 'It misses | the passage.', material_id: 'm1', criteria: [{ criterion: 'names recall', points: 3 }, { criterion: 'names a measurement', points: 1 }] };
function draftOf(exchanges: Partial<Exchange>[]): Draft {
  const draft = newDraft();
  draft.standings = topicsFrom([{ title: 'Retrieval', priority: 1, builds_on_numbers: [], search_query: 'x' }, { title: 'Serving', priority: 2, builds_on_numbers: [1], search_query: 'y' }]).map((topic, index) => ({ topic, mastery: 0.5, asked: 1, measured: index === 0 }));
  const source = draft.sources.addText('rag/x#y', 'RAG: Recall', 'Recall counts.', 'library');
  draft.material = [[source], []];
  draft.exchanges = exchanges.map((each) => ({ topic: 0, level: 2, question, sourceId: 'm1', answer: null, confidence: null, graded: [], score: null, ...each }));
  draft.cards = [{ front: '=1+1', back: 'two', topic: 0, sourceId: 'm1' }, { front: 'Why?', back: 'So.', topic: null, sourceId: null }];
  return draft;
}
const graded = [{ criterion: 'names recall', points: 3, score: 1, quote: 'recall is low', feedback: 'Good.', proven: true }, { criterion: 'names a measurement', points: 1, score: 1, quote: 'never said', feedback: 'No.', proven: false }];

describe('files', () => {
  it('say what was asked, what counted and why, and what is left to do', () => {
    const files = assembleFiles({ provider: 'demo' }, input, draftOf([{ answer: 'The recall is low.', confidence: 5, graded, score: 0.75 }, {}]), 'full', null);
    expect(files.map((file) => file.fileName)).toEqual(['report.md', 'deck.csv', 'plan.csv']);
    for (const file of files) expectFormat(file.fileName, file.content);
    const [report, deck] = files.map((file) => file.content);
    expect(report).toContain('**75 % of the points**');
    expect(report).toContain('quotation not found in the answer');
    expect(report).toContain('You were sure at 100 % on average and reached 75 % of the points.');
    expect(report).toContain('1 open question');
    expect(report).not.toContain('**Unresolved:**');
    expect(deck?.split('\r\n')[1]).toBe("'=1+1,two,Retrieval,RAG: Recall,1,2 4");
  });

  it('nobody answered: nothing is called measured', () => {
    const draft = draftOf([{}]);
    draft.standings.forEach((standing) => { standing.measured = false; });
    expect(assembleFiles({ provider: 'demo' }, input, draft, 'test', null)[0]?.content).toContain('Nothing was measured');
    expect(standingText(draft)).toContain('0 questions of 1 were answered');
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]);
  });
});

it('the prompts of a Test fit its input cap for any legal input and any script', () => {
  fc.assert(fc.property(legalInputs(definition), fc.constantFrom('word ', '漢字かな', '<a>', 'é😀'), (legal, filler) => {
    const run = { ...legal, target: filler.repeat(60).slice(0, 160) } as InterviewCoachInput;
    const long = (id: string, length: number) => ({ id, title: filler.repeat(40).slice(0, 80), url: null, text: filler.repeat(4000).slice(0, length) });
    const each = [
      topicsPrompt(run, Array.from({ length: candidateLimit('test') }, (_, index) => long(`c${index}`, 240)), 'test', 'student'), questionPrompt(run, filler.repeat(40), 5, [], [long('m1', 12_000)], 'test', 'student'),
      gradePrompt(run, { question: filler.repeat(200), criterion: filler.repeat(60) }, filler.repeat(1000), 'test', 'student'), cardsPrompt(run, [filler.repeat(60)], [long('m1', 12_000)], 'test', 'student'),
    ];
    const planned = definition.plan(run, 'test').filter((call) => call.kind === 'model');
    for (const [index, prompt] of each.entries()) expect(estimateInputTokens(prompt.messages), planned[index]?.step).toBeLessThanOrEqual(planned[index]?.inputTokens ?? 0);
    expect(planned.reduce((sum, call) => sum + call.inputTokens * call.repeat, 0)).toBeLessThanOrEqual(TEST_CAPS.inputTokens);
  }), { numRuns: 60 });
});
