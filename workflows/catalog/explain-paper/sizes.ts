import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage reads and writes; plan, prompts and workflow read the same figures. A Test looks at the abstract alone. */
export const SIZES = {
  map: { title: 'Map the sections', input: [1300, 14_000], output: [110, 2600] },
  claims: { title: 'Find claims and evidence', input: [1700, 26_000], output: [310, 3800] },
  again: { title: 'Ask again for quotes that were not found', input: [0, 26_000], output: [0, 2000] },
  explain: { title: 'Explain at three levels', input: [1700, 22_000], output: [230, 1500] },
  figures: { title: 'Put the figures in words', input: [0, 12_000], output: [0, 2000] },
  glossary: { title: 'Define the terms', input: [1300, 10_000], output: [120, 2400] },
  self_test: { title: 'Make a self-test', input: [1700, 22_000], output: [220, 3200] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
export const LEVELS = ['newcomer', 'student', 'practitioner'] as const;
export type Level = (typeof LEVELS)[number];
export const ROLES = ['abstract', 'problem', 'background', 'method', 'results', 'limits', 'conclusion', 'other'] as const;
export type Role = (typeof ROLES)[number];

export const sectionLimit = (stage: WorkStage): number => (stage === 'test' ? 1 : 24);
export const claimCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 2 : wanted);
export const questionCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 1 : wanted);
export const termCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 12);
export const FIGURE_LIMIT = 8;
/** Characters of one section in a prompt: to map it, to read it. */
export const mapCharacters = (stage: WorkStage): number => (stage === 'test' ? 500 : 900);
export const readCharacters = (stage: WorkStage): number => (stage === 'test' ? 1000 : 3500);
/** Characters kept of a text of the person in a prompt. */
export const keptCharacters = (stage: WorkStage): number => (stage === 'test' ? 120 : 500);
