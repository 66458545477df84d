import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { ToolResult } from '#contracts/workflow';
import type { StageContext } from '../stages/run-stages.ts';
import type { Prompt, Step } from '../stages/step.ts';
import { agent, type AgentCall } from './agent.ts';
import type { Source, Sources } from './sources.ts';
import { byRisk, type ToolUse } from './tool-approval.ts';

/** Looks for something with tools of the run's own choosing, where no fixed row of searches fits every case. */
export interface ResearchSpec {
  prompt: Prompt;
  /** names of tools, each granted to the run */
  tools: readonly string[];
  maxTurns: number;
  sources: Sources;
  results?: { items: number; characters: number };
  /** every call is put before the person first; else only what is more than reading and computing */
  askFirst?: boolean;
  /** the row of searches that stands in for a model that takes no tools or asks for none */
  fixed: () => Promise<ToolResult['items']>;
}

export interface Research {
  /** what the model wrote of it; empty when nothing new was found, or the fixed row was taken */
  note: string;
  /** what the calls of this step brought, each once */
  found: Source[];
  calls: AgentCall[];
  /** one sentence a tool that brought nothing, and on the fixed row */
  trouble: string[];
}

/** An agent whose findings are what its tools brought, not what it says: its note is kept only beside material of this run. A
 * model that cannot use tools, or does not, is replaced by the fixed row of searches, and that is said. */
export async function research(context: Pick<StageContext<unknown>, 'turn' | 'ask'>, step: Step, spec: ResearchSpec): Promise<Research> {
  const { prompt, tools, maxTurns, sources, results, askFirst } = spec;
  const before = sources.all.length;
  const outcome = await attempt(() => agent(context, step, {
    ...prompt, tools, maxTurns, sources, ...(results ? { results } : {}), approval: (call: ToolUse) => (askFirst ? 'ask' : byRisk(call)),
  }));
  const calls = outcome?.calls ?? [];
  const trouble = silent(calls);
  if (calls.length === 0) {
    trouble.push(outcome ? 'The model asked for no tool, so the fixed searches were made.' : 'The model takes no tools, so the fixed searches were made.');
    sources.add(await spec.fixed());
  }
  const brought = new Set(calls.flatMap((call) => call.items));
  const found = sources.all.filter((source, index) => index >= before || brought.has(source.originId));
  const note = found.length > 0 && calls.length > 0 ? (outcome?.text ?? '') : '';
  step.summarise([`${calls.length} ${calls.length === 1 ? 'call' : 'calls'} of tools, ${found.length} ${found.length === 1 ? 'text' : 'texts'}${found.length > 0 ? `: ${found.slice(0, 5).map((source) => source.title).join('; ')}` : ''}.`, ...trouble].join(' '));
  return { note, found, calls, trouble };
}

/** @returns null when the model or its endpoint refuses the request as such, as those do that know no tools */
async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof ActivityFailure && !isCancellation(error) ? error.cause : null;
    if (cause instanceof ApplicationFailure && cause.type === 'ProviderRejected') return null;
    throw error;
  }
}

/** What a tool said that never brought anything, once a tool. */
function silent(calls: readonly AgentCall[]): string[] {
  return [...new Set(calls.map((call) => call.tool))].flatMap((tool) => {
    const own = calls.filter((call) => call.tool === tool);
    return own.some((call) => call.outcome === 'ok') ? [] : [`${tool}: ${own[0]?.summary ?? ''}`];
  });
}

/** A call in a few words, for a table of what was done. */
export const callWords = ({ tool, arguments: args }: AgentCall): string => {
  const said = ['query', 'url', 'doi', 'arxiv', 'title', 'sql', 'upload'].map((name) => args[name]).find((value) => typeof value === 'string');
  return `${tool}${typeof said === 'string' ? `: ${said}` : ''}`;
};
