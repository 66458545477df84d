import { z } from 'zod';

/** Anthropic Messages, request side: strict. @source docs.anthropic.com/en/api/messages, read 2026-11 */
const JsonSchemaObject = z.record(z.string(), z.unknown());
const CacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).nullish();
const TextBlock = z.strictObject({ type: z.literal('text'), text: z.string().min(1), cache_control: CacheControl });
const ToolUseBlock = z.strictObject({ type: z.literal('tool_use'), id: z.string().regex(/^[A-Za-z0-9_-]+$/), name: z.string().min(1), input: JsonSchemaObject, cache_control: CacheControl });
const ToolResultBlock = z.strictObject({ type: z.literal('tool_result'), tool_use_id: z.string().min(1), content: z.union([z.string(), z.array(TextBlock)]).optional(), is_error: z.boolean().optional(), cache_control: CacheControl });

export const MessagesRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  system: z.union([z.string(), z.array(TextBlock)]).optional(),
  messages: z.array(z.discriminatedUnion('role', [
    z.strictObject({ role: z.literal('user'), content: z.union([z.string().min(1), z.array(z.discriminatedUnion('type', [TextBlock, ToolResultBlock])).min(1)]) }),
    z.strictObject({ role: z.literal('assistant'), content: z.union([z.string().min(1), z.array(z.discriminatedUnion('type', [TextBlock, ToolUseBlock])).min(1)]) }),
  ])).min(1),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().optional(),
  top_k: z.int().optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  stream: z.boolean().optional(),
  tools: z.array(z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/), description: z.string().optional(), type: z.literal('custom').optional(), cache_control: CacheControl,
    input_schema: z.looseObject({ type: z.literal('object') }),
  })).optional(),
  tool_choice: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('auto'), disable_parallel_tool_use: z.boolean().optional() }),
    z.strictObject({ type: z.literal('any'), disable_parallel_tool_use: z.boolean().optional() }),
    z.strictObject({ type: z.literal('tool'), name: z.string(), disable_parallel_tool_use: z.boolean().optional() }),
    z.strictObject({ type: z.literal('none') }),
  ]).optional(),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;
