import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage reads and writes; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  evidence: { title: 'Read the evidence on a store', input: [1300, 6000], output: [120, 500] },
  plan: { title: 'Plan migration and exit', input: [1500, 7000], output: [250, 1600] },
  advocate: { title: 'Let the devil\'s advocate speak', input: [1400, 6000], output: [150, 900] },
  decision: { title: 'Explain the decision', input: [1500, 7000], output: [250, 1200] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
/** Stores that are read: a Test takes the first two. */
export const storeCount = (given: number, stage: WorkStage): number => (stage === 'test' ? Math.min(2, given) : given);
export const objectionCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 4);
/** Characters kept of one material, and of one text of the person. */
export const materialCharacters = (stage: WorkStage): number => (stage === 'test' ? 600 : 4000);
export const inputCharacters = (stage: WorkStage): number => (stage === 'test' ? 200 : 1500);
