import { z } from 'zod';

/** The fields of Anthropic's Messages stream that we read. @source docs.anthropic.com/en/api/messages-streaming, read 2026-11 */
const WireUsage = z.object({
  input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
  cache_creation_input_tokens: z.number().nullish(),
  output_tokens_details: z.object({ thinking_tokens: z.number().nullish() }).nullish(),
});
export type WireUsage = z.infer<typeof WireUsage>;

export const WireEvent = z.object({
  type: z.string(),
  index: z.number().nullish(),
  message: z.object({ model: z.string().nullish(), usage: WireUsage.nullish() }).nullish(),
  content_block: z.object({ type: z.string(), id: z.string().nullish(), name: z.string().nullish(), text: z.string().nullish() }).nullish(),
  delta: z.object({ type: z.string().nullish(), text: z.string().nullish(), partial_json: z.string().nullish(), stop_reason: z.string().nullish() }).nullish(),
  usage: WireUsage.nullish(),
});
export type WireEvent = z.infer<typeof WireEvent>;

export const WireErrorBody = z.object({
  error: z.object({ type: z.string().nullish().catch(null), details: z.object({ error_code: z.string().nullish() }).nullish().catch(null) }),
});

export const WireModels = z.object({ data: z.array(z.object({ id: z.string() })).nullish() });
