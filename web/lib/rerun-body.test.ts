import { describe, expect, it } from 'vitest';
import { answerProblem, limitsOf, rerunBody, rerunErrors, type RerunChanges } from './rerun-body';
import { NO_LIMITS } from './run-limits';

const caps = { output_tokens: 1000, input_tokens: 8000, seconds: 60, iterations: 5, cost_usd_micros: null };
const same: RerunChanges = { kind: 'start', from: 'test/quiz', inputs: null, provider: null, model: null, limits: null, prompts: {}, answers: {} };
const prompt = [{ role: 'user' as const, content: 'Mine' }];

describe('the request for a re-run', () => {
  it('holds only what was changed', () => {
    expect(rerunBody(same, caps)).toEqual({ body: { kind: 'start' }, errors: {} });
    expect(rerunBody({ ...same, kind: 'from_step', from: 'full/note-2' }, caps).body).toEqual({ kind: 'from_step', from: { stage: 'full', step: 'note-2' } });
    expect(rerunBody({ ...same, model: 'm', inputs: { a: 1 }, prompts: { 'test/a/1': prompt, 'test/b/1': [{ role: 'user', content: ' ' }] }, answers: { 'test/c/1': 'x', 'test/d/1': '' } }, caps).body)
      .toEqual({ kind: 'start', model: 'm', inputs: { a: 1 }, prompts: { 'test/a/1': prompt }, edits: { 'test/c/1': { text: 'x' } } });
  });

  it('a model that is no name is said at its field', () => expect([rerunBody({ ...same, model: 'mine:7b' }, caps).errors, rerunBody({ ...same, model: '' }, caps).errors, rerunBody({ ...same, model: 'two words' }, caps).errors]).toEqual([{}, { model: expect.stringContaining('is needed') }, { model: expect.stringContaining('white space') }]));

  it('limits that were opened and emptied mean none, not those of before', () => {
    expect(rerunBody({ ...same, limits: NO_LIMITS }, caps).body).toEqual({ kind: 'start', budget: null, fallback: [] });
    expect(rerunBody({ ...same, limits: { ...NO_LIMITS, seconds: '900' } }, caps).errors).toHaveProperty(['budget.seconds']);
  });

  it('the fields begin with what the earlier run had below the platform\'s caps', () => {
    expect(limitsOf({ limits: { cost_usd_micros: 250_000, output_tokens: 1000, seconds: 30 }, fallback: [] }, caps)).toEqual({ money: '0.25', tokens: '', seconds: '30', fallback: [] });
  });

  it('each complaint finds its place', () => {
    const problem = { errors: [['#/edits/test~1a~11/text', 'A'], ['#/prompts/full~1b~11', 'B'], ['#/model', 'C'], ['#/inputs/goal', 'D'], ['#/budget/seconds', 'E'], ['#/kind', 'F']].map(([pointer = '', detail = '']) => ({ pointer, detail })) } as never;
    expect(rerunErrors(problem)).toEqual({ calls: { 'test/a/1': 'A', 'full/b/1': 'B' }, model: 'C', inputs: { goal: 'D' }, limits: { 'budget.seconds': 'E' }, other: ['kind: F'] });
  });

  it('what stands for JSON must be JSON', () => {
    expect([answerProblem('{"a":1}', '{"a":2}'), answerProblem('words', 'no JSON'), answerProblem('{"a":1}', 'no JSON') !== null]).toEqual([null, null, true]);
  });
});
