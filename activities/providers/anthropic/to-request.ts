import type Anthropic from '@anthropic-ai/sdk';
import type { CompletionCall, Message } from '#contracts/providers';
import { parseObject, systemText } from '../answer.ts';

type Request = Anthropic.Messages.MessageCreateParamsStreaming;
type Block = Anthropic.Messages.ContentBlockParam;

/** A neutral call as a streaming Messages body. A structured answer is asked for by a tool that must be called.
 * `temperature` is not sent: API version 2026-10-21, which this SDK speaks, has no such field.
 * @source MessageCreateParams of @anthropic-ai/sdk 1.12 */
export function toRequest(call: CompletionCall): Request {
  const system = systemText(call);
  const answerTool = answerToolName(call);
  const tools: Anthropic.Messages.Tool[] = (call.tools ?? []).map((tool) => ({ name: tool.name, description: tool.description, input_schema: inputSchema(tool.parameters) }));
  if (answerTool && call.answerSchema) tools.push({ name: answerTool, description: 'Gives the final answer. Call it once, when the answer is complete.', input_schema: inputSchema(call.answerSchema.schema) });
  return {
    model: call.model,
    max_tokens: call.maxOutputTokens,
    messages: toMessages(call.messages),
    ...(system && { system }),
    ...(tools.length > 0 && { tools }),
    ...(answerTool && { tool_choice: call.tools?.length ? { type: 'any' as const } : { type: 'tool' as const, name: answerTool } }),
    stream: true,
  };
}

/** Name of the tool that carries the answer; null when plain text is wanted. It never equals an offered tool's name. */
export function answerToolName(call: CompletionCall): string | null {
  if (!call.answerSchema) return null;
  const name = call.answerSchema.name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 56) || 'answer';
  return call.tools?.some((tool) => tool.name === name) ? `${name}_answer` : name;
}

function inputSchema(schema: Record<string, unknown>): Anthropic.Messages.Tool.InputSchema {
  return { ...schema, type: 'object' };
}

/** System messages go elsewhere; neighbours of one role are joined, tool results come first in their user turn. */
function toMessages(messages: readonly Message[]): Anthropic.Messages.MessageParam[] {
  const result: { role: 'user' | 'assistant'; content: Block[] }[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const blocks = toBlocks(message);
    const last = result.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else if (blocks.length > 0) result.push({ role, content: blocks });
  }
  return result;
}

function toBlocks(message: Message): Block[] {
  if (message.role === 'tool') return [{ type: 'tool_result', tool_use_id: message.toolCallId, content: message.content }];
  const text: Block[] = message.content ? [{ type: 'text', text: message.content }] : [];
  if (message.role !== 'assistant') return text;
  return [...text, ...(message.toolCalls ?? []).map((tool): Block => ({ type: 'tool_use', id: tool.id, name: tool.name, input: parseObject(tool.arguments) }))];
}
