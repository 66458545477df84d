import type { CallSizes } from '#contracts/call-sizes';

export const SIZES = {
  claims: { title: 'Take the idea apart', input: [1500, 4000], output: [200, 900] },
  relation: { title: 'Compare a claim with a paper', input: [1350, 4000], output: [140, 400] },
  hunt: { title: 'Hunt for prior art', input: [0, 9000], output: [0, 400] },
  positioning: { title: 'Write the positioning', input: [1900, 12_000], output: [240, 2000] },
} as const satisfies CallSizes;

export const RELATIONS = ['same', 'partial', 'different'] as const;
export type Relation = (typeof RELATIONS)[number];

type WorkStage = 'test' | 'full';
export const claimCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 1 : wanted);
export const neighbourCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 3 : wanted);
/** Papers that the model reads for a claim, those with most words in common first. */
export const READ_PER_CLAIM = 3;
/** New papers of one round of the hunt that are read. */
export const READ_PER_ROUND = 4;
export const QUERIES_PER_ROUND = 2;
/** Turns of the adversary in a round: two to search and read, one to say what it found. */
export const HUNT_TURNS = 3;
export const textCharacters = (stage: WorkStage): number => (stage === 'test' ? 1200 : 4000);
export const relationCalls = (claims: number, rounds: number, stage: WorkStage): number => (stage === 'test' ? 3 : claims * READ_PER_CLAIM + rounds * READ_PER_ROUND);
