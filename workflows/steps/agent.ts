import { jsonSafe } from '#contracts/json-safe';
import { neutralise, wrapAsMaterial, clip } from '#contracts/material';
import type { Message, ToolCall } from '#contracts/providers';
import { modelToolName, toolOfModelName } from '#contracts/tool-policy';
import type { ToolResult } from '#contracts/workflow';
import type { StageContext } from '../stages/run-stages.ts';
import { mapItems, type Step } from '../stages/step.ts';
import type { Sources } from './sources.ts';
import { approveCall, type ToolUse } from './tool-approval.ts';

export interface AgentSpec {
  /** system and task; see stages/prompting.ts */
  messages: Message[];
  /** names of tools, each granted to the workflow */
  tools: readonly string[];
  /** model calls at most; each counts against the stage's loop cap too */
  maxTurns: number;
  /** tokens a turn */
  maxOutputTokens: number;
  temperature?: number;
  /** how much of a tool's result the model reads: items, characters of each; all items and 4,000 when left out */
  results?: { items: number; characters: number };
  /** every result gets its id here, so that the answer can cite it */
  sources: Sources;
  /** `ask` puts the call before the person who started the run; all are allowed when left out (grants still hold) */
  approval?: (call: ToolUse) => 'allow' | 'ask' | 'deny';
}

export interface AgentCall extends ToolUse { outcome: ToolResult['outcome'] | 'denied'; /** what the tool said of itself, or why it was not called */ summary: string; /** the tool's own ids of what it brought */ items: string[]; data?: unknown }
export interface AgentOutcome { text: string; turns: number; calls: AgentCall[]; /** `turns`: the last one still asked for tools */ stopped: 'done' | 'turns' }

const MAX_PARALLEL_CALLS = 4;
const MAX_CALLS_A_TURN = 8;
/** Characters of results that stay whole; older ones are cut to their first lines, so that a long loop keeps inside its caps. */
const KEPT_CHARACTERS = 24_000;
const OLD_RESULT_CHARACTERS = 400;
const ASKED_BEFORE = 'You have asked exactly this before; its result is above or beside this one.';
const LAST_TURN = 'This is the last turn: answer now from what you have, without calling tools.';

/** Model ↔ tools until the model answers: one activity a model call and a tool call, calls of one turn in parallel, each result
 * back as marked material. A call that was made before is answered from memory; a tool that is not granted, or that a person
 * denied, is told to the model as such. A run's history stays small: at most `iterations` turns of eight calls. */
export async function agent(context: Pick<StageContext<unknown>, 'turn' | 'ask'>, step: Step, spec: AgentSpec): Promise<AgentOutcome> {
  const asked = step.asked({ messages: spec.messages, maxOutputTokens: spec.maxOutputTokens, ...(spec.temperature === undefined ? {} : { temperature: spec.temperature }) });
  const messages = [...asked.messages];
  const calls: AgentCall[] = [];
  const memory = new Set<string>();
  const always = new Set<string>();
  for (let turn = 1; ; turn += 1) {
    context.turn();
    const last = turn >= spec.maxTurns;
    const turnMessages = last && turn > 1 ? [...messages, { role: 'user' as const, content: LAST_TURN }] : messages;
    const { text, toolCalls } = await step.converse({ ...asked, messages: compacted(turnMessages) }, last && turn > 1 ? [] : spec.tools);
    if (toolCalls.length === 0 || last) return { text, turns: turn, calls, stopped: toolCalls.length === 0 ? 'done' : 'turns' };
    messages.push({ role: 'assistant', content: text, toolCalls });
    // People are asked one after the other; what they allowed runs side by side.
    const decided: { call: ToolCall; use: ToolUse | string }[] = [];
    for (const [index, call] of toolCalls.entries()) decided.push({ call, use: index < MAX_CALLS_A_TURN ? await decide(context, step, spec, call, always) : `At most ${MAX_CALLS_A_TURN} calls a turn; ask again for this one.` });
    const results = await mapItems(decided, MAX_PARALLEL_CALLS, async ({ use }) => (typeof use === 'string' ? use : await run(step, use, memory)));
    // Told in the order of the calls, not of their answers, so that ids are the same in a re-run.
    for (const [index, { call, use }] of decided.entries()) messages.push({ role: 'tool', toolCallId: call.id, content: heard(call, use, results[index] ?? '', spec, calls) });
  }
}

/** @returns the call as it may run, or the sentence for the model */
async function decide(context: Pick<StageContext<unknown>, 'ask'>, step: Step, spec: AgentSpec, call: ToolCall, always: Set<string>): Promise<ToolUse | string> {
  const args = parsed(call.arguments);
  if (!args) return 'The arguments are not a JSON object; send the call again.';
  const tool = toolOfModelName(call.name);
  const use: ToolUse = { tool, arguments: args };
  if (!spec.tools.includes(tool)) {
    step.remark(`The model asked for ${call.name.slice(0, 80)}, which this step may not use; nothing was called.`);
    return `There is no tool named ${call.name.slice(0, 80)} here. Tools: ${spec.tools.map(modelToolName).join(', ')}.`;
  }
  const wanted = always.has(tool) ? 'allow' : (spec.approval?.(use) ?? 'allow');
  if (wanted === 'allow') return use;
  if (wanted === 'deny') return `${tool} may not be used for this.`;
  return approveCall(context, step, use, always);
}

/** @returns the result, or the sentence for a call that was made before */
async function run(step: Step, use: ToolUse, memory: Set<string>): Promise<ToolResult | string> {
  const key = JSON.stringify([use.tool, use.arguments]);
  // Before the call: a twin in the same turn is answered from memory too.
  if (memory.has(key)) return ASKED_BEFORE;
  memory.add(key);
  return step.tool(use.tool, use.arguments);
}

/** Notes the call, and words its result for the model. */
function heard(call: ToolCall, use: ToolUse | string, result: ToolResult | string, spec: AgentSpec, calls: AgentCall[]): string {
  if (typeof use === 'string') {
    calls.push({ tool: call.name, arguments: parsed(call.arguments) ?? {}, outcome: 'denied', summary: use, items: [] });
    return use;
  }
  if (typeof result === 'string') return result;
  calls.push({ ...use, outcome: result.outcome, summary: result.summary, items: result.items.map((item) => item.id), ...(result.data === undefined ? {} : { data: result.data }) });
  return told(result, spec);
}

/** A result as the model reads it: data from outside, marked as such, under ids that can be cited. */
function told(result: ToolResult, { sources, results }: AgentSpec): string {
  const items = sources.add(result.items.slice(0, results?.items));
  const data = result.data === undefined ? '' : `<material id="figures" title="figures">\n${neutralise(clip(JSON.stringify(result.data), results ? results.characters : 8_000))}\n</material>`;
  return [neutralise(result.summary), items.length > 0 ? wrapAsMaterial(items, results?.characters ?? 4_000) : '', data].filter(Boolean).join('\n\n');
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = jsonSafe(JSON.parse(text || '{}'));
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Newest results whole, older ones short. Pure, so that a replay sends the same. */
export function compacted(messages: readonly Message[]): Message[] {
  let left = KEPT_CHARACTERS;
  return [...messages].reverse().map((message) => {
    if (message.role !== 'tool') return message;
    left -= message.content.length;
    return left >= 0 ? message : { ...message, content: clip(message.content, OLD_RESULT_CHARACTERS) };
  }).reverse();
}
