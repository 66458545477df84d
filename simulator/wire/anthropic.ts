import { WireError, type SimulatedAnswer, type SimulatedRequest, type SimulatedToolCall, type SimulatedTurn } from '../request.ts';
import { MessagesRequest } from './anthropic-request.ts';
import { checkKey, frame, parseWith, pieces, type ErrorShape, type Frame, type Wire } from './wire.ts';

/** Anthropic Messages, API versions 2023-06-01 and 2026-10-21 (the SDK's). @source types of @anthropic-ai/sdk 1.12; docs.anthropic.com/en/api/messages-streaming */
export const anthropicWire: Wire = {
  vendor: 'anthropic',
  readKey(headers) {
    const key = headers['x-api-key'];
    const bearer = /^Bearer\s+(\S+)$/.exec(headers.authorization ?? '')?.[1];
    return checkKey(typeof key === 'string' ? key : bearer ?? '');
  },
  parse(body, headers) {
    const version = headers['anthropic-version'];
    if (version !== '2023-06-01' && version !== '2026-10-21') throw new WireError(400, 'invalid_request', 'anthropic-version: a known version is required');
    const call = parseWith(MessagesRequest, body);
    // Sampling fields left the API with the later version.
    if (version === '2026-10-21' && (call.temperature ?? call.top_p ?? call.top_k) !== undefined) throw new WireError(400, 'invalid_request', 'temperature, top_p, top_k: Extra inputs are not permitted');
    checkRules(call);
    const tools = (call.tools ?? []).map((tool) => ({ name: tool.name, description: tool.description ?? '', parameters: tool.input_schema as Record<string, unknown> }));
    const choice = call.tool_choice;
    const forced = choice?.type === 'tool' ? tools.find((tool) => tool.name === choice.name) : undefined;
    return {
      vendor: 'anthropic', model: call.model, turns: readTurns(call), tools: forced ? [] : tools,
      system: typeof call.system === 'string' ? call.system : (call.system ?? []).map((block) => block.text).join('\n\n'),
      toolChoice: choice?.type === 'any' || choice?.type === 'none' ? choice.type : 'auto',
      json: forced ? { schema: forced.parameters } : null, answerTool: forced?.name,
      maxOutputTokens: call.max_tokens, stream: call.stream ?? false, includeUsage: true,
    };
  },
  renderFull(request, answer, id) {
    return {
      id: `msg_${id}`, type: 'message', role: 'assistant', model: request.model, content: blocks(request, answer).map(({ block }) => block),
      stop_reason: stopReason(request, answer), stop_sequence: null, usage: usage(answer),
    };
  },
  *renderStream(request, answer, id): Generator<Frame> {
    const event = (data: { type: string } & Record<string, unknown>, paced = false) => frame(data, { event: data.type, paced });
    const start = { id: `msg_${id}`, type: 'message', role: 'assistant', model: request.model, content: [], stop_reason: null, stop_sequence: null, usage: { ...usage(answer), output_tokens: 1 } };
    yield event({ type: 'message_start', message: start });
    yield event({ type: 'ping' });
    for (const [index, { block, deltas }] of blocks(request, answer).entries()) {
      const empty = block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} };
      yield event({ type: 'content_block_start', index, content_block: empty });
      for (const piece of deltas) {
        const delta = block.type === 'text' ? { type: 'text_delta', text: piece } : { type: 'input_json_delta', partial_json: piece };
        yield event({ type: 'content_block_delta', index, delta }, true);
      }
      yield event({ type: 'content_block_stop', index });
    }
    yield event({ type: 'message_delta', delta: { stop_reason: stopReason(request, answer), stop_sequence: null }, usage: { output_tokens: answer.usage.outputTokens } });
    yield event({ type: 'message_stop' });
  },
  renderError({ status, reason, message }: ErrorShape) {
    const types: Record<string, string> = {
      authentication: 'authentication_error', permission: 'permission_error', not_found: 'not_found_error', too_large: 'request_too_large', rate_limit: 'rate_limit_error', quota: 'rate_limit_error',
      overloaded: 'overloaded_error', server_error: 'api_error', timeout: 'timeout_error',
    };
    const details = reason === 'quota' ? { details: { error_code: 'enforced_spend_limit_reached' } } : {};
    return { type: 'error', error: { type: types[reason] ?? (status >= 500 ? 'api_error' : 'invalid_request_error'), message, ...details }, request_id: 'req_simulated' };
  },
  renderModels: (ids) => ({ data: ids.map((id) => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' })), has_more: false, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null }),
};

type Block = { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; input: unknown };

/** A forced tool carries the answer as its arguments, as cut off as the text is; else text and tool calls. */
function blocks(request: SimulatedRequest, answer: SimulatedAnswer): { block: Block; deltas: string[] }[] {
  if (request.answerTool && answer.finish !== 'refusal') {
    return [{ block: { type: 'tool_use', id: 'toolu_1', name: request.answerTool, input: parse(answer.text) }, deltas: ['', ...pieces(answer.text)] }];
  }
  const text = answer.text ? [{ block: { type: 'text' as const, text: answer.text }, deltas: pieces(answer.text) }] : [];
  return [...text, ...answer.toolCalls.map((call) => ({
    block: { type: 'tool_use' as const, id: `toolu_${call.id}`, name: call.name, input: call.arguments }, deltas: ['', ...pieces(JSON.stringify(call.arguments))],
  }))];
}

function stopReason(request: SimulatedRequest, answer: SimulatedAnswer): string {
  if (answer.finish === 'refusal') return 'refusal';
  if (answer.finish === 'length') return 'max_tokens';
  return answer.toolCalls.length > 0 || request.answerTool ? 'tool_use' : 'end_turn';
}

function parse(text: string): unknown {
  try { return JSON.parse(text) as unknown; } catch { return {}; }
}

function readTurns(call: MessagesRequest): SimulatedTurn[] {
  const names = new Map<string, string>();
  return call.messages.flatMap((message): SimulatedTurn[] => {
    const content = typeof message.content === 'string' ? [{ type: 'text' as const, text: message.content }] : message.content;
    const text = content.map((block) => (block.type === 'text' ? block.text : '')).filter(Boolean).join('\n');
    if (message.role === 'assistant') {
      const toolCalls = content.flatMap((block): SimulatedToolCall[] => (block.type === 'tool_use' ? [{ id: block.id, name: block.name, arguments: block.input }] : []));
      for (const used of toolCalls) names.set(used.id, used.name);
      return [{ role: 'assistant', text, toolCalls }];
    }
    const results = content.flatMap((block): SimulatedTurn[] => (block.type === 'tool_result'
      ? [{ role: 'tool', toolCallId: block.tool_use_id, name: names.get(block.tool_use_id) ?? '', text: typeof block.content === 'string' ? block.content : (block.content ?? []).map((part) => part.text).join('\n') }] : []));
    return text ? [...results, { role: 'user', text }] : results;
  });
}

function checkRules(call: MessagesRequest): void {
  const refuse = (message: string): never => { throw new WireError(400, 'invalid_request', message); };
  if (call.messages[0]?.role !== 'user') refuse('messages: first message must use the "user" role');
  if (call.tool_choice && call.tool_choice.type !== 'none' && !call.tools) refuse('tool_choice may only be specified while providing tools');
  const choice = call.tool_choice;
  if (choice?.type === 'tool' && !call.tools?.some((tool) => tool.name === choice.name)) refuse(`tool_choice: tool '${choice.name}' not found in provided tools`);
  let open = new Set<string>();
  for (const message of call.messages) {
    const content = typeof message.content === 'string' ? [] : message.content;
    for (const block of content) if (block.type === 'tool_result' && !open.delete(block.tool_use_id)) refuse('tool_result: each must have a corresponding tool_use block in the previous message');
    if (open.size > 0) refuse('tool_use ids were found without tool_result blocks immediately after');
    open = new Set(content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : [])));
    if (open.size > 0 && !call.tools) refuse('tools must be defined while tool_use blocks are present');
  }
  if (open.size > 0) refuse('tool_use ids were found without tool_result blocks immediately after');
}

function usage(answer: SimulatedAnswer) {
  return { input_tokens: answer.usage.inputTokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: answer.usage.outputTokens, service_tier: 'standard' };
}
