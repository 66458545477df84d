import { FunctionCallingMode, type Content, type FunctionDeclaration, type FunctionDeclarationSchema, type GenerateContentRequest, type Part } from '@google/generative-ai';
import type { CompletionCall, Message } from '#contracts/providers';
import { parseObject, schemaInstruction, systemText } from '../answer.ts';
import { toGeminiSchema } from './schema.ts';

/** A neutral call as a generateContent body. Gemini takes a response schema or tools, not both: with tools offered the
 * schema goes into the system text. */
export function toRequest(call: CompletionCall): GenerateContentRequest {
  const tools = call.tools ?? [];
  const schema = call.answerSchema?.schema;
  const system = [systemText(call), schema && tools.length > 0 ? schemaInstruction(schema) : ''].filter(Boolean).join('\n\n');
  return {
    contents: toContents(call.messages),
    ...(system && { systemInstruction: { role: 'system', parts: [{ text: system }] } }),
    generationConfig: {
      maxOutputTokens: call.maxOutputTokens,
      ...(call.temperature !== undefined && { temperature: call.temperature }),
      ...(schema && tools.length === 0 && { responseMimeType: 'application/json', responseSchema: toGeminiSchema(schema) }),
    },
    ...(tools.length > 0 && { tools: [{ functionDeclarations: tools.map(toDeclaration) }], toolConfig: { functionCallingConfig: { mode: FunctionCallingMode.AUTO } } }),
  };
}

function toDeclaration(tool: { name: string; description: string; parameters: Record<string, unknown> }): FunctionDeclaration {
  const parameters = toGeminiSchema({ ...tool.parameters, type: 'object' }) as unknown as FunctionDeclarationSchema;
  // An object without properties is refused; a function without arguments says so by having no parameters.
  return { name: tool.name, description: tool.description, ...(Object.keys(parameters.properties ?? {}).length > 0 && { parameters }) };
}

/** Neighbours of one role are joined; a tool's result is found by the name of its call, Gemini has no call ids. */
function toContents(messages: readonly Message[]): Content[] {
  const names = new Map(messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls ?? [] : [])).map((tool) => [tool.id, tool.name]));
  const result: Content[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const role = message.role === 'assistant' ? 'model' : 'user';
    const parts = toParts(message, names);
    const last = result.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else if (parts.length > 0) result.push({ role, parts });
  }
  return result;
}

function toParts(message: Message, names: ReadonlyMap<string, string>): Part[] {
  if (message.role === 'tool') return [{ functionResponse: { name: names.get(message.toolCallId) ?? message.toolCallId, response: { content: message.content } } }];
  const text: Part[] = message.content ? [{ text: message.content }] : [];
  if (message.role !== 'assistant') return text;
  return [...text, ...(message.toolCalls ?? []).map((tool): Part => ({ functionCall: { name: tool.name, args: parseObject(tool.arguments) } }))];
}
