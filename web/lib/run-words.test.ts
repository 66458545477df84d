import { describe, expect, it } from 'vitest';
import { EMPTY_RUN_VIEW, type RunView, type StageView } from '#contracts/run-reducer';
import { envelopeOf } from './envelope';
import { parsePartialJson } from './partial-json';
import { miniRail, railOf } from './rail';
import { looksLikeJson, ordinalWord, prettyJson, quietLine, retryNote, settledLine } from './run-words';
import { statusWord } from './status';

const START = '2026-11-23T12:00:00.000Z';
const at = (seconds: number): number => Date.parse(START) + seconds * 1000;
const step = { step: 'note-1', title: 'Write notes', index: 4, total: 7, status: 'running', summary: null, startedAt: START, endedAt: null, completions: [], tools: [] } as const;
const stage = (more: Partial<StageView> = {}): StageView => ({ stage: 'test', status: 'running', remark: null, cap: null, startedAt: START, endedAt: null, waitedMs: 0, checks: [], steps: [{ ...step, completions: [], tools: [] }], ...more });
const view = (more: Partial<RunView> = {}): RunView => ({ ...EMPTY_RUN_VIEW, mode: 'test_run', lastSequence: 1, lastEventAt: START, ...more });

describe('why nothing seems to happen', () => {
  it('a run that moves needs no line', () => expect(quietLine(view({ status: 'running', stages: [stage()] }), at(3), START)).toBeNull());
  it('a slow step is named with its place and the age of the last event', () => expect(quietLine(view({ status: 'running', stages: [stage()] }), at(12), START)).toBe('Still working: step 4 of 7, Write notes. Last event 12 s ago. You may close this page, the run goes on.'));
  it('a queue without a worker is told', () => expect(quietLine(view(), at(20), START)).toContain('no worker has picked it up yet'));
  it('waiting says for what', () => expect(quietLine(view({ status: 'waiting', waitDetail: 'The provider is away until 12:05' }), at(90), START)).toBe('The provider is away until 12:05'));
  it('a request to cancel is not yet a cancelled run', () => expect(quietLine(view({ status: 'running', cancelRequested: true }), at(9), START)).toContain('request to cancel was sent 9.0 s ago'));
  it('an ended run is silent', () => expect(quietLine(view({ status: 'completed' }), at(900), START)).toBeNull());
});

describe('a Validate that passed', () => {
  const check = { check: 'inputs', title: 'Inputs fit the form', outcome: 'passed', detail: '', remedy: null, durationMs: 1 } as StageView['checks'][number];
  const passed = stage({ stage: 'validate', status: 'passed', endedAt: START, checks: [check], steps: [] });
  it('is told in one line once a later stage has begun', () => {
    expect(settledLine(passed, view({ stages: [passed] }))).toBeNull();
    expect(settledLine(passed, view({ stages: [passed, stage()] }))).toBe('1 check; nothing to mend');
  });
  it('names the checks with a remark in that line, and stays open where it failed', () => {
    const remarked = { ...passed, checks: [check, { ...check, title: 'Key is there', outcome: 'warning' as const }] };
    expect(settledLine(remarked, view({ stages: [remarked, stage()] }))).toBe('2 checks; with a remark: Key is there');
    const failed = { ...passed, status: 'failed' as const };
    expect(settledLine(failed, view({ stages: [failed, stage()] }))).toBeNull();
  });
});

describe('words', () => {
  it('a retry is a note in the margin', () => expect(retryNote({ attempt: 1, code: 'ProviderRateLimited', detail: '', waitMs: 2000, at: START })).toBe('2nd try after 2.0 s: The provider asked us to slow down'));
  it.each([[1, '1st'], [2, '2nd'], [3, '3rd'], [4, '4th'], [11, '11th'], [22, '22nd']])('%i', (n, word) => expect(ordinalWord(n)).toBe(word));
  it('a status says what the badge means', () => expect([statusWord('running', { cancelRequested: true }), statusWord('waiting', { waitReason: 'budget' }), statusWord('completed', { retries: 2 }), statusWord('failed', { cancelRequested: true })]).toEqual(['Cancelling', 'Waiting: budget used up', 'Completed after 2 retries', 'Failed']));
});

describe('the rail', () => {
  it('shows what is done, what runs and what comes', () => {
    const rail = railOf(view({ status: 'running', mode: 'full_run', stages: [stage({ stage: 'validate', status: 'passed', endedAt: START, steps: [] }), stage()] }));
    expect(rail.map(({ stage: key, state }) => [key, state])).toEqual([['validate', 'done'], ['test', 'running'], ['full', 'pending']]);
    expect(rail[1]?.nodes).toMatchObject([{ key: 'note-1', state: 'running' }]);
  });
  it('what an ended run never reached is not pending', () => expect(railOf(view({ status: 'failed', stages: [stage({ status: 'failed' })] })).map(({ state }) => state)).toEqual(['skipped', 'failed']));
  it('a row knows mode and status only', () => expect([miniRail('test_run', 'completed'), miniRail('full_run', 'validating'), miniRail('validate_only', 'failed')]).toEqual([['done', 'done'], ['running', 'pending', 'pending'], ['failed']]));
});

describe('the envelope', () => {
  const modes = [{ run_mode: 'test_run', caps: { output_tokens: 1000, input_tokens: 8000, seconds: 60, iterations: 5, cost_usd_micros: null } }] as never;
  it('counts what the present stage used against its caps', () => {
    const end = { usage: { inputTokens: 400, outputTokens: 120 } } as never;
    const completion = { ordinal: 1, attempt: 1, provider: 'demo', model: 'm', maxOutputTokens: 300, status: 'done', text: '', startedAt: START, endedAt: START, retries: [], end } as const;
    const envelope = envelopeOf(view({ status: 'running', stages: [stage({ steps: [{ ...step, tools: [], completions: [{ ...completion, retries: [] }] }] })] }), modes, at(5));
    expect(envelope?.meters.map(({ key, used, cap }) => [key, used, cap])).toEqual([['output_tokens', 120, 1000], ['input_tokens', 400, 8000], ['seconds', 5, 60], ['cost', 0, null]]);
  });
  it('Validate has none', () => expect(envelopeOf(view({ stages: [stage({ stage: 'validate' })] }), modes, at(1))).toBeNull());
});

describe('JSON that is being written', () => {
  it.each([
    ['{"a":"hal', { a: 'hal' }], ['{"a":"x","b":[1,2', { a: 'x', b: [1, 2] }], ['{"a":"x","b"', { a: 'x' }], ['{"a":"x","b":', { a: 'x' }], ['{"a":tr', {}], ['{"a":"x\\', { a: 'x' }],
    ['{"a":{"b":["c",{"d":"e', { a: { b: ['c', { d: 'e' }] } }], ['```json\n{"a":1}\n```', { a: 1 }], ['{"a":1}', { a: 1 }], ['{', {}], ['', undefined],
  ])('%s', (text, value) => expect(parsePartialJson(text)).toEqual(value));
  it('is told from prose', () => expect(['{"a":1}', ' [{"a":1}]', '[m1] says so', 'Text'].map(looksLikeJson)).toEqual([true, true, false, false]));
  it('is indented when whole, left alone when not', () => expect([prettyJson('{"a":1}'), prettyJson('{"a":')]).toEqual(['{\n  "a": 1\n}', '{"a":']));
});
