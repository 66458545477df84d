import type { CompletionAnswer, CompletionCall, ToolCall, Usage } from '#contracts/providers';
import { estimatedUsage } from '../answer.ts';
import { ProviderError } from '../provider.ts';
import { toFinishReason } from './finish-reason.ts';
import type { WireEvent, WireUsage } from './wire.ts';

/** Gathers the events of one stream; pure. `answerTool` = the tool whose arguments are the answer's text. */
export interface StreamState {
  answerTool: string | null;
  text: string;
  answered: boolean;
  tools: Map<number, ToolCall>;
  answerBlock: number | null;
  stopReason: string | null;
  stopped: boolean;
  usage: WireUsage | null;
  model: string | null;
}

export function startState(answerTool: string | null): StreamState {
  return { answerTool, text: '', answered: false, tools: new Map(), answerBlock: null, stopReason: null, stopped: false, usage: null, model: null };
}

/** Takes one event in. @returns the text it adds, '' when none */
export function readEvent(state: StreamState, event: WireEvent): string {
  switch (event.type) {
    case 'message_start':
      state.model = event.message?.model ?? state.model;
      state.usage = event.message?.usage ?? state.usage;
      return '';
    case 'content_block_start': return startBlock(state, event);
    case 'content_block_delta': return readDelta(state, event);
    case 'message_delta':
      state.stopReason = event.delta?.stop_reason ?? state.stopReason;
      if (event.usage) state.usage = { ...state.usage, ...Object.fromEntries(Object.entries(event.usage).filter(([, value]) => value != null)) };
      return '';
    case 'message_stop': state.stopped = true; return '';
    default: return '';
  }
}

function startBlock(state: StreamState, { index, content_block: block }: WireEvent): string {
  if (block?.type === 'tool_use' && block.name === state.answerTool && state.answerTool) {
    state.answerBlock ??= index ?? 0;
    state.answered = true;
  } else if (block?.type === 'tool_use') state.tools.set(index ?? state.tools.size, { id: block.id ?? '', name: block.name ?? '', arguments: '' });
  return block?.type === 'text' ? addText(state, block.text ?? '') : '';
}

function readDelta(state: StreamState, { index, delta }: WireEvent): string {
  if (delta?.type === 'text_delta') return addText(state, delta.text ?? '');
  if (delta?.type !== 'input_json_delta') return '';
  if (index === state.answerBlock && state.answered) return add(state, delta.partial_json ?? '');
  const tool = state.tools.get(index ?? -1);
  if (tool) tool.arguments += delta.partial_json ?? '';
  return '';
}

/** Words beside a structured answer ("I will now …") are not part of it. */
function addText(state: StreamState, text: string): string {
  return state.answerTool ? '' : add(state, text);
}

function add(state: StreamState, text: string): string {
  state.text += text;
  return text;
}

/** @throws ProviderError ProviderUnavailable when the stream was broken off, ProviderRefused when the model declined */
export function finishAnswer(vendor: string, state: StreamState, call: CompletionCall): CompletionAnswer {
  const finishReason = toFinishReason(state.stopReason);
  if (!state.stopped || !state.stopReason) throw new ProviderError('ProviderUnavailable', `${vendor} broke the answer off before its end`);
  if (finishReason.unified === 'content_filter') throw new ProviderError('ProviderRefused', `${vendor} stopped the answer by its content rules (refusal)`);
  const toolCalls = [...state.tools.entries()].sort(([a], [b]) => a - b).map(([, tool]) => ({ ...tool, arguments: tool.arguments || '{}' }));
  const answeredByTool = state.answered && toolCalls.length === 0 && finishReason.unified === 'tool_calls';
  return {
    text: state.text, toolCalls, usage: state.usage ? toUsage(state.usage) : estimatedUsage(call, state.text, toolCalls),
    finishReason: answeredByTool ? { ...finishReason, unified: 'stop' } : finishReason, modelServed: state.model ?? call.model,
  };
}

/** Anthropic counts cached input apart; our inputTokens is all of it. */
function toUsage(usage: WireUsage): Usage {
  const cached = usage.cache_read_input_tokens ?? 0;
  const reasoning = usage.output_tokens_details?.thinking_tokens;
  return {
    inputTokens: (usage.input_tokens ?? 0) + cached + (usage.cache_creation_input_tokens ?? 0), outputTokens: usage.output_tokens ?? 0,
    ...(cached > 0 && { cachedInputTokens: cached }), ...(reasoning && { reasoningTokens: reasoning }),
  };
}
