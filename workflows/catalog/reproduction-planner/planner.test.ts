import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CalculateArgs } from '#contracts/data-tools.schema';
import { TEST_CAPS } from '#contracts/limits';
import { evaluate } from '#activities/tools/stats/evaluate';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { paperSections } from '#test/support/paper-sections';
import { estimateInputTokens } from '../../stages/envelope.ts';
import { agrees, budgetOf, BYTES, DEVICES, expressionsOf, FACTORS, type Workload } from './budget.ts';
import { reproductionPlannerDefinition as definition, type ReproductionPlannerInput } from './definition.ts';
import { factsText, findFacts, gapsOf, numberOf } from './facts.ts';
import { assembleFiles, configOf, newDraft } from './files.ts';
import { claimsPrompt, planPrompt, risksPrompt } from './prompts.ts';
import { DISTIL_CODE, DISTIL_METHOD, PRETRAIN_METHOD } from './samples.ts';
import { GPUS, JOBS, SIZES } from './sizes.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
const work: fc.Arbitrary<Workload> = fc.record({ job: fc.constantFrom(...JOBS), parameters_millions: fc.double({ min: 0.1, max: 1e5, noNaN: true }), tokens_millions: fc.double({ min: 0.01, max: 1e6, noNaN: true }), epochs: fc.integer({ min: 1, max: 20 }), seeds: fc.integer({ min: 1, max: 10 }), gpu: fc.constantFrom(...GPUS), gpu_count: fc.integer({ min: 1, max: 64 }), utilisation_percent: fc.integer({ min: 5, max: 70 }), budget_gpu_hours: fc.double({ min: 0.1, max: 1e6, noNaN: true }), price_per_gpu_hour: fc.double({ min: 0, max: 100, noNaN: true }) });

describe('facts', () => {
  const facts = findFacts(paperSections(DISTIL_METHOD), [{ title: 'pasted code', text: DISTIL_CODE }], 'fine_tuning');
  const of = (id: string) => facts.find(({ spec }) => spec.id === id);

  it('are found with their place, and paper and code are held against each other', () => {
    expect(of('learning_rate')).toMatchObject({ state: 'differs', paper: { value: '3e-4', where: '3 Method' }, code: { value: '1e-4', where: 'pasted code' } });
    expect(of('batch_size')).toMatchObject({ state: 'both', paper: { value: '32' } });
    expect(of('length')?.paper?.value).toBe('3');
    expect(of('dataset')?.paper?.value).toBe('SupportSum');
    expect(of('weight_decay')?.state).toBe('code');
    expect(of('seeds')).toMatchObject({ state: 'code', code: { value: '13' } });
    expect(of('versions')?.code?.value).toBe('torch==2.3.1');
    expect(of('metric')?.paper?.value).toBe('ROUGE-L');
    expect(gapsOf(facts).map(({ spec }) => spec.id)).toEqual(['learning_rate', 'schedule', 'precision', 'evaluation_script'].filter((id) => ['missing', 'differs'].includes(of(id)?.state ?? '')).toSorted((a, b) => ['blocking', 'important', 'minor'].indexOf(of(a)?.spec.weight ?? '') - ['blocking', 'important', 'minor'].indexOf(of(b)?.spec.weight ?? '')));
    expect(factsText(facts)).toContain('3e-4 in the paper and 1e-4 in the code');
  });

  it('what is not there is missing, with something to do', () => {
    const found = findFacts(paperSections(PRETRAIN_METHOD), [], 'training');
    expect(found.find(({ spec }) => spec.id === 'learning_rate')?.state).toBe('missing');
    expect(found.find(({ spec }) => spec.id === 'seeds')?.paper?.value).toBe('three seeds');
    expect(gapsOf(found)[0]?.spec.weight).toBe('blocking');
    expect([numberOf('3 × 10^{-4}'), numberOf('1,000'), numberOf('3e-4')]).toEqual([0.0003, 1000, 0.0003]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => { findFacts([{ title: text.slice(0, 20), text }], [{ title: 'code', text }], 'training'); }));
  });
});

describe('the estimate', () => {
  it('is what the calculator works out, by its own evaluator', () => {
    fc.assert(fc.property(work, (each) => {
      const { expressions, variables } = expressionsOf(each);
      expect(CalculateArgs.safeParse({ expressions, variables }).error).toBeUndefined();
      const names = new Map(Object.entries(variables));
      const results = expressions.map(({ name, expression }) => { const value = evaluate(expression, names); names.set(name, value); return { name, value }; });
      expect(agrees(budgetOf(each), results)).toBe(true);
      expect(agrees(budgetOf({ ...each, seeds: each.seeds + 1 }), results)).toBe(false);
    }));
  });

  it('stages add up, more budget never pays for less, and what is called affordable is', () => {
    fc.assert(fc.property(work, fc.double({ min: 1, max: 10, noNaN: true }), (each, more) => {
      const budget = budgetOf(each);
      expect(budget.stages.reduce((sum, { gpuHours }) => sum + gpuHours, 0)).toBeCloseTo(budget.totalHours, 6);
      expect(budget.runHours).toBeCloseTo((FACTORS[each.job] * each.parameters_millions * each.tokens_millions * each.epochs * 1e12) / (DEVICES[each.gpu].teraflops * 1e12 * each.utilisation_percent * 0.01 * 3600), 4);
      const richer = budgetOf({ ...each, budget_gpu_hours: each.budget_gpu_hours * more });
      expect(richer.seedsPaid).toBeGreaterThanOrEqual(budget.seedsPaid);
      expect(richer.affordableShare).toBeGreaterThanOrEqual(budget.affordableShare);
      if (budget.seedsPaid > 0) expect((0.11 + budget.seedsPaid) * budget.runHours).toBeLessThanOrEqual(each.budget_gpu_hours * (1 + 1e-6));
      expect(budget.verdict === 'fits').toBe(budget.seedsPaid === each.seeds);
      expect(budget.memoryGb).toBeCloseTo((each.parameters_millions * BYTES[each.job]) / 1000, 6);
    }));
  });

  it('a known case: 410 M parameters, 16.2 M tokens, 3 epochs on an A100 at 30 %', () => {
    // 4 · 410e6 · 16.2e6 · 3 = 7.97e16 operations; at 93.6e12 a second that is 851.5 s.
    expect(budgetOf({ ...input, epochs: 3 }).runHours).toBeCloseTo(0.2365, 3);
  });
});

describe('files and prompts', () => {
  const sections = paperSections(DISTIL_METHOD);
  const draft = { ...newDraft(), title: 'A: b #c', sections, facts: findFacts(sections, [{ title: 'x', text: DISTIL_CODE }], input.job), claims: [{ claim: '=1|\n# x', from: 'your form' }], plan: 'First [m1].\n# No', risks: [{ title: 't', risk: 'r', remedy: 'q', source_id: 'm9', known: false }], calculatorAgrees: true };

  it('are well-formed, and the configuration holds what was found', () => {
    const files = assembleFiles({ provider: 'demo' }, input, draft, 'full', null);
    expect(files.map(({ fileName }) => fileName)).toEqual(['plan.md', 'config.yaml', 'gaps.csv', 'budget.csv', 'hours.svg']);
    for (const file of files) expectFormat(file.fileName, file.content);
    expect(parse(configOf({ provider: 'demo' }, input, draft))).toMatchObject({ reproduction: { paper: 'A: b #c', simulated: true }, training: { learning_rate: 0.0003, batch_size: 32, optimizer: 'AdamW' }, claims: [{ published: null }], stages: { length: 5 + input.seeds } });
    expect(files[0]?.content.match(/^# /gm)).toHaveLength(1);
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]);
  });

  it('the configuration of any legal inputs is YAML', () => {
    fc.assert(fc.property(legalInputs(definition), (legal) => {
      const run = legal as ReproductionPlannerInput;
      const own = paperSections(run.paper_text);
      expect(parse(configOf({ provider: 'openai' }, run, { ...newDraft(), title: run.paper_text.slice(0, 100), facts: findFacts(own, [{ title: 'x', text: run.code_listing }], run.job), claims: run.claims.map((claim) => ({ ...claim, from: 'your form' })) }))).toMatchObject({ reproduction: { job: run.job } });
    }), { numRuns: 25 });
  });

  it('of a Test fit into the plan, whatever the inputs', () => {
    fc.assert(fc.property(legalInputs(definition), fc.string({ unit: 'grapheme', maxLength: 1200 }), (legal, text) => {
      const run = legal as ReproductionPlannerInput;
      const item = (id: string) => ({ id, title: text, url: null, text: `${text}${run.paper_text}` });
      const tokens = (prompt: { messages: Parameters<typeof estimateInputTokens>[0] }) => estimateInputTokens(prompt.messages);
      expect(tokens(claimsPrompt([item('m1'), item('m2'), item('m3')], 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.claims.input[0]);
      expect(tokens(risksPrompt(run, [item('m1'), item('m2'), item('m3')], [item('m4')], 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.risks.input[0]);
      expect(tokens(planPrompt(run, 'Not one full run fits: 123456 GPU hours for 10 seeds against a budget of 100000. 99 % of the tokens of one run can be paid, which makes it a scaled-down replication.', [item('m1'), item('m2'), item('m3'), item('m4')], 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.plan.input[0]);
    }));
    expect(SIZES.claims.input[0] + SIZES.risks.input[0] + SIZES.plan.input[0]).toBeLessThanOrEqual(TEST_CAPS.inputTokens);
  });
});
