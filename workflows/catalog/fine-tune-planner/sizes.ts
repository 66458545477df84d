import type { CallSizes } from '#contracts/call-sizes';

export const SIZES = {
  method: { title: 'Choose the method', input: [2600, 6000], output: [260, 600] },
  settings: { title: 'Set the values', input: [0, 6000], output: [0, 500] },
  reading: { title: 'Write what to watch', input: [2600, 8000], output: [380, 1500] },
} as const satisfies CallSizes;

export const METHODS = ['full', 'lora', 'qlora'] as const;
export type Method = (typeof METHODS)[number];
export const TRAINERS = ['axolotl', 'trl_peft', 'unsloth'] as const;
export type Trainer = (typeof TRAINERS)[number];

type WorkStage = 'test' | 'full';
/** Rows of the sample that are read. */
export const sampleRows = (stage: WorkStage): number => (stage === 'test' ? 20 : 200_000);
export const materialCharacters = (stage: WorkStage): number => (stage === 'test' ? 1300 : 4000);
/** Rounds of check and repair of the configuration. */
export const LINT_ROUNDS = 3;
