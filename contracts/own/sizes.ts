import type { PlannedCall } from '../catalog.schema.ts';
import { FULL_CAPS, TEST_CAPS } from '../limits.ts';
import { DEFINITION_LIMITS, subKey, type OwnDefinition, type OwnSnapshot, type Step } from './definition.ts';
import { parsePath, valueAt } from './templates.ts';

/** How big the calls of a definition are in a stage: estimate, caps and the interpreter read the same figures. A Test shares its
 * small caps between all calls, so that it reaches the last step. Pure. */
type WorkStage = 'test' | 'full';
/** Of a Test's caps; the rest is room for a repair turn. */
const TEST_PART = 0.92;
export const LEAST_TEST_OUTPUT = 24;
/** Tokens of house rules, persona and marks around the words of a step. */
export const PROMPT_OVERHEAD_TOKENS = 260;
const FULL_VALUE_TOKENS = 14_000;
export const TEST_AGENT_TURNS = 2;
const MAX_SUB_DEPTH = 4;

export interface StepSizes { /** output tokens of one call */ output: (wanted: number) => number; /** input tokens that the values and the material of one call may take, beside its own words */ values: number }
export interface CallRow extends PlannedCall { /** of the words that the step itself writes */ ownTokens: number; turns: number }

export const tokensOf = (text: string): number => Math.ceil(new TextEncoder().encode(text).length / 3);
export const agentTurns = (step: { max_turns: number }, stage: WorkStage): number => (stage === 'test' ? Math.min(TEST_AGENT_TURNS, step.max_turns) : step.max_turns);
export const mapLimit = (step: { max_items: number }, stage: WorkStage): number => (stage === 'test' ? 1 : step.max_items);

/** Model and tool calls of the longest way through, each with how often it is made.
 * @param input  lists that `map` walks through are counted where they are inputs */
export function callRows({ definition, subs }: OwnSnapshot, stage: WorkStage, input: Record<string, unknown> = {}): CallRow[] {
  return rowsOf(definition, definition.steps, { subs, stage, input, prefix: '', depth: 0 });
}

interface At { subs: OwnSnapshot['subs']; stage: WorkStage; input: Record<string, unknown>; prefix: string; depth: number }

function rowsOf(definition: OwnDefinition, steps: readonly Step[], at: At): CallRow[] {
  return steps.flatMap((step) => rowsOfStep(definition, step, at));
}

function rowsOfStep(definition: OwnDefinition, step: Step, at: At): CallRow[] {
  const { stage, prefix } = at;
  const key = `${prefix}${step.key}`;
  const tool = (name: string, repeat: number): CallRow => ({ step: key, title: `${step.title}: ${name}`, kind: 'tool', inputTokens: 0, maxOutputTokens: 0, repeat, ownTokens: 0, turns: 0 });
  switch (step.type) {
    case 'prompt':
    case 'agent': {
      const turns = step.type === 'agent' ? agentTurns(step, stage) : 1;
      const known = definition.knowledge.filter((item) => step.knowledge.includes(item.key)).reduce((sum, item) => sum + tokensOf(item.text), 0);
      const ownTokens = PROMPT_OVERHEAD_TOKENS + tokensOf(step.prompt) + tokensOf(step.system_prompt);
      const row: CallRow = { step: key, title: step.title, kind: 'model', inputTokens: ownTokens + known + (stage === 'test' ? 400 : 1500), maxOutputTokens: step.max_tokens, repeat: turns, ownTokens, turns: step.type === 'agent' ? turns : 0 };
      return [row, ...(step.type === 'agent' ? [tool(step.tools.join(', '), Math.max(0, turns - 1))] : [])];
    }
    case 'tool': return [tool(step.tool, 1)];
    case 'branch': {
      const [yes, no] = [rowsOf(definition, step.do, at), rowsOf(definition, step.else, at)];
      return weight(yes) >= weight(no) ? yes : no;
    }
    case 'parallel': return step.branches.flatMap((branch) => rowsOf(definition, branch.steps, at));
    case 'map': {
      const path = parsePath(step.over);
      const list = path ? valueAt(at.input, path) : undefined;
      const times = Math.min(mapLimit(step, stage), Array.isArray(list) ? list.length : Infinity);
      return rowsOf(definition, step.steps, at).map((row) => ({ ...row, repeat: row.repeat * times, turns: row.turns * times })).filter((row) => row.repeat > 0);
    }
    case 'workflow': {
      const sub = at.subs[subKey(step.workflow, step.version)];
      return sub && at.depth < MAX_SUB_DEPTH ? rowsOf(sub, sub.steps, { ...at, prefix: `${key}-`, depth: at.depth + 1, input: {} }) : [];
    }
    default: return [];
  }
}

/** Steps of the longest way through a Full run, those that only work on what is there included: maps in maps multiply. */
function stepsOf(steps: readonly Step[], subs: OwnSnapshot['subs'], depth = 0): number {
  const inside = (list: readonly Step[]): number => stepsOf(list, subs, depth);
  return steps.reduce((sum, step) => {
    switch (step.type) {
      case 'branch': return sum + 1 + Math.max(inside(step.do), inside(step.else));
      case 'parallel': return sum + step.branches.reduce((total, branch) => total + inside(branch.steps), 1);
      case 'map': return sum + 1 + mapLimit(step, 'full') * inside(step.steps);
      case 'workflow': return sum + 1 + (depth < MAX_SUB_DEPTH ? stepsOf(subs[subKey(step.workflow, step.version)]?.steps ?? [], subs, depth + 1) : 0);
      default: return sum + 1;
    }
  }, 0);
}

const weight = (rows: readonly CallRow[]): number => rows.reduce((sum, row) => sum + row.repeat * (row.inputTokens + row.maxOutputTokens), 0);
const wordsOf = (rows: readonly CallRow[]): number => rows.reduce((sum, row) => sum + row.repeat * row.ownTokens, 0);
const modelCalls = (rows: readonly CallRow[]): number => rows.filter((row) => row.kind === 'model').reduce((sum, row) => sum + row.repeat, 0);

/** What one call may take in this stage. */
export function sizesOf(snapshot: OwnSnapshot, stage: WorkStage): StepSizes {
  if (stage === 'full') return { output: (wanted) => wanted, values: FULL_VALUE_TOKENS };
  const rows = callRows(snapshot, 'test');
  const calls = Math.max(1, modelCalls(rows));
  const share = Math.floor((TEST_CAPS.outputTokens * TEST_PART) / calls);
  return { output: (wanted) => Math.min(wanted, share), values: Math.max(0, Math.floor((TEST_CAPS.inputTokens * TEST_PART - wordsOf(rows)) / calls)) };
}

/** The plan of a stage: what the estimate and the person see before it starts. */
export function planOf(snapshot: OwnSnapshot, stage: WorkStage, input: Record<string, unknown>): PlannedCall[] {
  const { output, values } = sizesOf(snapshot, stage);
  return callRows(snapshot, stage, input).map(({ ownTokens, turns: _turns, ...row }) => (row.kind === 'tool' ? row : { ...row, inputTokens: Math.min(row.inputTokens, ownTokens + values), maxOutputTokens: output(row.maxOutputTokens) }));
}

/** Caps that cannot hold, in words. */
export function capProblems(snapshot: OwnSnapshot): string[] {
  const test = callRows(snapshot, 'test');
  const full = callRows(snapshot, 'full');
  const calls = modelCalls(test);
  const problems: string[] = [];
  const sum = (rows: readonly CallRow[], of: (row: CallRow) => number): number => rows.reduce((total, row) => total + row.repeat * of(row), 0);
  if (calls * LEAST_TEST_OUTPUT > TEST_CAPS.outputTokens * TEST_PART) problems.push(`makes ${calls} model calls in a Test, which has ${TEST_CAPS.outputTokens} output tokens for all of them: no call would get ${LEAST_TEST_OUTPUT}`);
  const words = wordsOf(test);
  if (words > TEST_CAPS.inputTokens * TEST_PART) problems.push(`its prompts alone are ${words} tokens, more than the ${TEST_CAPS.inputTokens} that a Test may read`);
  const turns = test.reduce((total, row) => total + row.turns, 0);
  if (turns > TEST_CAPS.iterations) problems.push(`takes ${turns} agent turns in a Test, which has ${TEST_CAPS.iterations}`);
  const steps = stepsOf(snapshot.definition.steps, snapshot.subs);
  if (steps > DEFINITION_LIMITS.runSteps) problems.push(`may take ${steps.toLocaleString('en-US')} steps in a Full run, which has ${DEFINITION_LIMITS.runSteps.toLocaleString('en-US')}: lower max_items`);
  const worst = sum(full, (row) => (row.kind === 'model' ? row.maxOutputTokens : 0));
  const limit = Math.min(FULL_CAPS.outputTokens, snapshot.definition.policy.caps.output_tokens ?? Infinity);
  if (worst > limit) problems.push(`may write ${worst.toLocaleString('en-US')} tokens in a Full run, which has ${limit.toLocaleString('en-US')}: lower max_tokens or max_items, or raise the cap`);
  const fullTurns = full.reduce((total, row) => total + row.turns, 0);
  if (fullTurns > FULL_CAPS.iterations) problems.push(`may take ${fullTurns} agent turns in a Full run, which has ${FULL_CAPS.iterations}`);
  return problems;
}
