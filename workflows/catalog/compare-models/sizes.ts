import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  answer: { title: 'Answer a case', input: [660, 3000], output: [100, 500] },
  judge: { title: 'Compare two answers, both orders', input: [1250, 9000], output: [60, 200] },
  failures: { title: 'Read the failures', input: [1150, 12_000], output: [170, 1500] },
  advice: { title: 'Explain the pick', input: [1200, 6000], output: [150, 600] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
/** Characters kept of one text of the person or of a model. */
export const keptCharacters = (stage: WorkStage): number => (stage === 'test' ? 200 : 2000);
export const caseCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 2 : wanted);
export const candidateCount = (given: number, stage: WorkStage): number => (stage === 'test' ? 2 : given);
/** Cases a judge sees; each is two calls a candidate. */
export const judgedCount = (cases: number, stage: WorkStage): number => (stage === 'test' ? Math.min(1, cases) : cases);
/** Failures that one reading sorts. */
export const failureCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 12);
