import { PROVIDER_DATA } from '#contracts/provider-data';
import type { CompletionCall, ProviderId, ToolCall, Usage } from '#contracts/providers';

/** Small helpers that all adapters share; nothing here knows a wire format. */
const CHARACTERS_PER_TOKEN = 4;

/** Four characters a token, as the product estimates everywhere. */
export function estimateTokens(call: Pick<CompletionCall, 'messages' | 'tools' | 'answerSchema'>): number {
  const characters = call.messages.reduce((sum, message) => sum + message.content.length + (message.role === 'assistant' && message.toolCalls ? JSON.stringify(message.toolCalls).length : 0), 0);
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

/** True when the call, as we count, cannot fit the model's context: some vendors say so in words only, which we do not read. */
export function isLongerThanContext(id: ProviderId, call: CompletionCall): boolean {
  const { models, defaultModel } = PROVIDER_DATA[id];
  const model = models.find((candidate) => candidate.id === call.model) ?? models.find((candidate) => candidate.id === defaultModel);
  return model !== undefined && estimateTokens(call) + call.maxOutputTokens > model.contextTokens;
}

/** A tool call's arguments as an object; `{}` when the model wrote none or no JSON object. */
export function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch { return {}; }
}
