import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  probe: { title: 'Answer a sample', input: [600, 2500], output: [90, 400] },
  price_check: { title: 'Compare a price page with the table', input: [0, 6000], output: [0, 700] },
  assumptions: { title: 'Find the weakest assumptions', input: [1700, 6000], output: [170, 900] },
  levers: { title: 'Look for ways to spend less', input: [0, 6000], output: [0, 900] },
  memo: { title: 'Write the memo', input: [1900, 7000], output: [300, 1200] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
export const MAX_PROBED = 4;
export type Probe = 'none' | 'own' | 'named';
/** Candidates that are priced: a Test takes the first. */
export const candidateCount = (given: number, stage: WorkStage): number => (stage === 'test' ? 1 : given);
export const sampleCount = (given: number, stage: WorkStage): number => (stage === 'test' ? Math.min(2, given) : given);
/** Models that answer the samples. */
export const probedCount = (probe: Probe, named: number, stage: WorkStage): number => (probe === 'none' ? 0 : probe === 'own' || stage === 'test' ? 1 : Math.max(1, Math.min(MAX_PROBED, named)));
export const assumptionCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 4);
export const materialCharacters = (stage: WorkStage): number => (stage === 'test' ? 800 : 5000);
export const keptCharacters = (stage: WorkStage): number => (stage === 'test' ? 200 : 1500);
/** Models whose prices are searched for. */
export const MAX_PRICE_SEARCHES = 4;
