import { z } from 'zod';

/** OpenAI Chat Completions, request side: strict, so that an adapter with a wrong field fails. */
const TextParts = z.array(z.strictObject({ type: z.literal('text'), text: z.string() })).transform((parts) => parts.map((part) => part.text).join(''));
const Content = z.union([z.string(), TextParts]);
const JsonSchemaObject = z.record(z.string(), z.unknown());
const ToolCall = z.strictObject({ id: z.string().min(1), type: z.literal('function'), function: z.strictObject({ name: z.string().min(1), arguments: z.string() }) });

export const ChatMessage = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content: Content, name: z.string().optional() }),
  z.strictObject({ role: z.literal('user'), content: Content, name: z.string().optional() }),
  z.strictObject({ role: z.literal('assistant'), content: Content.nullish(), tool_calls: z.array(ToolCall).min(1).optional(), refusal: z.string().nullish(), name: z.string().optional() }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string().min(1), content: Content }),
]);

export const ChatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(ChatMessage).min(1),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  seed: z.int().nullish(),
  n: z.literal(1).nullish(),
  user: z.string().optional(),
  metadata: z.record(z.string(), z.string()).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
  parallel_tool_calls: z.boolean().optional(),
  response_format: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text') }),
    z.strictObject({ type: z.literal('json_object') }),
    z.strictObject({ type: z.literal('json_schema'), json_schema: z.strictObject({ name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/), description: z.string().optional(), schema: JsonSchemaObject, strict: z.boolean().nullish() }) }),
  ]).optional(),
  tools: z.array(z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/), description: z.string().optional(), parameters: JsonSchemaObject.optional(), strict: z.boolean().nullish() }) })).min(1).max(128).optional(),
  tool_choice: z.union([z.enum(['none', 'auto', 'required']), z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string() }) })]).optional(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** The rules of `strict: true`: every object closed and every property required. @returns where it is broken, or null */
export function strictSchemaFault(schema: unknown, path = '#'): string | null {
  if (schema === null || typeof schema !== 'object') return null;
  if (Array.isArray(schema)) return schema.map((part, index) => strictSchemaFault(part, `${path}/${index}`)).find(Boolean) ?? null;
  const node = schema as Record<string, unknown>;
  if (node.type === 'object' || node.properties) {
    if (node.additionalProperties !== false) return `${path}: additionalProperties must be false`;
    const names = Object.keys((node.properties ?? {}));
    const required = Array.isArray(node.required) ? (node.required as unknown[]) : [];
    if (!names.every((name) => required.includes(name))) return `${path}: every property must be required`;
  }
  for (const key of ['items', 'anyOf', 'allOf'] as const) { const fault = strictSchemaFault(node[key], `${path}/${key}`); if (fault) return fault; }
  for (const key of ['properties', '$defs', 'definitions'] as const) {
    for (const [name, child] of Object.entries((node[key] ?? {}))) { const fault = strictSchemaFault(child, `${path}/${key}/${name}`); if (fault) return fault; }
  }
  return null;
}
