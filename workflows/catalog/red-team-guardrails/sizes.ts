import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  threats: { title: 'List the threats', input: [1700, 7000], output: [250, 900] },
  attack: { title: 'Ask the app under test', input: [900, 4200], output: [70, 250] },
  judge: { title: 'Judge what code cannot decide', input: [1, 9000], output: [0, 900] },
  compare: { title: 'Judge the answers with and without guardrails', input: [1, 3000], output: [0, 160] },
  harden: { title: 'Write rules for the prompt', input: [1, 7000], output: [0, 600] },
  reading: { title: 'Read the findings', input: [1600, 7000], output: [300, 1000] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
export const FAMILIES = ['extraction', 'secret', 'direct', 'indirect', 'tools', 'exfiltration', 'policy'] as const;
export type Family = (typeof FAMILIES)[number];
export const LAYERS = ['input_filter', 'instructions', 'output_filter', 'tool_policy'] as const;
export type Layer = (typeof LAYERS)[number];
export const TEST_ATTACKS = 3;
export const MAX_ATTACKS = 24;
export const MAX_JUDGED = 8;
export const threatCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 6);
/** Characters kept of the system prompt under test. */
export const promptCharacters = (stage: WorkStage): number => (stage === 'test' ? 500 : 2500);

export const attackCount = (families: number, variants: number, stage: WorkStage): number => (stage === 'test' ? TEST_ATTACKS : Math.min(MAX_ATTACKS, families * variants));
/** Calls to the app under test: attacks and harmless requests, then the same attacks, one new wording of each family, and the harmless ones again. */
export const askedCalls = (families: number, variants: number, harmless: number, stage: WorkStage): number => (stage === 'test' ? TEST_ATTACKS : 2 * (attackCount(families, variants, stage) + harmless) + families);
