import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { capabilityProblem } from './capabilities.ts';
import { PROVIDER_DATA, type ProviderData } from './provider-data.ts';

const entry = { title: 'Notes', answers: { outline: z.object({}) }, plan: () => [{ step: 'notes', title: 'Notes', kind: 'model' as const, inputTokens: 4000, maxOutputTokens: 3000, repeat: 1 }] };
const data = (change: Partial<ProviderData>): ProviderData => ({ ...PROVIDER_DATA.groq, ...change });
const model = (contextTokens: number, maxOutputTokens: number) => ({ id: 'm', contextTokens, maxOutputTokens, inputPrice: null, outputPrice: null });

describe('a model that stands in', () => {
  it('has to read and write as much as the plan asks for', () => {
    expect(capabilityProblem(entry, {} as never, data({ models: [model(7000, 3000)] }), 'm')).toBeNull();
    expect(capabilityProblem(entry, {} as never, data({ models: [model(7000, 2999)] }), 'm')).toContain('writes at most 2999 tokens');
    expect(capabilityProblem(entry, {} as never, data({ models: [model(6999, 3000)] }), 'm')).toContain('reads at most 6999 tokens');
  });

  it('has to keep to a form where the workflow asks for one', () => {
    const none = data({ capabilities: { ...PROVIDER_DATA.groq.capabilities, structuredOutput: 'none' } });
    expect(capabilityProblem(entry, {} as never, none, 'unknown')).toContain('cannot keep to the form');
    expect(capabilityProblem({ ...entry, answers: {} }, {} as never, none, 'unknown')).toBeNull();
  });

  it('that nobody knows is judged by its vendor', () => expect(capabilityProblem(entry, {} as never, data({}), 'brand-new')).toBeNull());
});
