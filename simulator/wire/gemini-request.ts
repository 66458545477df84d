import { z } from 'zod';

/** Gemini generateContent, request side: strict. @source ai.google.dev/api/generate-content, read 2026-11 */
export type GeminiSchema = { [key: string]: unknown };

/** The OpenAPI subset that `responseSchema` and `parameters` take; an unknown key is a 400 at the real endpoint. */
const Schema: z.ZodType<GeminiSchema> = z.lazy(() => z.strictObject({
  type: z.enum(['string', 'number', 'integer', 'boolean', 'array', 'object', 'STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT']).optional(),
  format: z.string().optional(), title: z.string().optional(), description: z.string().optional(), nullable: z.boolean().optional(),
  enum: z.array(z.string()).min(1).optional(), items: Schema.optional(), maxItems: z.int().optional(), minItems: z.int().optional(),
  properties: z.record(z.string(), Schema).optional(), required: z.array(z.string()).optional(), propertyOrdering: z.array(z.string()).optional(),
  minProperties: z.int().optional(), maxProperties: z.int().optional(), minimum: z.number().optional(), maximum: z.number().optional(),
  minLength: z.int().optional(), maxLength: z.int().optional(), pattern: z.string().optional(), anyOf: z.array(Schema).optional(),
}));
const Struct = z.record(z.string(), z.unknown());
const Part = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ functionCall: z.strictObject({ id: z.string().optional(), name: z.string().min(1), args: Struct.optional() }) }),
  z.strictObject({ functionResponse: z.strictObject({ id: z.string().optional(), name: z.string().min(1), response: Struct }) }),
]);

export const GenerateRequest = z.strictObject({
  contents: z.array(z.strictObject({ role: z.enum(['user', 'model', 'function']).optional(), parts: z.array(Part).min(1) })).min(1),
  systemInstruction: z.strictObject({ role: z.string().optional(), parts: z.array(z.strictObject({ text: z.string() })).min(1) }).optional(),
  generationConfig: z.strictObject({
    maxOutputTokens: z.int().min(1).optional(), temperature: z.number().min(0).max(2).optional(), topP: z.number().optional(), topK: z.number().optional(),
    candidateCount: z.literal(1).optional(), stopSequences: z.array(z.string()).optional(),
    responseMimeType: z.enum(['text/plain', 'application/json']).optional(), responseSchema: Schema.optional(),
  }).optional(),
  safetySettings: z.array(z.strictObject({ category: z.string(), threshold: z.string() })).optional(),
  tools: z.array(z.strictObject({ functionDeclarations: z.array(z.strictObject({ name: z.string().regex(/^[A-Za-z_][\w.-]{0,63}$/), description: z.string(), parameters: Schema.optional() })) })).optional(),
  toolConfig: z.strictObject({ functionCallingConfig: z.strictObject({ mode: z.enum(['AUTO', 'ANY', 'NONE']).optional(), allowedFunctionNames: z.array(z.string()).optional() }) }).optional(),
});
export type GenerateRequest = z.infer<typeof GenerateRequest>;

/** Gemini's subset back to JSON Schema, for the engine. */
export function toJsonSchema(schema: GeminiSchema): Record<string, unknown> {
  const { type, nullable, properties, items, anyOf, propertyOrdering: _order, ...rest } = schema;
  const lower = typeof type === 'string' ? type.toLowerCase() : undefined;
  return {
    ...rest,
    ...(lower && { type: nullable ? [lower, 'null'] : lower }),
    ...(properties ? { properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, toJsonSchema(child as GeminiSchema)])) } : {}),
    ...(items ? { items: toJsonSchema(items as GeminiSchema) } : {}),
    ...(Array.isArray(anyOf) ? { anyOf: (anyOf as GeminiSchema[]).map(toJsonSchema) } : {}),
  };
}
