import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage trains, reads and writes; plan, prompts and workflow read the same figures. */
export const SIZES = {
  milestones: { title: 'Set the milestones', input: [1700, 9000], output: [240, 1600] },
  annotate: { title: 'Annotate the code', input: [1600, 12_000], output: [150, 1400] },
  reading: { title: 'Read the loss', input: [1600, 6000], output: [240, 700] },
  debug: { title: 'Choose one change', input: [0, 5000], output: [0, 400] },
  exercises: { title: 'Make exercises and a rubric', input: [1900, 10_000], output: [330, 3600] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
export const HARDWARE = ['laptop_cpu', 'laptop_gpu', 'gpu_24gb', 'gpu_80gb'] as const;
export type Hardware = (typeof HARDWARE)[number];
export const TOPICS = ['whole', 'tokenizer', 'attention', 'training', 'sampling'] as const;
export const FAULTS = ['none', 'rate_too_small', 'too_few_steps', 'no_context'] as const;
export type Fault = (typeof FAULTS)[number];
export const CHANGES = ['raise_rate', 'lower_rate', 'train_longer', 'widen', 'look_further_back', 'look_less_far_back'] as const;
export type Change = (typeof CHANGES)[number];

export const TEST_STEPS = 20;
export const milestoneCount = (hours: number, stage: WorkStage): number => (stage === 'test' ? 2 : Math.min(7, Math.max(3, 2 + Math.round(hours / 2))));
export const exerciseCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 1 : wanted);
export const rubricCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 5);
export const pieceCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 4);
export const materialCharacters = (stage: WorkStage): number => (stage === 'test' ? 700 : 2600);
export const keptCharacters = (stage: WorkStage): number => (stage === 'test' ? 150 : 500);
/** Characters of a text that are trained on. */
export const corpusLimit = (stage: WorkStage): number => (stage === 'test' ? 6000 : 40_000);
