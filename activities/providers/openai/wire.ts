import { z } from 'zod';

/** The fields of Chat Completions that we read; everything may be missing or null. @source platform.openai.com/docs/api-reference/chat */
const WireUsage = z.object({
  prompt_tokens: z.number().nullish(),
  completion_tokens: z.number().nullish(),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish(),
  /** DeepSeek's name for cached input */
  prompt_cache_hit_tokens: z.number().nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: z.number().nullish() }).nullish(),
});
export type WireUsage = z.infer<typeof WireUsage>;

export const WireChunk = z.object({
  model: z.string().nullish(),
  choices: z.array(z.object({
    delta: z.object({
      content: z.string().nullish(),
      refusal: z.string().nullish(),
      tool_calls: z.array(z.object({ index: z.number().nullish(), id: z.string().nullish(), function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish() })).nullish(),
    }).nullish(),
    finish_reason: z.string().nullish(),
  })).nullish(),
  usage: WireUsage.nullish(),
  /** Groq reports usage here as well */
  x_groq: z.object({ usage: WireUsage.nullish() }).nullish(),
});
export type WireChunk = z.infer<typeof WireChunk>;

/** `code` is a word at OpenAI and a number (the HTTP status) at OpenRouter. */
export const WireErrorBody = z.object({
  type: z.string().nullish().catch(null),
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  metadata: z.object({ reasons: z.array(z.unknown()).nullish() }).nullish().catch(null),
});

export const WireModels = z.object({ data: z.array(z.object({ id: z.string() })).nullish() });
