import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  answer: { title: 'Answer a case with a prompt', input: [760, 3600], output: [60, 300] },
  propose: { title: 'Propose changes to the prompt', input: [1500, 9000], output: [200, 1200] },
  judge: { title: 'Judge both answers, in both orders', input: [1, 3000], output: [0, 160] },
  reading: { title: 'Explain the result', input: [1500, 7000], output: [250, 900] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
/** Characters kept of the prompt and of a case in one call. */
export const promptCharacters = (stage: WorkStage): number => (stage === 'test' ? 450 : 4000);
export const caseCharacters = (stage: WorkStage): number => (stage === 'test' ? 250 : 1500);
export const roundCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 1 : wanted);
export const candidateCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 1 : wanted);
export const TEST_CASES = 3;
/** Held-back cases with two different answers that the judge looks at. */
export const MAX_JUDGED = 6;

/** Which cases are looked at and tuned on, and which are held back: spread evenly, the same each time. A Test tunes on three and holds nothing back. */
export function splitOf(cases: number, holdoutPercent: number, stage: WorkStage): { dev: number[]; holdout: number[] } {
  const all = Array.from({ length: cases }, (_, index) => index);
  if (stage === 'test') return { dev: all.slice(0, TEST_CASES), holdout: [] };
  const held = Math.min(cases - 2, Math.max(1, Math.round((cases * holdoutPercent) / 100)));
  // Bresenham's way of spreading `held` marks over all places.
  const holdout = all.filter((index) => Math.floor(((index + 1) * held) / cases) > Math.floor((index * held) / cases));
  return { dev: all.filter((index) => !holdout.includes(index)), holdout };
}

export interface Budget { cases: number; holdoutPercent: number; rounds: number; candidates: number; calls: number }
/** Answers that a stage asks for at most: the start, the candidates of every round, and start and winner on what was held back. */
export function answerCalls({ cases, holdoutPercent, rounds, candidates, calls }: Budget, stage: WorkStage): number {
  const { dev, holdout } = splitOf(cases, holdoutPercent, stage);
  const wanted = dev.length * (1 + roundCount(rounds, stage) * candidateCount(candidates, stage)) + 2 * holdout.length;
  return stage === 'test' ? wanted : Math.min(wanted, Math.max(calls, dev.length + 2 * holdout.length));
}
