import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage reads and writes; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  decompose: { title: 'Divide the system into parts', input: [1400, 6000], output: [170, 900] },
  option: { title: 'Read an option', input: [1100, 5000], output: [110, 500] },
  framework: { title: 'Read the evidence on a framework', input: [0, 5000], output: [0, 500] },
  missed: { title: 'Look for threats that were missed', input: [1300, 5000], output: [110, 700] },
  review: { title: 'Review by one member of the panel', input: [1400, 6000], output: [130, 900] },
  design: { title: 'Write the revised design', input: [1700, 9000], output: [300, 2600] },
  record: { title: 'Write the reason of a decision record', input: [0, 6000], output: [0, 500] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
/** A Test reads one option and hears one reviewer. */
export const optionCount = (given: number, stage: WorkStage): number => (stage === 'test' ? 1 : given);
export const reviewerCount = (given: number, stage: WorkStage): number => (stage === 'test' ? 1 : given);
export const partCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 5);
export const findingCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 2);
export const missedCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 3);
/** Decision records that get a reason of their own. */
export const RECORDS = ['pattern', 'framework', 'powers'] as const;
export const materialCharacters = (stage: WorkStage): number => (stage === 'test' ? 600 : 4000);
export const keptCharacters = (stage: WorkStage): number => (stage === 'test' ? 250 : 2500);
