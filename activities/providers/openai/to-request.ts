import type OpenAI from 'openai';
import type { CompletionCall, Message } from '#contracts/providers';
import { schemaInstruction } from '../answer.ts';
import type { Dialect } from './dialects.ts';

type Request = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;

export type StructuredOutput = 'json_schema' | 'json_object' | 'tool' | 'none';

/** A neutral call as a streaming Chat Completions body. */
export function toRequest(call: CompletionCall, dialect: Pick<Dialect, 'maxTokensField'>, structuredOutput: StructuredOutput): Request {
  const messages = call.messages.map(toMessage);
  const schema = call.answerSchema?.schema;
  // json_object is not combined with tools: several members refuse it, and the tool's turn is no JSON answer.
  if (schema && structuredOutput !== 'json_schema') messages.unshift({ role: 'system', content: schemaInstruction(schema) });
  return {
    model: call.model,
    messages,
    [dialect.maxTokensField]: call.maxOutputTokens,
    ...(call.temperature !== undefined && { temperature: call.temperature }),
    ...(call.answerSchema && responseFormat(call.answerSchema, structuredOutput, Boolean(call.tools?.length))),
    ...(call.tools?.length && { tools: call.tools.map((tool) => ({ type: 'function' as const, function: { name: tool.name, description: tool.description, parameters: tool.parameters } })) }),
    stream: true,
    stream_options: { include_usage: true },
  };
}

function toMessage(message: Message): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  if (!message.toolCalls?.length) return { role: 'assistant', content: message.content };
  return {
    role: 'assistant', content: message.content || null,
    tool_calls: message.toolCalls.map((call) => ({ id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } })),
  };
}

function responseFormat({ name, schema }: { name: string; schema: Record<string, unknown> }, structuredOutput: StructuredOutput, withTools: boolean): Pick<Request, 'response_format'> {
  if (structuredOutput === 'json_schema') return { response_format: { type: 'json_schema', json_schema: { name: name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64), schema, strict: isStrict(schema) } } };
  return structuredOutput === 'json_object' && !withTools ? { response_format: { type: 'json_object' } } : {};
}

const LOOSE_KEYWORDS = ['oneOf', 'allOf', 'not', 'if', 'patternProperties', 'prefixItems', 'dependentRequired', 'dependentSchemas', 'uniqueItems', 'minProperties', 'maxProperties', 'unevaluatedProperties'];

/** Strict mode wants every object closed and every property required, and knows fewer keywords; a schema that is not so
 * is sent without `strict` instead of being refused. */
export function isStrict(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrict);
  if (schema === null || typeof schema !== 'object') return true;
  const node = schema as Record<string, unknown>;
  if (LOOSE_KEYWORDS.some((keyword) => keyword in node)) return false;
  const properties = Object.entries((node.properties ?? {}) as Record<string, unknown>);
  if (node.type === 'object' || properties.length > 0) {
    const required = Array.isArray(node.required) ? (node.required as unknown[]) : [];
    if (node.additionalProperties !== false || !properties.every(([name]) => required.includes(name))) return false;
  }
  const definitions = Object.values((node.$defs ?? {}) as Record<string, unknown>);
  return [...properties.map(([, child]) => child), ...definitions, node.items, node.anyOf].every((child) => child === undefined || isStrict(child));
}
