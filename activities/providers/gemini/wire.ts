import { z } from 'zod';

/** The fields of Gemini's generateContent stream that we read. @source ai.google.dev/api/generate-content, read 2026-11 */
export const WireResponse = z.object({
  candidates: z.array(z.object({
    content: z.object({
      parts: z.array(z.object({
        text: z.string().nullish(),
        /** a thought summary, not the answer */
        thought: z.boolean().nullish(),
        functionCall: z.object({ id: z.string().nullish(), name: z.string(), args: z.record(z.string(), z.unknown()).nullish() }).nullish(),
      })).nullish(),
    }).nullish(),
    finishReason: z.string().nullish(),
  })).nullish(),
  promptFeedback: z.object({ blockReason: z.string().nullish() }).nullish(),
  usageMetadata: z.object({
    promptTokenCount: z.number().nullish(), candidatesTokenCount: z.number().nullish(), thoughtsTokenCount: z.number().nullish(), cachedContentTokenCount: z.number().nullish(),
  }).nullish(),
  modelVersion: z.string().nullish(),
  /** an error sent inside a 200 */
  error: z.unknown().optional(),
});
export type WireResponse = z.infer<typeof WireResponse>;

export const WireErrorBody = z.object({
  error: z.object({
    code: z.number().nullish().catch(null),
    status: z.string().nullish().catch(null),
    details: z.array(z.object({
      reason: z.string().nullish().catch(null),
      retryDelay: z.string().nullish().catch(null),
      violations: z.array(z.object({ quotaId: z.string().nullish() })).nullish().catch(null),
    })).nullish().catch(null),
  }),
});

export const WireModels = z.object({ models: z.array(z.object({ name: z.string() })).nullish() });
