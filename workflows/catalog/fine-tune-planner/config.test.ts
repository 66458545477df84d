import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lint } from '#activities/tools/lint/lint';
import { toYaml } from '#contracts/yaml';
import { legalInputs } from '#test/support/legal-inputs';
import { configOf, repair, startValues, valueOf, type Config, type Plan, type Repair } from './config.ts';
import { fineTunePlannerDefinition as definition, type FineTunePlannerInput } from './definition.ts';
import { assembleFiles, newDraft } from './files.ts';
import { LINT_ROUNDS, METHODS, TRAINERS } from './sizes.ts';

const input = (more: object = {}): FineTunePlannerInput => definition.input.parse({ ...definition.presets[0]?.inputs, ...more });
const plan = (method: Plan['method'], placement: Plan['placement'] = 'each'): Plan => ({ method, placement, batch: { micro: 2, accumulation: 8 } });
const problemsOf = (config: Config) => lint('yaml', toYaml(config), 'finetune').problems;

describe('what the planner writes', () => {
  it.each(TRAINERS.flatMap((trainer) => METHODS.flatMap((method) => (['each', 'sharded'] as const).map((placement) => [trainer, method, placement] as const))))('%s, %s, %s passes the check without a remark', (trainer, method, placement) => {
    const config = configOf(input({ trainer }), plan(method, placement), startValues(method));
    expect(problemsOf(config)).toEqual([]);
    expect(parse(toYaml(config))).toMatchObject({ gradient_accumulation_steps: 8, learning_rate: method === 'full' ? 0.00001 : 0.0002 });
  });

  it('a device without bfloat16 gets fp16', () => {
    expect(configOf(input({ accelerator: 't4' }), plan('lora'), startValues('lora'))).toMatchObject({ fp16: true });
  });
});

describe('settings of the person', () => {
  const loop = (settings: Record<string, string>) => {
    const generated = configOf(input(), plan('lora'), startValues('lora'));
    const config: Config = { ...generated, ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, valueOf(value)])) };
    let state: Repair = { config, own: Object.keys(settings), actions: [] };
    const actions: string[] = [];
    for (let round = 1; round <= LINT_ROUNDS; round += 1) { state = repair(state.config, generated, state.own, problemsOf(state.config)); actions.push(...state.actions); if (state.actions.length === 0) break; }
    return { ...state, actions, generated };
  };

  it('a misspelt name is written as the one that is meant, an unknown one leaves, a wrong value goes back', () => {
    const { config, actions } = loop({ warmup_ration: '0.05', flux_capacitor: 'on', learning_rate: '3', lora_dropout: '0.1' });
    expect(config).toMatchObject({ warmup_ratio: 0.05, learning_rate: 0.0002, lora_dropout: 0.1 });
    expect(config).not.toHaveProperty('flux_capacitor');
    expect(actions).toHaveLength(3);
    expect(problemsOf(config)).toEqual([]);
  });

  it('whatever a person writes, three rounds end in a configuration without an error', () => {
    const value = fc.oneof(fc.constantFrom('true', '0.1', '1e-3', '-5', '99999', 'null', '{a: b}', '- x', '"', '2e-2'), fc.string({ minLength: 1, maxLength: 20 }));
    const setting = fc.oneof(fc.constantFrom('learning_rate', 'lora_r', 'datasets', 'adapter', 'bf16', 'fp16', 'micro_batchsize', 'lora_rr', 'base_model', 'seed'), fc.stringMatching(/^[a-z][a-z0-9_]{1,12}$/));
    fc.assert(fc.property(fc.dictionary(setting, value, { maxKeys: 8, noNullPrototype: true }), (settings) => {
      expect(problemsOf(loop(settings).config).filter(({ severity }) => severity === 'error')).toEqual([]);
    }));
  });
});

describe('the files', () => {
  it('come from any draft that has begun, and from none that has not', () => {
    expect(assembleFiles({ provider: 'demo' }, input(), newDraft(), 'test', null)).toEqual([]);
    fc.assert(fc.property(legalInputs(definition), (any) => {
      const files = assembleFiles({ provider: 'demo' }, any as FineTunePlannerInput, { ...newDraft(), trouble: ['The sample could not be profiled.'] }, 'full', 'Stopped.');
      expect(files.map((file) => file.fileName)).toEqual(['runbook.md']);
      expect(files[0]?.content).toContain('## Recommended next steps');
      expect(files[0]?.content).not.toMatch(/undefined|NaN|\[object/);
    }), { numRuns: 10 });
  }, 30_000);
});
