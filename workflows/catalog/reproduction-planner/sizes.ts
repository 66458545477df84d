import type { CallSizes } from '#contracts/call-sizes';

/** How much each stage looks at; plan, prompts and workflow read the same figures. Plain data. */
export const SIZES = {
  claims: { title: 'Name the claims to reproduce', input: [2100, 11_000], output: [210, 700] },
  risks: { title: 'Name the risks', input: [1700, 9000], output: [230, 1000] },
  plan: { title: 'Write the plan', input: [2100, 11_000], output: [330, 1900] },
} as const satisfies CallSizes;

type WorkStage = 'test' | 'full';
export const JOBS = ['training', 'fine_tuning', 'evaluation'] as const;
export type Job = (typeof JOBS)[number];
export const GPUS = ['t4', 'l4', 'rtx_4090', 'v100', 'a100_40', 'a100_80', 'h100'] as const;
export type Gpu = (typeof GPUS)[number];

export const claimCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 4);
export const riskCount = (stage: WorkStage): number => (stage === 'test' ? 1 : 5);
export const sectionCount = (stage: WorkStage): number => (stage === 'test' ? 2 : 16);
/** UTF-16 units of the paper, of the facts, of the estimate and of one section of the library in a prompt. */
export const paperCharacters = (stage: WorkStage): number => (stage === 'test' ? 700 : 7_500);
export const factCharacters = (stage: WorkStage): number => (stage === 'test' ? 420 : 3_000);
export const guideCharacters = (stage: WorkStage): number => (stage === 'test' ? 200 : 1_200);
export const repositoryFiles = 14;
/** Issues and pages that a web search may bring. */
export const webResults = 4;
