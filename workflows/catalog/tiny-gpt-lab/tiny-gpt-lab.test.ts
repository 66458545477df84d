import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainCharModel } from '#activities/tools/lab/char-model';
import { TrainCharModelArgs } from '#contracts/data-tools.schema';
import { TEST_CAPS } from '#contracts/limits';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { estimateInputTokens } from '../../stages/envelope.ts';
import { labFile, PIECES, script, type Checks } from './code.ts';
import { tinyGptLabDefinition as definition, type TinyGptLabInput } from './definition.ts';
import { changed, countingText, fitMinutes, inWords, LADDER, parameters, sizeFor, symptomsOf, trainingHours, unigramLoss, withFault, type Settings } from './figures.ts';
import { assembleFiles, newDraft, runText, type Draft } from './files.ts';
import { annotatePrompt, exercisesPrompt, milestonesPrompt, readingPrompt } from './prompts.ts';
import { CHANGES, FAULTS, HARDWARE } from './sizes.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
const TEXT = countingText(160);
const settings = fc.record<Settings>({ steps: fc.integer({ min: 10, max: 300 }), seed: fc.constant(1), context: fc.integer({ min: 1, max: 8 }), embedding: fc.constant(8), hidden: fc.integer({ min: 8, max: 64 }), batch: fc.constant(64), learning_rate: fc.double({ min: 0.05, max: 2, noNaN: true }), temperature: fc.constant(0.8) });
const base: Settings = { steps: 60, seed: 7, context: 4, embedding: 8, hidden: 16, batch: 32, learning_rate: 1, temperature: 0.8 };
const trained = (text: string, more: Partial<Settings> = {}) => trainCharModel(TrainCharModelArgs.parse({ text, ...base, ...more, samples: 1, sample_length: 40 }));
const run = (count: number, text: string) => runInNewContext(script(count), { input: { text } }) as Checks;

describe('the code of the lab', () => {
  it('does what it says, and counts the letter pairs as the lab tool does', () => {
    for (const text of [TEXT, 'Ünïcode 🙂 text, twice. '.repeat(30)]) {
      const checks = run(PIECES.length, text);
      expect(checks).toMatchObject({ roundTrip: true, causal: true, sampled: true, vocabulary: new Set(text).size });
      expect(checks.pairLoss).toBeCloseTo(trained(text).bigram_loss, 9);
    }
    expect(run(1, TEXT)).toEqual({ roundTrip: true, vocabulary: new Set(TEXT).size, pairLoss: null, causal: null, sampled: null });
  });

  it('is the same as a file for Node', () => {
    const file = labFile(4);
    for (const { code } of PIECES) expect(file).toContain(code);
    expect(file).toContain('console.log({ roundTrip, vocabulary: vocabulary.length, pairLoss: pairLoss, causal: causal, sampled: sampled });');
  });
});

describe('figures', () => {
  it('parameters are those that the field knows, and the chosen size trains in time', () => {
    expect(parameters(LADDER.at(-1) as (typeof LADDER)[number]) / 1e6).toBeCloseTo(124.3, 0);
    expect(parameters({ name: '', layers: 6, width: 384, context: 256, vocabulary: 65 }) / 1e6).toBeCloseTo(10.7, 0);
    fc.assert(fc.property(fc.constantFrom(...HARDWARE), fc.integer({ min: 1, max: 40 }), (hardware, hours) => {
      const size = sizeFor(hardware, hours);
      if (size !== LADDER[0]) expect(trainingHours(size, hardware)).toBeLessThanOrEqual(hours / 4);
    }));
  });

  it('minutes add up to the hours', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.integer({ min: -5, max: 1200 }), { minLength: 1, maxLength: 8 }), (hours, minutes) => {
      expect(fitMinutes(hours, minutes).reduce((sum, each) => sum + each, 0)).toBe(hours * 60);
    }));
  });

  it('every change and fault stays inside what the tool takes, and a change that changes nothing is none', () => {
    fc.assert(fc.property(settings, fc.constantFrom(...CHANGES), fc.constantFrom(...FAULTS), (given, change, fault) => {
      for (const next of [changed(given, change), withFault(given, fault)]) {
        if (next === null) continue;
        expect(TrainCharModelArgs.safeParse({ text: TEXT, ...next }).error).toBeUndefined();
      }
      expect(changed(given, change)).not.toEqual(given);
    }));
  });

  it('symptoms of real runs: a rate that is too small is found, and nothing is said of a run that beats the pairs and holds', () => {
    const small = withFault({ ...base, steps: 300 }, 'rate_too_small');
    const [first] = symptomsOf(trained(TEXT, small), small);
    expect(first?.words).toContain('near chance');
    expect(first?.suggests[0]).toBe('raise_rate');
    const data = trained(TEXT);
    expect(symptomsOf({ ...data, final_loss: data.bigram_loss - 0.2, loss: [{ step: 0, train: 3, validation: 3 }, { step: 1, train: data.bigram_loss - 0.3, validation: data.bigram_loss - 0.2 }] }, base)).toEqual([]);
  });

  it('single characters: entropy of a fair alphabet is its logarithm; numbers are in words', () => {
    expect(unigramLoss('abcd'.repeat(9))).toBeCloseTo(Math.log(4));
    expect([7, 13, 40, 86, 100, 219, 999].map(inWords)).toEqual(['seven', 'thirteen', 'forty', 'eighty-six', 'one hundred', 'two hundred and nineteen', 'nine hundred and ninety-nine']);
  });
});

describe('files', () => {
  it('a whole draft gives the files, with the effect of every change, and an unfinished one what there is', () => {
    const draft: Draft = { ...newDraft(), text: TEXT, checks: run(4, TEXT), milestones: [{ title: 'One | two', outcome: 'works', check: 'look', minutes: 30, material_id: 'm1' }], annotations: [{ material_id: 'm9', idea: 'Idea', pitfall: 'Pit' }], reading: 'It fell.', exercises: { exercises: [{ title: 'Predict', task: 'Say', expected: 'That', minutes: 10, material_id: 'm1' }], rubric: [{ title: 'Depth', weak: 'a', solid: 'b', strong: 'c' }] } };
    draft.runs = [{ settings: base, data: trained(TEXT), change: null, reason: '', symptoms: [] }, { settings: { ...base, learning_rate: 2 }, data: trained(TEXT, { learning_rate: 2 }), change: 'raise_rate', reason: 'Because.', symptoms: ['It is slow.'] }];
    const files = assembleFiles({ provider: 'demo' }, input, draft, 'full', null);
    expect(files.map((file) => file.fileName)).toEqual(['lab.md', 'run.csv', 'loss.svg', 'rubric.md', 'lab.mjs', 'corpus.txt']);
    for (const file of files) expectFormat(file.fileName, file.content);
    expect(files[0]?.content).toContain('**Before run 2.** It is slow.');
    expect(files[0]?.content.match(/— yes\.\*/g)).toHaveLength(4);
    expect(files[0]?.content).toContain(`${draft.runs[0]?.data.final_loss.toFixed(3)} → ${draft.runs[1]?.data.final_loss.toFixed(3)}`);
    expect(runText(draft, 1)).toContain('learning rate times four');
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]);
    expect(assembleFiles({ provider: 'demo' }, input, { ...newDraft(), trouble: ['The code was not run: away'] }, 'test', 'Stopped.')[0]?.content).toContain('away');
  });
});

it('the prompts of a Test fit its input cap for any legal input and any script', () => {
  fc.assert(fc.property(legalInputs(definition), fc.constantFrom('word ', '漢字かな', '<a>', 'é😀'), (legal, filler) => {
    const own = { ...legal, goal: filler.repeat(120).slice(0, 400) } as TinyGptLabInput;
    const long = (id: string) => ({ id, title: filler.repeat(30).slice(0, 80), url: null, source: 'library', originId: id, text: filler.repeat(3000) });
    const prompts = [milestonesPrompt(own, [long('m1')], 'test', 'student'), annotatePrompt(own, [long('m1')], 'test', 'student'), readingPrompt(own, [long('m2')], [], 'test', 'student'), exercisesPrompt(own, [long('m2')], [long('m1')], 'test', 'student')];
    const planned = definition.plan(own, 'test').filter((call) => call.kind === 'model');
    for (const [index, prompt] of prompts.entries()) expect(estimateInputTokens(prompt.messages), planned[index]?.step).toBeLessThanOrEqual(planned[index]?.inputTokens ?? 0);
    expect(planned.reduce((sum, call) => sum + call.inputTokens, 0)).toBeLessThanOrEqual(TEST_CAPS.inputTokens);
  }), { numRuns: 60 });
});
