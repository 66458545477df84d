import type { CompletionAnswer, CompletionCall, ToolCall, Usage } from '#contracts/providers';
import { estimatedUsage } from '../answer.ts';
import { ProviderError } from '../provider.ts';
import { toFinishReason } from './finish-reason.ts';
import type { WireChunk, WireUsage } from './wire.ts';

/** Gathers the chunks of one stream; pure. */
export interface StreamState { text: string; refused: boolean; tools: Map<number, ToolCall>; finish: string | null; usage: WireUsage | null; model: string | null }

export function startState(): StreamState {
  return { text: '', refused: false, tools: new Map(), finish: null, usage: null, model: null };
}

/** Takes one chunk in. @returns the text it adds, '' when none */
export function readChunk(state: StreamState, chunk: WireChunk): string {
  state.model = chunk.model ?? state.model;
  state.usage = chunk.usage ?? chunk.x_groq?.usage ?? state.usage;
  const choice = chunk.choices?.[0];
  if (!choice) return '';
  state.finish = choice.finish_reason ?? state.finish;
  const { delta } = choice;
  if (delta?.refusal) state.refused = true;
  for (const part of delta?.tool_calls ?? []) {
    // Some endpoints leave the index out: a new id starts a new call, a part without id belongs to the last one.
    const index = part.index ?? (part.id ? state.tools.size : Math.max(0, state.tools.size - 1));
    const tool = state.tools.get(index) ?? { id: '', name: '', arguments: '' };
    state.tools.set(index, { id: tool.id || (part.id ?? ''), name: tool.name || (part.function?.name ?? ''), arguments: tool.arguments + (part.function?.arguments ?? '') });
  }
  const text = delta?.content ?? '';
  state.text += text;
  return text;
}

/** The whole answer. `closed` = the stream ended with [DONE].
 * @throws ProviderError ProviderUnavailable when it was broken off, ProviderRefused when model or filter declined */
export function finishAnswer(vendor: string, state: StreamState, closed: boolean, call: CompletionCall): CompletionAnswer {
  const finishReason = toFinishReason(state.finish);
  if (state.refused || finishReason.unified === 'content_filter') throw new ProviderError('ProviderRefused', `${vendor} stopped the answer by its content rules (${state.refused ? 'refusal' : 'content_filter'})`);
  if (!closed || !state.finish || finishReason.unified === 'error') throw new ProviderError('ProviderUnavailable', `${vendor} broke the answer off before its end`);
  const toolCalls = [...state.tools.entries()].sort(([a], [b]) => a - b).map(([index, tool]) => ({ ...tool, id: tool.id || `call_${index + 1}` }));
  return {
    text: state.text, toolCalls, usage: state.usage ? toUsage(state.usage) : estimatedUsage(call, state.text, toolCalls),
    // Some endpoints say "stop" after a tool call.
    finishReason: toolCalls.length > 0 && finishReason.unified === 'stop' ? { ...finishReason, unified: 'tool_calls' } : finishReason,
    modelServed: state.model ?? call.model,
  };
}

function toUsage(usage: WireUsage): Usage {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens;
  return { inputTokens: usage.prompt_tokens ?? 0, outputTokens: usage.completion_tokens ?? 0, ...(cached && { cachedInputTokens: cached }), ...(reasoning && { reasoningTokens: reasoning }) };
}
