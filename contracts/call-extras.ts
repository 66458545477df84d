import type { Message } from './providers.ts';

/** What the calls of a run send beside their messages, as the check of its tools measured it: input tokens by the name of a tool, and by
 * the name of an answer schema. Absent in runs whose check was made before it measured. */
export interface CallExtras { tools: Record<string, number>; answers: Record<string, number> }

/** Words that vendors themselves put before a call with tools (Anthropic names 264 to 530, by model). */
const TOOL_USE_TOKENS = 530;
/** Of a definition that the check did not see; the largest of our own tools has 560. */
const UNMEASURED_TOKENS = 600;
const BYTES_PER_TOKEN = 3;

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Tokens of a definition or schema as it is sent. */
export const definitionTokens = (definition: unknown): number => Math.ceil(bytesOf(JSON.stringify(definition)) / BYTES_PER_TOKEN);

/** Estimated input tokens of a call beside what its messages say in words: tools, answer schema, and the calls of earlier turns. */
export function extraTokens(extras: CallExtras, { messages, tools, answer }: { messages: readonly Message[]; tools: readonly string[]; answer: string | undefined }): number {
  const defined = tools.length === 0 ? 0 : tools.reduce((sum, name) => sum + (extras.tools[name] ?? UNMEASURED_TOKENS), TOOL_USE_TOKENS);
  const called = messages.reduce((sum, message) => sum + (message.role === 'assistant' && message.toolCalls ? definitionTokens(message.toolCalls) : 0), 0);
  return defined + called + (answer === undefined ? 0 : (extras.answers[answer] ?? UNMEASURED_TOKENS));
}
