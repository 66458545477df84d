import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  review: { title: 'Review the paper alone', input: [2700, 16_000], output: [420, 1600] },
  cross: { title: 'Put a point to the paper', input: [1400, 9000], output: [140, 400] },
  judge: { title: 'Judge objection and answer, in both orders', input: [1, 5000], output: [0, 160] },
  rebuttal: { title: 'Draft the rebuttal', input: [0, 12_000], output: [0, 2600] },
  meta: { title: 'Write the meta-review', input: [2100, 10_000], output: [280, 1200] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
export const ROLES = ['methodologist', 'sceptic', 'newcomer', 'domain_expert', 'ethicist'] as const;
export type Role = (typeof ROLES)[number];
export const CRITERIA = ['soundness', 'clarity', 'reproducibility', 'significance'] as const;
export type Criterion = (typeof CRITERIA)[number];
export const KINDS = ['empirical', 'dataset', 'theory', 'systems', 'survey'] as const;
export type PaperKind = (typeof KINDS)[number];

/** Objections that the judge weighs. */
export const MAX_JUDGED = 8;
export const reviewerCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 1 : wanted);
/** Major points that a reviewer may make; each is put to the paper. */
export const pointsPerReviewer = (stage: WorkStage): number => (stage === 'test' ? 1 : 3);
/** Sections of the paper that a prompt holds, and UTF-16 units in all. */
export const sectionCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 16);
export const paperCharacters = (stage: WorkStage): number => (stage === 'test' ? 900 : 11_000);
/** Open items of the checklist that a reviewer is shown, and UTF-16 units of each. */
export const itemCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 5);
export const itemCharacters = (stage: WorkStage): number => (stage === 'test' ? 240 : 500);
export const criteriaCharacters = (stage: WorkStage): number => (stage === 'test' ? 150 : 1_200);
