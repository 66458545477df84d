import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  queries: { title: 'Widen the search', input: [800, 1800], output: [120, 500] },
  screen: { title: 'Screen a paper', input: [780, 2600], output: [80, 220] },
  extract: { title: 'Extract what a paper says', input: [760, 2200], output: [150, 500] },
  extract_full: { title: 'Extract from the full text', input: [1, 6000], output: [0, 600] },
  synthesis: { title: 'Write the synthesis', input: [1500, 40_000], output: [240, 2400] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
export const SCREENERS = 2;
/** Papers that are screened; a Test takes the three nearest. */
export const paperCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 3 : wanted);
/** Papers whose content is extracted; a Test does one. */
export const extractCount = (included: number, stage: WorkStage): number => (stage === 'test' ? Math.min(1, included) : included);
export const queryCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 4);
/** UTF-16 units of the question, the criteria and one abstract in a prompt. */
export const questionCharacters = (stage: WorkStage): number => (stage === 'test' ? 150 : 400);
export const criteriaCharacters = (stage: WorkStage): number => (stage === 'test' ? 80 : 1_000);
export const abstractCharacters = (stage: WorkStage): number => (stage === 'test' ? 200 : 1_200);
/** Papers that the synthesis reads; the table of the review holds them all. */
export const synthesisPapers = (stage: WorkStage): number => (stage === 'test' ? 2 : 25);
/** UTF-16 units of one paper in the synthesis. */
export const synthesisCharacters = (stage: WorkStage): number => (stage === 'test' ? 220 : 1_200);
/** Full texts that are read, and UTF-16 units of one in a prompt. */
export const MAX_FULL_TEXTS = 8;
export const fullTextCharacters = 9_000;
export const RESULTS_PER_QUERY = 15;
