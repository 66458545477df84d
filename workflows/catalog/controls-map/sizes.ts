import type { CallSizes } from '#contracts/call-sizes';
import { CONTROL_IDS } from './controls.ts';

/** How much each stage reads and writes; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  rules: { title: 'Find duties in a rule text', input: [0, 6000], output: [0, 900] },
  test_idea: { title: 'Think of a test for a control', input: [1000, 3000], output: [110, 350] },
  reading: { title: 'Read the gaps', input: [1800, 6000], output: [300, 1300] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
/** Controls that get a test idea: a Test takes the three most pressing. */
export const controlCount = (stage: WorkStage): number => (stage === 'test' ? 3 : CONTROL_IDS.length);
export const MAX_RULE_TEXTS = 8;
export const materialCharacters = (stage: WorkStage): number => (stage === 'test' ? 900 : 4000);
export const keptCharacters = (stage: WorkStage): number => (stage === 'test' ? 250 : 2000);
