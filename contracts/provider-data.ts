import type { ProviderId } from './providers.ts';

/** Models, default model and prices of each provider: the one dated data file. Prices are list prices in micro-dollars
 * per million tokens (so $2.50 per million = 2_500_000); null = unknown, never 0. Override with a JSON file of the same
 * shape named by AWP_PROVIDER_DATA. */
export const PROVIDER_DATA_DATE = '2026-11-01';

export interface ModelData { id: string; contextTokens: number; maxOutputTokens: number; inputPrice: number | null; outputPrice: number | null }
export interface ProviderData {
  displayName: string;
  description: string;
  defaultModel: string;
  capabilities: { streaming: boolean; structuredOutput: 'json_schema' | 'json_object' | 'tool' | 'none'; tools: boolean; vision: boolean };
  /** Where a person gets a key; null when none is needed. */
  keyUrl: string | null;
  keyHint: string | null;
  models: ModelData[];
}

const model = (id: string, contextTokens: number, maxOutputTokens: number, inputPrice: number | null, outputPrice: number | null): ModelData =>
  ({ id, contextTokens, maxOutputTokens, inputPrice, outputPrice });

export const PROVIDER_DATA: Record<ProviderId, ProviderData> = {
  openai: {
    displayName: 'OpenAI', description: 'GPT models by OpenAI', defaultModel: 'gpt-5.2-2025-12-11', keyUrl: 'https://platform.openai.com/api-keys', keyHint: 'sk-…',
    capabilities: { streaming: true, structuredOutput: 'json_schema', tools: true, vision: true },
    models: [model('gpt-5.2-2025-12-11', 400_000, 128_000, 1_750_000, 14_000_000), model('gpt-4o-mini', 128_000, 16_384, 150_000, 600_000)],
  },
  anthropic: {
    displayName: 'Anthropic', description: 'Claude models by Anthropic', defaultModel: 'claude-sonnet-4-20250514', keyUrl: 'https://console.anthropic.com/settings/keys', keyHint: 'sk-ant-…',
    capabilities: { streaming: true, structuredOutput: 'tool', tools: true, vision: true },
    models: [model('claude-sonnet-4-20250514', 200_000, 64_000, 3_000_000, 15_000_000), model('claude-3-5-haiku-20241022', 200_000, 8_192, 800_000, 4_000_000)],
  },
  gemini: {
    displayName: 'Google Gemini', description: 'Gemini models by Google', defaultModel: 'gemini-2.0-flash', keyUrl: 'https://aistudio.google.com/apikey', keyHint: 'AIza…',
    capabilities: { streaming: true, structuredOutput: 'json_schema', tools: true, vision: true },
    models: [model('gemini-2.0-flash', 1_048_576, 8_192, 100_000, 400_000), model('gemini-2.5-flash', 1_048_576, 65_536, 300_000, 2_500_000)],
  },
  deepseek: {
    displayName: 'DeepSeek', description: 'DeepSeek chat and reasoning models', defaultModel: 'deepseek-chat', keyUrl: 'https://platform.deepseek.com/api_keys', keyHint: 'sk-…',
    capabilities: { streaming: true, structuredOutput: 'json_object', tools: true, vision: false },
    models: [model('deepseek-chat', 128_000, 8_192, 280_000, 420_000), model('deepseek-reasoner', 128_000, 64_000, 280_000, 420_000)],
  },
  groq: {
    displayName: 'Groq', description: 'Open models on Groq hardware', defaultModel: 'llama-3.3-70b-versatile', keyUrl: 'https://console.groq.com/keys', keyHint: 'gsk_…',
    capabilities: { streaming: true, structuredOutput: 'json_object', tools: true, vision: false },
    models: [model('llama-3.3-70b-versatile', 131_072, 32_768, 590_000, 790_000), model('llama-3.1-8b-instant', 131_072, 131_072, 50_000, 80_000)],
  },
  openrouter: {
    displayName: 'OpenRouter', description: 'Many vendors behind one key', defaultModel: 'openai/gpt-5.2', keyUrl: 'https://openrouter.ai/keys', keyHint: 'sk-or-…',
    capabilities: { streaming: true, structuredOutput: 'json_schema', tools: true, vision: true },
    models: [model('openai/gpt-5.2', 400_000, 128_000, 1_750_000, 14_000_000), model('anthropic/claude-sonnet-4.5', 1_000_000, 64_000, 3_000_000, 15_000_000)],
  },
  compatible: {
    displayName: 'OpenAI-compatible endpoint', description: 'Ollama, vLLM, LM Studio or any endpoint that speaks Chat Completions', defaultModel: 'default', keyUrl: null, keyHint: 'as your endpoint wants it',
    capabilities: { streaming: true, structuredOutput: 'json_object', tools: true, vision: false },
    models: [model('default', 32_768, 8_192, null, null)],
  },
  demo: {
    displayName: 'Demo (no key needed)', description: 'Composes answers only from the material given. It is not a language model; everything it makes is stamped DEMO.', defaultModel: 'demo-extractive-1', keyUrl: null, keyHint: null,
    capabilities: { streaming: true, structuredOutput: 'json_schema', tools: true, vision: false },
    models: [model('demo-extractive-1', 128_000, 8_192, 0, 0)],
  },
};
