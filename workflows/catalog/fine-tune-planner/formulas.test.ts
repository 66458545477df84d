import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '#activities/tools/stats/evaluate';
import { ACCELERATOR_KEYS, MODEL_KEYS, MODEL_SHAPES } from '#contracts/model-shapes';
import type { Figures, Formula } from '../../steps/work-out.ts';
import { batchPlan, dataFindings, methodByRule, placements, smallestDevice, variablesOf } from './choose.ts';
import { budgetFormulas, memoryFormulas } from './formulas.ts';

/** What the calculator makes of the formulas, against arithmetic written a second time here. */
function worked(formulas: readonly Formula[], variables: Figures): Record<string, number> {
  const names = new Map(Object.entries(variables));
  for (const { name, expression } of formulas) names.set(name, evaluate(expression, names));
  return Object.fromEntries(names);
}
const own = { custom_name: '', custom_parameters_billion: 7, custom_layers: 32, custom_hidden_size: 4096, custom_heads: 32, custom_kv_heads: 8, custom_head_size: 128, custom_intermediate_size: 14_336, custom_vocabulary: 128_000 };
const near = (value: number | undefined, wanted: number) => { expect(value).toBeCloseTo(wanted, Math.abs(wanted) > 1000 ? 0 : 6); };

describe('memory', () => {
  it('meets the examples of the library: 7 billion parameters, 2,048 tokens', () => {
    const variables = { ...variablesOf({ ...own, model: 'custom', accelerator: 'a100_80', devices: 8, lora_rank: 16, sequence_length: 2048 }) };
    const figures = worked(memoryFormulas(true), variables);
    near(figures['states_full'], 112);
    expect(figures['states_lora']).toBeGreaterThan(14);
    expect(figures['states_lora']).toBeLessThan(15);
    expect(figures['states_qlora']).toBeCloseTo(3.85 + 16 * (figures['lora_parameters'] ?? 0) / 1e9, 6);
    expect(figures['activations']).toBeCloseTo(0.82, 2);
    expect(figures['scores']).toBeCloseTo(1.05, 2);
    expect(worked(memoryFormulas(false), variables)['activations']).toBeCloseTo(9.13, 2);
    expect(placements(figures, 8)).toEqual({ full: 'sharded', lora: 'each', qlora: 'each' });
  });

  it('a LoRA of rank 16 on Llama 3.1 8B trains 41.9 million parameters, counted matrix by matrix', () => {
    const { hidden, layers, heads, kvHeads, headSize, intermediate } = MODEL_SHAPES.llama_3_1_8b;
    const matrices = [[hidden, heads * headSize], [hidden, kvHeads * headSize], [hidden, kvHeads * headSize], [heads * headSize, hidden], [hidden, intermediate], [hidden, intermediate], [intermediate, hidden]] as const;
    const counted = layers * matrices.reduce((sum, [rows, columns]) => sum + 16 * rows + 16 * columns, 0);
    expect(counted).toBe(41_943_040);
    expect(worked(memoryFormulas(true), variablesOf({ ...own, model: 'llama_3_1_8b', accelerator: 'l4', devices: 1, lora_rank: 16, sequence_length: 512 }))['lora_parameters']).toBe(counted);
  });

  it('what is said to fit stays below nine tenths of the device, and one sequence more does not', () => {
    fc.assert(fc.property(fc.constantFrom(...MODEL_KEYS), fc.constantFrom(...ACCELERATOR_KEYS), fc.integer({ min: 1, max: 16 }), fc.integer({ min: 4, max: 128 }), fc.integer({ min: 128, max: 16_384 }), fc.boolean(), (model, accelerator, devices, rank, length, checkpointing) => {
      const variables = variablesOf({ ...own, model, accelerator, devices, lora_rank: rank, sequence_length: length });
      const figures = worked(memoryFormulas(checkpointing), variables);
      const shape = MODEL_SHAPES[model];
      const sequence = (length * shape.hidden * (checkpointing ? 2 * shape.layers + 34 : 34 * shape.layers) + length * shape.vocabulary * 4) / 1e9;
      const trained = figures['lora_parameters'] ?? 0;
      const states = { full: 16 * shape.parametersBillion, lora: 2 * shape.parametersBillion + trained * 16e-9, qlora: 0.55 * shape.parametersBillion + trained * 16e-9 };
      for (const method of ['full', 'lora', 'qlora'] as const) {
        const [most, sharded] = [figures[`most_${method}`] ?? NaN, figures[`most_${method}_sharded`] ?? NaN];
        const room = (variables['gpu_gb'] ?? 0) * 0.9;
        expect(states[method] + most * sequence).toBeLessThanOrEqual(room + 1e-6);
        expect(states[method] + (most + 1) * sequence).toBeGreaterThan(room - 1e-6);
        expect(states[method] / devices + sharded * sequence).toBeLessThanOrEqual(room + 1e-6);
        expect(sharded).toBeGreaterThanOrEqual(most);
        const device = smallestDevice(states[method] + sequence);
        if (device) expect(device.memoryGb * 0.9).toBeGreaterThanOrEqual(states[method] + sequence);
      }
    }));
  });
});

describe('time and money', () => {
  it('steps, hours and dollars follow from the same figures worked out by hand', () => {
    fc.assert(fc.property(fc.integer({ min: 10, max: 1_000_000 }), fc.double({ min: 5, max: 3000, noNaN: true }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 16 }), fc.boolean(), fc.boolean(), (examples, tokens, epochs, gpus, packed, checkpointing) => {
      const variables = { examples, example_tokens: tokens, length: 1024, epochs, micro: 2, accumulation: 4, gpus, parameters: 8e9, lora_parameters: 4e7, teraflops: 312, utilisation: 0.4, price: 2, packed: packed ? 1 : 0 };
      const figures = worked(budgetFormulas('lora', checkpointing), variables);
      const kept = tokens > 1024 ? 1024 : tokens;
      const sequences = packed ? Math.ceil((examples * kept) / 1024) : examples;
      expect(figures['steps']).toBe(Math.ceil(sequences / (8 * gpus)) * epochs);
      const seconds = (4 * 8e9 * examples * kept * epochs * (checkpointing ? 4 / 3 : 1)) / (gpus * 312e12 * 0.4);
      expect(figures['hours_expected']).toBeCloseTo(seconds / 3600, 6);
      expect(figures['cost_expected']).toBeCloseTo((seconds / 3600) * gpus * 2 * 1.2, 4);
      expect(figures['cost_low']).toBeLessThan(figures['cost_high'] ?? 0);
    }));
  });

  it('meets the example of the library: 1,000 examples in batches of 16 are 63 steps an epoch', () => {
    expect(worked(budgetFormulas('lora', true), { examples: 1000, example_tokens: 100, length: 1024, epochs: 3, micro: 2, accumulation: 8, gpus: 1, parameters: 8e9, lora_parameters: 4e7, teraflops: 312, utilisation: 0.4, price: 2, packed: 0 })).toMatchObject({ effective_batch: 16, steps_an_epoch: 63, steps: 189 });
  });

  it('a batch is a power of two that fits, near the usual size', () => {
    fc.assert(fc.property(fc.constantFrom('full', 'lora', 'qlora'), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 100_000 }), (method, most, devices, sequences) => {
      const { micro, accumulation } = batchPlan(method, most, devices, sequences, 3);
      expect(Number.isInteger(Math.log2(micro)) && micro <= most && micro <= 8).toBe(true);
      expect(accumulation).toBeGreaterThanOrEqual(1);
      expect(micro * accumulation * devices).toBeLessThanOrEqual(Math.max(devices, 64));
    }));
  });
});

describe('choice', () => {
  const all = { full: 'each', lora: 'each', qlora: 'each' } as const;
  it('the wish goes first where it fits, then LoRA, then QLoRA, then nothing', () => {
    expect(methodByRule({ method: 'full', need: 'style', examples_total: 500 }, all)).toBe('full');
    expect(methodByRule({ method: 'full', need: 'style', examples_total: 500 }, { ...all, full: 'no' })).toBe('lora');
    expect(methodByRule({ method: 'auto', need: 'skill', examples_total: 50_000 }, all)).toBe('full');
    expect(methodByRule({ method: 'auto', need: 'skill', examples_total: 50_000 }, { full: 'no', lora: 'no', qlora: 'sharded' })).toBe('qlora');
    expect(methodByRule({ method: 'auto', need: 'style', examples_total: 500 }, { full: 'no', lora: 'no', qlora: 'no' })).toBeNull();
  });

  it('names what the sample would break', () => {
    const lengths = { rows: 20, empty: 1, repeated: 2, averageCharacters: 400, p95Characters: 900, longestCharacters: 9000, answerCharacters: 200, cutShare: 0.05 };
    expect(dataFindings({ examples_total: 100, sequence_length: 512 }, lengths, [{ column: 'prompt', kind: 'email' }])).toHaveLength(5);
    expect(dataFindings({ examples_total: 1000, sequence_length: 512 }, { ...lengths, empty: 0, repeated: 0, cutShare: 0 }, [])).toEqual([]);
  });
});
