import type { FinishReason } from '#contracts/providers';

const UNIFIED: Record<string, FinishReason['unified']> = {
  stop: 'stop', length: 'length', tool_calls: 'tool_calls', function_call: 'tool_calls', content_filter: 'content_filter', error: 'error',
  /** DeepSeek: the answer was broken off on its side */
  insufficient_system_resource: 'error',
};

export function toFinishReason(raw: string | null | undefined): FinishReason {
  return { unified: raw ? UNIFIED[raw] ?? 'unknown' : 'unknown', raw: raw ?? null };
}
