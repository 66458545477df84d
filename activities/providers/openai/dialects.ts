import type { ProviderId } from '#contracts/providers';

/** How members of the OpenAI family differ on the wire. Base URLs are written as the SDK takes them.
 * @source each vendor's API reference, read 2026-11 */
export interface Dialect {
  baseUrl: string | null;
  /** OpenAI's reasoning models refuse max_tokens; the others do not all know max_completion_tokens */
  maxTokensField: 'max_tokens' | 'max_completion_tokens';
  headers: Record<string, string>;
  /** a key sent when none is set: the endpoint wants none, but the protocol does */
  keyWhenNone: string | null;
}

const dialect = (baseUrl: string | null, more: Partial<Dialect> = {}): Dialect => ({ baseUrl, maxTokensField: 'max_tokens', headers: {}, keyWhenNone: null, ...more });

export type OpenAiFamilyId = Exclude<ProviderId, 'anthropic' | 'gemini'>;

export const DIALECTS: Record<OpenAiFamilyId, Dialect> = {
  openai: dialect('https://api.openai.com/v1', { maxTokensField: 'max_completion_tokens' }),
  deepseek: dialect('https://api.deepseek.com'),
  groq: dialect('https://api.groq.com/openai/v1', { maxTokensField: 'max_completion_tokens' }),
  // Names the product to OpenRouter, as its terms ask.
  openrouter: dialect('https://openrouter.ai/api/v1', { headers: { 'HTTP-Referer': 'https://agentic-workflow-platform.invalid', 'X-Title': 'Agentic Workflow Platform' } }),
  compatible: dialect(null),
  demo: dialect(null, { keyWhenNone: 'demo' }),
};
