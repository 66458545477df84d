import { ACCELERATORS, shapeOf, type Accelerator } from '#contracts/model-shapes';
import type { Figures } from '../../steps/work-out.ts';
import type { FineTunePlannerInput } from './definition.ts';
import { METHODS, type Method } from './sizes.ts';

/** What follows from the figures: where each method fits, which one is taken, how the batch is cut. Pure. */
export type Placement = 'each' | 'sharded' | 'no';
export interface Lengths { rows: number; empty: number; repeated: number; averageCharacters: number; p95Characters: number; longestCharacters: number; answerCharacters: number; /** share of rows above the sequence length */ cutShare: number }
export interface BatchPlan { micro: number; accumulation: number }
type Shape = Pick<FineTunePlannerInput, 'model' | 'accelerator' | 'devices' | 'lora_rank' | 'sequence_length'> & Parameters<typeof shapeOf>[1];

/** `each`: the whole model stands on every device; `sharded`: only divided over all of them. */
export function placements(figures: Figures, devices: number): Record<Method, Placement> {
  const at = (name: string): number => figures[name] ?? 0;
  return Object.fromEntries(METHODS.map((method) => [method, at(`most_${method}`) >= 1 ? 'each' : devices > 1 && at(`most_${method}_sharded`) >= 1 ? 'sharded' : 'no'])) as Record<Method, Placement>;
}

/** The person's wish when it fits; else the simplest that fits, LoRA first: full tuning only for a new skill with very many examples. */
export function methodByRule(input: Pick<FineTunePlannerInput, 'method' | 'need' | 'examples_total'>, where: Record<Method, Placement>): Method | null {
  const wished = input.method === 'auto' ? null : input.method;
  const order: (Method | null)[] = [wished, input.need === 'skill' && input.examples_total >= 20_000 ? 'full' : null, 'lora', 'qlora'];
  return order.find((method): method is Method => method !== null && where[method] !== 'no') ?? null;
}

export const variablesOf = (input: Shape): Figures => {
  const shape = shapeOf(input.model, input);
  return {
    parameters: shape.parametersBillion * 1e9, layers: shape.layers, hidden: shape.hidden, q_width: shape.heads * shape.headSize, kv_width: shape.kvHeads * shape.headSize, intermediate: shape.intermediate, vocabulary: shape.vocabulary,
    rank: input.lora_rank, length: input.sequence_length, gpus: input.devices, gpu_gb: ACCELERATORS[input.accelerator].memoryGb,
  };
};

/** Micro batch as a power of two that fits, and accumulation up to the usual effective batch: 16 for adapters, 64 for full tuning;
 * half as much when the schedule would have fewer than 100 steps. */
export function batchPlan(method: Method, most: number, devices: number, sequences: number, epochs: number): BatchPlan {
  const usual = method === 'full' ? 64 : 16;
  const wanted = (sequences * epochs) / usual < 100 ? usual / 2 : usual;
  const share = Math.max(1, Math.floor(wanted / devices));
  const micro = 2 ** Math.floor(Math.log2(Math.max(1, Math.min(most, 8, share))));
  return { micro, accumulation: Math.max(1, Math.floor(wanted / (micro * devices))) };
}

/** The smallest device of the list that holds a method alone; null when none does. */
export function smallestDevice(needGb: number): Accelerator | null {
  return Object.values(ACCELERATORS).filter(({ memoryGb }) => 0.9 * memoryGb >= needGb).toSorted((a, b) => a.memoryGb - b.memoryGb)[0] ?? null;
}

/** Whether tuning is the first thing to try, by the need; the table of the library's skill as sentences. */
export const VERDICTS: Record<FineTunePlannerInput['need'], { first: string; tuneWhen: string }> = {
  facts: { first: 'Retrieval first: tuning is rarely the right tool for facts that change.', tuneWhen: 'the form of use must change too' },
  format: { first: 'Structured output and a few examples in the prompt first.', tuneWhen: 'it still fails often, or the prompts have become too long' },
  style: { first: 'A prompt with examples first, as the baseline to beat.', tuneWhen: 'thousands of calls a day pay for it' },
  cost: { first: 'A smaller model with the same prompt first.', tuneWhen: 'the small model needs a narrow skill that it lacks' },
  skill: { first: 'A better prompt, and tools, first.', tuneWhen: 'you have hundreds of good examples' },
};

/** What the sample shows that training would trip over, most serious first. */
export function dataFindings(input: Pick<FineTunePlannerInput, 'examples_total' | 'sequence_length'>, lengths: Lengths | null, pii: readonly { column: string; kind: string }[]): string[] {
  const share = (count: number, of: number): string => `${count} of ${of} rows`;
  return [
    input.examples_total < 200 && `${input.examples_total} examples are few: start with 200 to 1,000 clean ones, then look at quality over data size.`,
    lengths !== null && lengths.empty > 0 && `Empty prompt or answer: ${share(lengths.empty, lengths.rows)}. Take them out.`,
    lengths !== null && lengths.repeated > 0 && `Prompt repeated: ${share(lengths.repeated, lengths.rows)}. Keep one of each, or they may stand in training and in test.`,
    lengths !== null && lengths.cutShare > 0 && `${Math.round(lengths.cutShare * 100)} % of the rows are longer than ${input.sequence_length} tokens. Filter them by length; cut no answer in the middle.`,
    ...pii.map(({ column, kind }) => `Column ${column} holds personal data (${kind}). Remove it before training: a model can repeat what it saw.`),
  ].filter((found): found is string => typeof found === 'string');
}
