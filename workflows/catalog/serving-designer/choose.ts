import { ACCELERATORS, shapeOf } from '#contracts/model-shapes';
import type { Figures } from '../../steps/work-out.ts';
import type { ServingDesignerInput } from './definition.ts';
import { optionKey } from './formulas.ts';
import { ENGINES, PRECISIONS, SPANS, type Engine, type Precision } from './sizes.ts';

/** What follows from the figures. Pure. */
export interface Option { precision: Precision; /** devices of a replica; null = not even eight hold the longest request */ span: number | null; figures: Figures }
type Keys = 'batch' | 'slots' | 'in_time' | 'time' | 'goodput' | 'replicas' | 'devices' | 'hour' | 'thousand' | 'alone' | 'prompt_time' | 'cache';
export const figureOf = (option: Option, key: Keys): number => option.figures[`${key}_${optionKey(option.precision, option.span ?? 0)}`] ?? NaN;

export const variablesOf = (input: ServingDesignerInput): Figures => {
  const shape = shapeOf(input.model, input);
  return { parameters: shape.parametersBillion * 1e9, layers: shape.layers, kv_heads: shape.kvHeads, head_size: shape.headSize, kv_bytes: input.cache_precision === 'bits8' ? 1 : 2, gpu_gb: ACCELERATORS[input.accelerator].memoryGb, prompt: input.prompt_tokens, answer: input.answer_tokens, longest_context: input.longest_context };
};

/** The numbers of devices on which the longest request fits beside the weights; heads have to divide among them. */
export const spansOf = (memory: Figures, precision: Precision, heads: number): number[] => SPANS.filter((span) => heads % span === 0 && (memory[`longest_${precision}_${span}`] ?? 0) >= 1);

/** Of one precision on several spans: the one that keeps the promise with the fewest devices in all, else the smallest. */
export function bestSpan(precision: Precision, spans: readonly number[], figures: Figures): Option {
  const options = spans.map((span): Option => ({ precision, span, figures }));
  return options.filter(meets).toSorted((a, b) => figureOf(a, 'devices') - figureOf(b, 'devices'))[0] ?? options[0] ?? { precision, span: null, figures: {} };
}

/** Precisions that come into question: the person's, else all; 8 bit only where the device computes in it. */
export const precisionsOf = (input: Pick<ServingDesignerInput, 'precision' | 'accelerator'>): Precision[] => (input.precision === 'auto' ? PRECISIONS.filter((precision) => precision !== 'bits8' || ACCELERATORS[input.accelerator].fp8) : [input.precision]);

export const meets = (option: Option): boolean => option.span !== null && figureOf(option, 'batch') >= 1;

/** The highest precision that keeps the promise with the devices there are; when none does, the one that needs the fewest. */
export function pick(options: readonly Option[], devices: number): Option | null {
  const good = options.filter(meets);
  return good.find((option) => figureOf(option, 'devices') <= devices) ?? good.toSorted((a, b) => figureOf(a, 'devices') - figureOf(b, 'devices'))[0] ?? null;
}

/** What the library's table says of each engine. */
export const TRAITS: Record<Engine, { strong: string; mind: string }> = {
  vllm: { strong: 'broad model support, throughput on GPUs, OpenAI-like server', mind: 'settings of GPU memory' }, sglang: { strong: 'reuse of prefixes, structured output, agents', mind: 'a younger ecosystem' },
  tensorrt_llm: { strong: 'peak speed on NVIDIA', mind: 'build steps and fixed shapes' }, llama_cpp: { strong: 'processors, laptops, GGUF files', mind: 'less throughput for many users' },
};

/** Points for what the library's table says an engine is strong at; reasons stand beside. Ties keep the order of the list. */
export function engineScores(input: Pick<ServingDesignerInput, 'needs' | 'engines' | 'shared_prefix_percent' | 'peak_qps'>): { engine: Engine; points: number; why: string }[] {
  const wants = (need: ServingDesignerInput['needs'][number]): boolean => input.needs.includes(need);
  const rules: Record<Engine, [boolean, number, string][]> = {
    vllm: [[true, 2, 'broad model support and throughput on GPUs'], [wants('openai_api'), 1, 'OpenAI-like server'], [wants('adapters'), 1, 'serves several adapters']],
    sglang: [[true, 1, 'throughput on GPUs'], [input.shared_prefix_percent >= 40, 2, 'reuses prefixes'], [wants('structured_output'), 1, 'structured output'], [wants('openai_api'), 1, 'OpenAI-like server'], [wants('mature'), -2, 'younger ecosystem']],
    tensorrt_llm: [[true, 1, 'peak speed on NVIDIA'], [wants('peak_speed'), 3, 'peak speed is asked for'], [wants('simple_operation'), -2, 'build steps and fixed shapes']],
    llama_cpp: [[input.peak_qps < 0.2, 2, 'few users'], [wants('laptop'), 3, 'runs on laptops and processors'], [input.peak_qps >= 1, -2, 'less throughput for many users'], [wants('openai_api'), 1, 'OpenAI-like server']],
  };
  return ENGINES.filter((engine) => input.engines.includes(engine)).map((engine) => {
    const said = rules[engine].filter(([holds]) => holds);
    return { engine, points: said.reduce((sum, [, points]) => sum + points, 0), why: said.map(([, points, why]) => `${why} (${points > 0 ? '+' : '−'}${Math.abs(points)})`).join(', ') || 'nothing of what is asked for' };
  }).toSorted((a, b) => b.points - a.points);
}
