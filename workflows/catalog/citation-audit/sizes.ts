import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  support: { title: 'Hold a claim against its source', input: [1500, 5500], output: [220, 500] },
  summary: { title: 'Say what to repair first', input: [3500, 12_000], output: [420, 1400] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
export const SEVERITIES = ['critical', 'major', 'minor', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** References that are looked at; a Test takes the first three. */
export const referenceCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 3 : wanted);
/** Claims that a model holds against a source. */
export const claimCount = (wanted: number, stage: WorkStage): number => (stage === 'test' ? 1 : wanted);
/** Source files that are read. */
export const sourceFileCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 8);
/** UTF-16 units of a claim and of the passages it is held against. */
export const claimCharacters = (stage: WorkStage): number => (stage === 'test' ? 240 : 800);
export const passageCharacters = (stage: WorkStage): number => (stage === 'test' ? 420 : 3200);
/** UTF-16 units of one material of the summary, and how many of the library's sections it reads. */
export const findingCharacters = (stage: WorkStage): number => (stage === 'test' ? 900 : 3500);
export const librarySections = (stage: WorkStage): number => (stage === 'test' ? 1 : 2);
/** Pages of cited works that are read, and references that are searched for on the web. */
export const MAX_PAGES = 6;
export const MAX_SEARCHES = 5;
/** Lookups that find no registry before the run stops asking: each waits for the network in vain. */
export const LOOKUPS_IN_VAIN = 2;
