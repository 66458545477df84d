import type { FinishReason } from '#contracts/providers';

const UNIFIED: Record<string, FinishReason['unified']> = {
  end_turn: 'stop', stop_sequence: 'stop', max_tokens: 'length', model_context_window_exceeded: 'length', tool_use: 'tool_calls', refusal: 'content_filter',
};

export function toFinishReason(raw: string | null | undefined): FinishReason {
  return { unified: raw ? UNIFIED[raw] ?? 'unknown' : 'unknown', raw: raw ?? null };
}
