import type { FinishReason } from '#contracts/providers';

const UNIFIED: Record<string, FinishReason['unified']> = {
  STOP: 'stop', MAX_TOKENS: 'length', SAFETY: 'content_filter', RECITATION: 'content_filter', LANGUAGE: 'content_filter', BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter', SPII: 'content_filter', IMAGE_SAFETY: 'content_filter', MALFORMED_FUNCTION_CALL: 'error', UNEXPECTED_TOOL_CALL: 'error',
};

export function toFinishReason(raw: string | null | undefined): FinishReason {
  return { unified: raw ? UNIFIED[raw] ?? 'unknown' : 'unknown', raw: raw ?? null };
}
