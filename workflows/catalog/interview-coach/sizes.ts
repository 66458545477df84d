import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage reads, asks and writes; plan, prompts and workflow read the same figures. A Test asks one question. */
export const SIZES = {
  topics: { title: 'Make a graph of topics', input: [2000, 12_000], output: [200, 2000] },
  question: { title: 'Ask', input: [1800, 9000], output: [240, 900] },
  grade: { title: 'Grade one criterion', input: [1150, 6000], output: [110, 350] },
  cards: { title: 'Make the cards', input: [1700, 16_000], output: [220, 5000] },
  advice: { title: 'Advise', input: [0, 14_000], output: [0, 1200] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
/** Criteria of one question; each is graded in a call of its own. */
export const criterionCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 3);
export const topicCount = (days: number, stage: WorkStage): number => (stage === 'test' ? 2 : Math.min(8, Math.max(3, 3 + Math.floor(days / 3))));
export const questionCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 1 : wanted);
export const cardCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 2 : wanted);
export const candidateLimit = (stage: WorkStage): number => (stage === 'test' ? 6 : 40);
export const materialsPerTopic = (stage: WorkStage): number => (stage === 'test' ? 1 : 3);
/** Characters kept of one candidate, one piece of material, one text of the person. */
export const candidateCharacters = (stage: WorkStage): number => (stage === 'test' ? 110 : 240);
export const materialCharacters = (stage: WorkStage): number => (stage === 'test' ? 800 : 3000);
export const keptCharacters = (stage: WorkStage): number => (stage === 'test' ? 120 : 300);
export const answerCharacters = (stage: WorkStage): number => (stage === 'test' ? 400 : 4000);

export const DIFFICULTIES = ['recall', 'explain', 'apply', 'compare', 'design'] as const;
