import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createLintConfig } from '#activities/tools/lint-config';
import { lint } from '#activities/tools/lint/lint';
import { evaluate } from '#activities/tools/stats/evaluate';
import { ACCELERATOR_KEYS, ACCELERATORS, MODEL_KEYS, MODEL_SHAPES } from '#contracts/model-shapes';
import { legalInputs } from '#test/support/legal-inputs';
import type { Figures, Formula } from '../../steps/work-out.ts';
import { bestSpan, engineScores, figureOf, meets, pick, precisionsOf, spansOf, variablesOf, type Option } from './choose.ts';
import { servingDesignerDefinition as definition, type ServingDesignerInput } from './definition.ts';
import { assembleFiles, newDraft } from './files.ts';
import { loadFormulas, memoryFormulas } from './formulas.ts';
import { composeText, loadTest, rates } from './manifests.ts';
import { ENGINES, PRECISIONS } from './sizes.ts';

/** What the calculator makes of the formulas. */
function worked(formulas: readonly Formula[], variables: Figures): Record<string, number> {
  const names = new Map(Object.entries(variables));
  for (const { name, expression } of formulas) names.set(name, evaluate(expression, names));
  return Object.fromEntries(names);
}
const input = (more: object = {}, preset = 0): ServingDesignerInput => definition.input.parse({ ...definition.presets[preset]?.inputs, ...more });

function optionsOf(given: ServingDesignerInput): { memory: Figures; options: Option[] } {
  const memory = worked(memoryFormulas, variablesOf(given));
  const device = ACCELERATORS[given.accelerator];
  return { memory, options: precisionsOf(given).map((precision) => {
    const spans = spansOf(memory, precision, given.model === 'custom' ? given.custom_heads : MODEL_SHAPES[given.model].heads);
    const variables = { ...variablesOf(given), ...memory, bandwidth: device.bandwidthGbs, teraflops: device.teraflops, fresh: 1 - given.shared_prefix_percent / 100, target: given.p95_seconds, peak: given.peak_qps, mean_share: given.mean_load_percent / 100, price: given.price_usd };
    return bestSpan(precision, spans, spans.length === 0 ? {} : worked(spans.flatMap((span) => loadFormulas(precision, span)), variables));
  }) };
}

describe('sizing', () => {
  it('meets the examples of the library: 128 KiB a token, 1 GiB for 8,192 tokens, 62 tokens a second from 1,000 GB/s', () => {
    const memory = worked(memoryFormulas, variablesOf(input({ model: 'custom', longest_context: 8192, prompt_tokens: 1, answer_tokens: 1 })));
    expect(memory['cache_token']).toBe(131_072);
    expect((memory['cache_longest'] ?? 0) * 1e9).toBe(2 ** 30);
    expect(memory['weights_bits16']).toBe(16);
    expect(worked(loadFormulas('bits16', 1), { ...memory, bandwidth: 1000 / 0.6, teraflops: 100, fresh: 1, target: 1000, peak: 1, mean_share: 1, price: 1 })['alone_bits16_1']).toBeCloseTo(62.5, 0);
  });

  it('the same figures, worked out a second time, for any workload', () => {
    fc.assert(fc.property(fc.constantFrom(...MODEL_KEYS), fc.constantFrom(...ACCELERATOR_KEYS), fc.record({ peak_qps: fc.double({ min: 0.01, max: 500, noNaN: true }), prompt_tokens: fc.integer({ min: 1, max: 20_000 }), answer_tokens: fc.integer({ min: 1, max: 4000 }), longest_context: fc.integer({ min: 1, max: 131_072 }), p95_seconds: fc.double({ min: 0.5, max: 300, noNaN: true }), shared_prefix_percent: fc.integer({ min: 0, max: 95 }), cache_precision: fc.constantFrom('bits16', 'bits8'), mean_load_percent: fc.integer({ min: 1, max: 100 }) }), (model, accelerator, load) => {
      const given = input({ model, accelerator, ...load });
      const [shape, device] = [MODEL_SHAPES[model], ACCELERATORS[accelerator]];
      const { options } = optionsOf(given);
      for (const option of options) {
        if (option.span === null) continue;
        const weights = { bits16: 2, bits8: 1, bits4: 0.55 }[option.precision] * shape.parametersBillion;
        const token = 2 * shape.layers * shape.kvHeads * shape.headSize * (load.cache_precision === 'bits8' ? 1 : 2);
        const cache = (token * (load.prompt_tokens + load.answer_tokens)) / 1e9;
        const bandwidth = device.bandwidthGbs * option.span * 0.6;
        const prompt = (2 * shape.parametersBillion * 1e9 * load.prompt_tokens * (1 - load.shared_prefix_percent / 100)) / (device.teraflops * 1e12 * option.span * 0.5);
        const timeAt = (batch: number) => batch * prompt + load.answer_tokens * ((weights + batch * cache) / bandwidth);
        const room = 0.9 * device.memoryGb * option.span - weights;
        expect(room).toBeGreaterThan(0);
        const batch = figureOf(option, 'batch');
        if (batch < 1) { expect(room < cache || timeAt(1) > 0.7 * load.p95_seconds).toBe(true); continue; }
        expect(batch * cache).toBeLessThanOrEqual(room * (1 + 1e-9));
        expect(timeAt(batch)).toBeLessThanOrEqual(0.7 * load.p95_seconds * (1 + 1e-9));
        if (batch < 256) expect((batch + 1) * cache > room * (1 - 1e-9) || timeAt(batch + 1) > 0.7 * load.p95_seconds * (1 - 1e-9)).toBe(true);
        expect(figureOf(option, 'time')).toBeCloseTo(timeAt(batch), 6);
        // Little's law: what is inside is what arrives times how long it stays.
        expect(figureOf(option, 'goodput') * figureOf(option, 'time')).toBeCloseTo(batch, 6);
        expect((figureOf(option, 'replicas') - 1) * 0.7 * figureOf(option, 'goodput')).toBeGreaterThanOrEqual(load.peak_qps * (1 - 1e-9));
        expect(figureOf(option, 'hour')).toBeCloseTo(figureOf(option, 'replicas') * option.span * given.price_usd, 6);
        expect(figureOf(option, 'thousand')).toBeCloseTo((figureOf(option, 'hour') / (load.peak_qps * (load.mean_load_percent / 100) * 3600)) * 1000, 4);
      }
    }), { numRuns: 300 });
  });

  it('takes the highest precision that fits into what there is, else the one that needs fewest devices', () => {
    const option = (precision: Option['precision'], devices: number, batch = 4): Option => ({ precision, span: 1, figures: { [`batch_${precision}_1`]: batch, [`devices_${precision}_1`]: devices } });
    expect(pick([option('bits16', 6), option('bits8', 4), option('bits4', 3)], 8)?.precision).toBe('bits16');
    expect(pick([option('bits16', 6), option('bits8', 4), option('bits4', 3)], 4)?.precision).toBe('bits8');
    expect(pick([option('bits16', 6), option('bits8', 4), option('bits4', 3)], 2)?.precision).toBe('bits4');
    expect(pick([option('bits16', 6, 0)], 8)).toBeNull();
    expect(precisionsOf({ precision: 'auto', accelerator: 'a100_80' })).toEqual(['bits16', 'bits4']);
  });

  it('ranks only engines of the list, each once', () => {
    expect(engineScores({ needs: ['peak_speed'], engines: ['vllm', 'tensorrt_llm'], shared_prefix_percent: 0, peak_qps: 5 }).map(({ engine }) => engine)).toEqual(['tensorrt_llm', 'vllm']);
    expect(engineScores({ needs: ['laptop'], engines: [...ENGINES], shared_prefix_percent: 0, peak_qps: 0.1 })[0]?.engine).toBe('llama_cpp');
    expect(engineScores({ needs: ['structured_output', 'openai_api'], engines: [...ENGINES], shared_prefix_percent: 65, peak_qps: 5 })[0]?.engine).toBe('sglang');
  });
});

describe('manifests', () => {
  const sized = (preset: number, more: object = {}) => { const given = input(more, preset); const option = pick(optionsOf(given).options, given.devices); return { given, option }; };

  it.each(ENGINES.flatMap((engine) => PRECISIONS.flatMap((precision) => ([8, 16] as const).map((bits) => [engine, precision, bits] as const))))('compose of %s, %s, cache of %i bit passes the check', (engine, precision, bits) => {
    const { given, option } = sized(0, { precision, cache_precision: `bits${bits}`, devices: 500, p95_seconds: 60 });
    expect(option && meets(option)).toBe(true);
    const text = composeText(engine, given, option as Option);
    expect(lint('yaml', text, 'docker_compose').problems).toEqual([]);
    expect(parse(text)).toMatchObject({ services: { model: { deploy: { resources: { reservations: { devices: [{ count: (option as Option).span }] } } } } } });
  });

  it.each(definition.presets.map((preset, index) => [preset.key, index] as const))('the load test of preset %s is a module that k6 takes, with the planned rates', async (_key, index) => {
    const { given, option } = sized(index);
    const script = loadTest('vllm', given, option as Option);
    const result = await createLintConfig().run({ format: 'javascript', schema: 'k6_script', text: script }, { signal: new AbortController().signal } as never);
    expect(result.data).toMatchObject({ valid: true, problems: [] });
    const { steps, soak } = rates(option as Option);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(soak / 60).toBeCloseTo(figureOf(option as Option, 'goodput') * 0.7, 0);
    expect(script).toContain(`p(95)<${given.p95_seconds * 1000}`);
  });
});

it('files come from any draft that has begun', () => {
  expect(assembleFiles({ provider: 'demo' }, input(), newDraft(), 'test', null)).toEqual([]);
  fc.assert(fc.property(legalInputs(definition), (any) => {
    const given = any as ServingDesignerInput;
    const { memory, options } = optionsOf(given);
    const files = assembleFiles({ provider: 'demo' }, given, { ...newDraft(), memory, options, option: pick(options, given.devices) }, 'full', 'Stopped.');
    expect(files[0]?.fileName).toBe('design.md');
    expect(files[0]?.content).toContain('## Recommended next steps');
    expect(files[0]?.content).not.toMatch(/undefined|NaN|\[object/);
  }), { numRuns: 30 });
}, 30_000);
