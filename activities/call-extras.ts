import { answerJsonSchema, answerSchema, BUILT_IN_ANSWERS, type CatalogEntry } from '#contracts/catalog.schema';
import { definitionTokens, type CallExtras } from '#contracts/call-extras';
import type { CompletionCall } from '#contracts/providers';
import type { ActivityDeps } from './deps.ts';
import { describeTool, MOST_DEFINITION_BYTES, toToolDefinition, type Tool } from './tools/tool.ts';

/** An MCP server that takes longer to describe its tools is counted with our own words for them. */
const DESCRIBE_MS = 4_000;
/** Schemas that are made for a number of items differ by the digits of it. */
const SOME_ITEMS = 100;

/** Measures what the calls of a run will send beside their messages. @param names of the tools that its inputs ask for */
export async function measureExtras(deps: Pick<ActivityDeps, 'tools'>, entry: CatalogEntry, names: readonly string[], signal: AbortSignal): Promise<CallExtras> {
  const tools = await Promise.all(names.flatMap((name) => {
    const tool = deps.tools[name];
    return tool ? [definitionOf(tool, signal).then((definition) => [name, definitionTokens(definition)] as const)] : [];
  }));
  const answers = [...Object.keys(entry.answers), ...Object.keys(BUILT_IN_ANSWERS)].flatMap((name) => {
    const schema = answerSchema(entry, { name, items: SOME_ITEMS });
    return schema ? [[name, definitionTokens(answerJsonSchema(schema))] as const] : [];
  });
  return { tools: Object.fromEntries(tools), answers: Object.fromEntries(answers) };
}

/** Whether measuring these tools asks somebody over the network. */
export const asksElsewhere = (deps: Pick<ActivityDeps, 'tools'>, names: readonly string[]): boolean => names.some((name) => deps.tools[name]?.define !== undefined);

async function definitionOf(tool: Tool, signal: AbortSignal): Promise<unknown> {
  return describeTool(tool, AbortSignal.any([signal, AbortSignal.timeout(DESCRIBE_MS)])).catch(() => { signal.throwIfAborted(); return toToolDefinition(tool); });
}

/** The most bytes that a call can send beside its messages: what an MCP server will say of its tools is known only when it is asked. */
export function mostExtraBytes(deps: Pick<ActivityDeps, 'tools'>, names: readonly string[], ours: CompletionCall['tools'], answer: CompletionCall['answerSchema']): number {
  const described = names.filter((name) => deps.tools[name]?.define).length * MOST_DEFINITION_BYTES;
  return described + Buffer.byteLength(JSON.stringify([ours ?? [], answer ?? {}]));
}
