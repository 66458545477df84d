import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  questions: { title: 'Write questions from a document', input: [2200, 5000], output: [300, 900] },
  reading: { title: 'Read the failures and recommend', input: [2600, 9000], output: [350, 1300] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
export const CHUNK_SIZES = ['200', '400', '800', '1200', '2000'] as const;
export const OVERLAPS = ['0', '10', '25'] as const;
export const METHODS = ['bm25', 'tfidf'] as const;
export const MAX_DOCUMENTS = 24;
/** Characters kept of one document; the evaluation takes no more. */
export const documentCharacters = (stage: WorkStage): number => (stage === 'test' ? 3000 : 50_000);
export const documentCount = (stage: WorkStage): number => (stage === 'test' ? 1 : MAX_DOCUMENTS);
/** Characters of a document that questions are written from. */
export const shownCharacters = (stage: WorkStage): number => (stage === 'test' ? 1500 : 9000);
export const givenCount = (stage: WorkStage): number => (stage === 'test' ? 3 : 60);
export const variantCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 12);
/** Documents that questions are written from, and how many from each. */
export const MAX_QUESTION_CALLS = 10;
export const questionCalls = (wanted: number, stage: WorkStage): number => (stage === 'test' ? Math.min(1, wanted) : Math.min(wanted, MAX_QUESTION_CALLS));
export const questionsEach = (wanted: number, calls: number, stage: WorkStage): number => (stage === 'test' ? 2 : Math.min(6, Math.max(1, Math.ceil(wanted / Math.max(1, calls)))));
/** Far down the list: what is not among so many is not a matter of ranking. */
export const DEEP_K = 50;
/** How much recall may be given up for a smaller context. */
export const TOLERANCE = { recall: 0, balanced: 0.03, small_context: 0.1 } as const;
/** Above one of these a written question only repeats its passage: share of its words that stand there, share of the passage's words that it uses. */
export const TOO_EASY = { overlap: 0.8, copied: 0.6 } as const;
