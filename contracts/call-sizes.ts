import type { PlannedCall } from './catalog.schema.ts';

/** How big the calls of a workflow are, in one table that plan (estimate, caps) and prompts both read, so that they cannot drift
 * apart. Plain data, safe in the sandbox. Tokens; `[Test, Full]`, 0 output in Test = the call is not made there. */
export interface CallSize { title: string; input: readonly [test: number, full: number]; output: readonly [test: number, full: number] }
export type CallSizes = Readonly<Record<string, CallSize>>;
type WorkStage = 'test' | 'full';

export const outputOf = (size: CallSize, stage: WorkStage): number => size.output[stage === 'test' ? 0 : 1];

/** One row of a plan for a model call. @param repeat  how often it is made in this stage */
export function plannedModel(step: string, size: CallSize, stage: WorkStage, repeat = 1): PlannedCall {
  const at = stage === 'test' ? 0 : 1;
  return { step, title: size.title, kind: 'model', inputTokens: size.input[at], maxOutputTokens: size.output[at], repeat: size.output[at] === 0 ? 0 : repeat };
}

export const plannedTool = (step: string, title: string, repeat = 1): PlannedCall => ({ step, title, kind: 'tool', inputTokens: 0, maxOutputTokens: 0, repeat });

/** The plan of a stage from the table: each size once, or as often as `repeats` says. Rows that are not made are left out. */
export function planOf(sizes: CallSizes, stage: WorkStage, repeats: Readonly<Record<string, number>> = {}, tools: readonly PlannedCall[] = []): PlannedCall[] {
  const models = Object.entries(sizes).map(([step, size]) => plannedModel(step, size, stage, repeats[step] ?? 1));
  return [...tools, ...models].filter((call) => call.repeat > 0);
}
