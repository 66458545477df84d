import type { z } from 'zod';

/** Reads a JSON answer as models write it (bare, fenced, or with a sentence around it) and parses it by the definition's schema.
 * @returns `data`, or `problem` in words a model can act on */
export function parseAnswer(text: string, schema: z.ZodType | undefined): { data?: unknown; problem?: string } {
  if (!schema) return { problem: 'there is no schema of that name' };
  const json = jsonIn(text);
  if (json === undefined) return { problem: 'it is not valid JSON' };
  const parsed = schema.safeParse(json);
  return parsed.success ? { data: parsed.data } : { problem: parsed.error.issues.slice(0, 8).map((issue) => `${issue.path.join('.') || 'the answer'}: ${issue.message}`).join('; ') };
}

/** The first JSON object in the text. Prototype keys are dropped by JSON.parse's reviver: answers are outside data. */
function jsonIn(text: string): unknown {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n?```/.exec(text)?.[1];
  const braces = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
  for (const candidate of [text, fenced, braces]) {
    if (!candidate?.trim()) continue;
    try {
      return JSON.parse(candidate, (key, value: unknown) => (key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value));
    } catch { /* the next candidate may be the JSON */ }
  }
  return undefined;
}
