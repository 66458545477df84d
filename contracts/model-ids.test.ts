import { describe, expect, it } from 'vitest';
import { ModelId } from './api/common.schema.ts';
import { keptModels, modelIdProblem } from './model-ids.ts';

describe('names of models', () => {
  it.each(['llama3.2:3b', 'openai/gpt-5.2', 'hf.co/some-one/Llama-3.2-GGUF:Q4_K_M', 'qwen@q4+x', 'a'.repeat(200)])('%s may be one, for the API as well', (id) => { expect([modelIdProblem(id), ModelId.safeParse(id).success]).toEqual([null, true]); });
  it.each(['', 'two words', 'tab\there', 'zero\u200bwidth', 'bell\u0007', '<b>', 'a'.repeat(201)])('%j is none, for the API as well', (id) => { expect([modelIdProblem(id), ModelId.safeParse(id).success]).toEqual([expect.any(String), false]); });
  it('of a list the possible names are kept, each once, sorted, at most 200', () => {
    expect(keptModels(['z', 'a', 'a', 'no good', 'x'.repeat(201)])).toEqual(['a', 'z']);
    expect(keptModels(Array.from({ length: 300 }, (_, index) => `m${index}`))).toHaveLength(200);
  });
});
