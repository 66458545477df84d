import type { CallSizes } from '#contracts/call-sizes';

export const SIZES = {
  investigate: { title: 'Look for evidence of others', input: [0, 9000], output: [0, 400] },
  assess: { title: 'Weigh the evidence for one part', input: [1200, 3000], output: [140, 350] },
  contradiction: { title: 'Hold claim against evidence', input: [0, 2500], output: [0, 250] },
  memo: { title: 'Write the memo', input: [2200, 10_000], output: [380, 1600] },
} as const satisfies CallSizes;

/** The parts of a review, as the library's skill divides its questions. */
export const PARTS = ['data', 'quality', 'security', 'operation', 'business', 'law'] as const;
export type Part = (typeof PARTS)[number];
export const LEVELS = ['none', 'claimed', 'documented', 'shown'] as const;
export type Level = (typeof LEVELS)[number];
/** Turns of the investigator for one vendor: three to search and read, one to say what it found. */
export const LOOK_TURNS = 4;
export const MUST_HAVES = ['no_training', 'deletion', 'incident_notice', 'region', 'single_sign_on', 'certificate', 'uptime', 'export', 'model_notice', 'indemnity'] as const;
export type MustHave = (typeof MUST_HAVES)[number];

type WorkStage = 'test' | 'full';
export const vendorCount = (given: number, stage: WorkStage): number => (stage === 'test' ? 1 : given);
export const partsOf = (stage: WorkStage): readonly Part[] => (stage === 'test' ? PARTS.slice(0, 3) : PARTS);
