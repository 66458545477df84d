import type { CompletionCall, ToolCall, Usage } from '#contracts/providers';

/** Small helpers that all adapters share; nothing here knows a wire format. */
const CHARACTERS_PER_TOKEN = 4;

/** Four characters a token, as the product estimates everywhere. */
export function estimateTokens(call: Pick<CompletionCall, 'messages' | 'tools' | 'answerSchema'>): number {
  const characters = call.messages.reduce((sum, message) => sum + message.content.length, 0);
  const extra = call.tools || call.answerSchema ? JSON.stringify([call.tools, call.answerSchema]).length : 0;
  return Math.ceil((characters + extra) / CHARACTERS_PER_TOKEN);
}

/** For endpoints that report no usage: counted by us and marked so. */
export function estimatedUsage(call: CompletionCall, text: string, toolCalls: readonly ToolCall[]): Usage {
  const written = text.length + toolCalls.reduce((sum, tool) => sum + tool.name.length + tool.arguments.length, 0);
  return { inputTokens: estimateTokens(call), outputTokens: Math.ceil(written / CHARACTERS_PER_TOKEN), estimated: true };
}

/** The instruction for models that only know "a JSON object" or less. It says JSON in words because such endpoints demand it. */
export function schemaInstruction(schema: Record<string, unknown>): string {
  return `Answer with one JSON object and nothing else. It must fit this JSON Schema:\n<json_schema>${JSON.stringify(schema)}</json_schema>`;
}

/** Where several system messages stand in a call, vendors with one system field get them joined. */
export function systemText(call: CompletionCall): string {
  return call.messages.filter((message) => message.role === 'system').map((message) => message.content).join('\n\n');
}
