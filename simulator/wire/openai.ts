import { WireError, type SimulatedAnswer, type SimulatedToolCall, type SimulatedTurn } from '../request.ts';
import { ChatRequest, strictSchemaFault } from './openai-request.ts';
import { checkKey, frame, parseWith, pieces, type ErrorShape, type Frame, type Wire } from './wire.ts';

/** OpenAI Chat Completions as OpenAI, DeepSeek, Groq, OpenRouter and compatible endpoints speak it.
 * @source platform.openai.com/docs/api-reference/chat, read 2026-11 */
const DEFAULT_OUTPUT_TOKENS = 4096;
const CREATED = 1_767_225_600;

export const openAiWire: Wire = {
  vendor: 'openai',
  readKey(headers) {
    const match = /^Bearer\s+(\S+)$/.exec(headers.authorization ?? '');
    return checkKey(match?.[1] ?? '');
  },
  parse(body) {
    const chat = parseWith(ChatRequest, body);
    checkRules(chat);
    const system = chat.messages.filter((message) => message.role === 'system' || message.role === 'developer').map((message) => message.content).join('\n\n');
    const format = chat.response_format;
    return {
      vendor: 'openai', model: chat.model, system, turns: readTurns(chat),
      tools: (chat.tools ?? []).map((tool) => ({ name: tool.function.name, description: tool.function.description ?? '', parameters: tool.function.parameters ?? { type: 'object' } })),
      toolChoice: typeof chat.tool_choice === 'object' ? { name: chat.tool_choice.function.name } : chat.tool_choice === 'required' ? 'any' : chat.tool_choice ?? 'auto',
      json: format?.type === 'json_schema' ? { schema: format.json_schema.schema } : format?.type === 'json_object' ? { schema: null } : null,
      maxOutputTokens: chat.max_completion_tokens ?? chat.max_tokens ?? DEFAULT_OUTPUT_TOKENS,
      stream: chat.stream ?? false,
      includeUsage: chat.stream_options?.include_usage ?? false,
    };
  },
  renderFull(request, answer, id) {
    const refused = answer.finish === 'refusal';
    const message = {
      role: 'assistant', content: refused || answer.toolCalls.length > 0 ? null : answer.text, refusal: refused ? answer.text : null,
      ...(answer.toolCalls.length > 0 && { tool_calls: answer.toolCalls.map(toolCall) }),
    };
    return { id: `chatcmpl-${id}`, object: 'chat.completion', created: CREATED, model: request.model, choices: [{ index: 0, message, logprobs: null, finish_reason: finish(answer) }], usage: usage(answer) };
  },
  *renderStream(request, answer, id): Generator<Frame> {
    const chunk = (choices: unknown[], more: object = request.includeUsage ? { usage: null } : {}) =>
      ({ id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: CREATED, model: request.model, choices, ...more });
    const delta = (value: object, finishReason: string | null = null) => chunk([{ index: 0, delta: value, logprobs: null, finish_reason: finishReason }]);
    yield frame(delta({ role: 'assistant', content: answer.toolCalls.length > 0 ? null : '', refusal: null }));
    for (const piece of pieces(answer.text)) yield frame(delta(answer.finish === 'refusal' ? { refusal: piece } : { content: piece }), { paced: true });
    for (const [index, call] of answer.toolCalls.entries()) {
      const { id: callId, function: { name, arguments: text } } = toolCall(call);
      yield frame(delta({ tool_calls: [{ index, id: callId, type: 'function', function: { name, arguments: '' } }] }));
      for (const piece of pieces(text)) yield frame(delta({ tool_calls: [{ index, function: { arguments: piece } }] }), { paced: true });
    }
    yield frame(delta({}, finish(answer)));
    if (request.includeUsage) yield frame(chunk([], { usage: usage(answer) }));
    yield frame('[DONE]');
  },
  renderError({ status, reason, message }: ErrorShape) {
    const shapes: Record<string, [type: string, code: string | null]> = {
      authentication: ['invalid_request_error', 'invalid_api_key'], permission: ['invalid_request_error', 'unsupported_country_region_territory'], not_found: ['invalid_request_error', 'model_not_found'],
      rate_limit: ['requests', 'rate_limit_exceeded'], quota: ['insufficient_quota', 'insufficient_quota'], context_too_long: ['invalid_request_error', 'context_length_exceeded'],
      content_filter: ['invalid_request_error', 'content_policy_violation'], overloaded: ['server_error', null], server_error: ['server_error', null],
    };
    const [type, code] = shapes[reason] ?? (status >= 500 ? ['server_error', null] : ['invalid_request_error', null]);
    return { error: { message, type, param: null, code } };
  },
  renderModels: (ids) => ({ object: 'list', data: ids.map((id) => ({ id, object: 'model', created: CREATED, owned_by: 'simulator' })) }),
};

function readTurns(chat: ChatRequest): SimulatedTurn[] {
  const names = new Map<string, string>();
  return chat.messages.flatMap((message): SimulatedTurn[] => {
    if (message.role === 'user') return [{ role: 'user', text: message.content }];
    if (message.role === 'tool') return [{ role: 'tool', toolCallId: message.tool_call_id, name: names.get(message.tool_call_id) ?? '', text: message.content }];
    if (message.role !== 'assistant') return [];
    const toolCalls = (message.tool_calls ?? []).map((call): SimulatedToolCall => ({ id: call.id, name: call.function.name, arguments: parseArguments(call.function.arguments) }));
    for (const call of toolCalls) names.set(call.id, call.name);
    return [{ role: 'assistant', text: message.content ?? '', toolCalls }];
  });
}

/** What the API refuses beyond the shape of the body. */
function checkRules(chat: ChatRequest): void {
  const refuse = (message: string): never => { throw new WireError(400, 'invalid_request', message); };
  if (chat.stream_options && !chat.stream) refuse('stream_options is only allowed when stream is set.');
  if (chat.tool_choice !== undefined && !chat.tools) refuse('tool_choice is only allowed when tools are given.');
  if (/^(?:gpt-5|o\d)/.test(chat.model) && chat.max_tokens != null) refuse("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.");
  const format = chat.response_format;
  if (format?.type === 'json_object' && !/json/i.test(JSON.stringify(chat.messages))) refuse("'messages' must contain the word 'json' to use 'response_format' of type 'json_object'.");
  if (format?.type === 'json_schema') {
    if (format.json_schema.schema.type !== 'object') refuse('schema must have type object at its root.');
    const fault = format.json_schema.strict ? strictSchemaFault(format.json_schema.schema) : null;
    if (fault) refuse(`Invalid schema for response_format: ${fault}`);
  }
  let open = new Set<string>();
  for (const message of chat.messages) {
    if (message.role === 'tool') { if (!open.delete(message.tool_call_id)) refuse("messages with role 'tool' must be a response to a preceding message with 'tool_calls'."); continue; }
    if (open.size > 0) refuse("An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.");
    if (message.role === 'assistant') {
      if (message.content == null && !message.tool_calls) refuse('an assistant message needs content or tool_calls.');
      open = new Set((message.tool_calls ?? []).map((call) => call.id));
    }
  }
  if (open.size > 0) refuse("An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.");
}

function parseArguments(text: string): Record<string, unknown> {
  try { const value: unknown = JSON.parse(text); return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}; } catch { return {}; }
}

function toolCall(call: SimulatedToolCall) {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: JSON.stringify(call.arguments) } };
}

function finish(answer: SimulatedAnswer): string {
  return answer.finish === 'refusal' ? 'stop' : answer.finish;
}

function usage(answer: SimulatedAnswer) {
  const { inputTokens, outputTokens } = answer.usage;
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens, prompt_tokens_details: { cached_tokens: 0 }, completion_tokens_details: { reasoning_tokens: 0 } };
}

