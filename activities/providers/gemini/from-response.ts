import type { CompletionAnswer, CompletionCall, ToolCall, Usage } from '#contracts/providers';
import { estimatedUsage } from '../answer.ts';
import { ProviderError } from '../provider.ts';
import { toFinishReason } from './finish-reason.ts';
import type { WireResponse } from './wire.ts';

/** Gathers the responses of one stream; pure. */
export interface StreamState { text: string; toolCalls: ToolCall[]; finish: string | null; blockReason: string | null; usage: WireResponse['usageMetadata']; model: string | null }

export function startState(): StreamState {
  return { text: '', toolCalls: [], finish: null, blockReason: null, usage: null, model: null };
}

/** Takes one response in. `callNumber` of the first tool call = calls made earlier in the conversation, so that ids stay apart.
 * @returns the text it adds, '' when none */
export function readResponse(state: StreamState, response: WireResponse, earlierCalls: number): string {
  state.model = response.modelVersion ?? state.model;
  state.usage = response.usageMetadata ?? state.usage;
  state.blockReason = response.promptFeedback?.blockReason ?? state.blockReason;
  const candidate = response.candidates?.[0];
  state.finish = candidate?.finishReason ?? state.finish;
  let added = '';
  for (const part of candidate?.content?.parts ?? []) {
    if (part.functionCall) {
      const id = part.functionCall.id ?? `call_${earlierCalls + state.toolCalls.length + 1}`;
      state.toolCalls.push({ id, name: part.functionCall.name, arguments: JSON.stringify(part.functionCall.args ?? {}) });
    } else if (part.text && !part.thought) added += part.text;
  }
  state.text += added;
  return added;
}

/** @throws ProviderError ProviderRefused when prompt or answer was blocked, OutputInvalid for a malformed tool call,
 * ProviderUnavailable when the stream was broken off */
export function finishAnswer(vendor: string, state: StreamState, call: CompletionCall): CompletionAnswer {
  const finishReason = toFinishReason(state.finish);
  const blocked = state.blockReason ?? (finishReason.unified === 'content_filter' ? state.finish : null);
  if (blocked) throw new ProviderError('ProviderRefused', `${vendor} stopped the answer by its content rules (${blocked.slice(0, 40)})`);
  if (!state.finish) throw new ProviderError('ProviderUnavailable', `${vendor} broke the answer off before its end`);
  if (finishReason.unified === 'error') throw new ProviderError('OutputInvalid', `${vendor} says that the model did not keep to the form asked for (${state.finish})`);
  return {
    text: state.text, toolCalls: state.toolCalls, usage: state.usage ? toUsage(state.usage) : estimatedUsage(call, state.text, state.toolCalls),
    // Gemini says STOP after a function call as well.
    finishReason: state.toolCalls.length > 0 && finishReason.unified === 'stop' ? { ...finishReason, unified: 'tool_calls' } : finishReason,
    modelServed: state.model ?? call.model,
  };
}

/** Thoughts are billed as output. */
function toUsage(usage: NonNullable<WireResponse['usageMetadata']>): Usage {
  const reasoning = usage.thoughtsTokenCount ?? 0;
  return {
    inputTokens: usage.promptTokenCount ?? 0, outputTokens: (usage.candidatesTokenCount ?? 0) + reasoning,
    ...(usage.cachedContentTokenCount && { cachedInputTokens: usage.cachedContentTokenCount }), ...(reasoning > 0 && { reasoningTokens: reasoning }),
  };
}
