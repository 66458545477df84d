import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. A Test takes one case. */
export const SIZES = {
  scan: { title: 'Look for evidence', input: [0, 9000], output: [0, 500] },
  cases: { title: 'Describe the cases', input: [1900, 16_000], output: [230, 3200] },
  review: { title: 'Let a sceptic review the scores', input: [1500, 14_000], output: [160, 2600] },
  brief: { title: 'Write the one page', input: [2000, 14_000], output: [320, 1100] },
  rehearsal: { title: 'Rehearse the questions', input: [1900, 14_000], output: [230, 3600] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
/** Turns of the agent that looks for evidence: three to search and read, one to write down what it found. */
export const SCAN_TURNS = 4;
/** Texts of the scan that the later prompts read. */
export const MAX_PAGES = 6;
export const MAX_PROCESSES = 10;
export const caseCount = (given: number, stage: WorkStage): number => (stage === 'test' ? 1 : Math.min(MAX_PROCESSES, given));
export const questionCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 1 : wanted);
export const materialCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 4);
export const materialCharacters = (stage: WorkStage): number => (stage === 'test' ? 650 : 2600);
export const keptCharacters = (stage: WorkStage): number => (stage === 'test' ? 140 : 500);

export const SECTORS = { banking: 'Banking', insurance: 'Insurance', retail: 'Retail', manufacturing: 'Manufacturing', health: 'Health care', public: 'Public administration', software: 'Software', logistics: 'Logistics', energy: 'Energy', education: 'Education', professional: 'Professional services', other: 'Other' } as const;
export const CHECKS = ['rule', 'quick', 'expert', 'hard'] as const;
export const LEVELS = ['low', 'medium', 'high'] as const;
export const READINESS = ['ready', 'partly', 'missing'] as const;
export const APPETITES = ['cautious', 'balanced', 'bold'] as const;
