import type { RJSFSchema } from '@rjsf/utils';
import { describe, expect, it } from 'vitest';
import { addressOfInputs, inputsOfAddress, readInputs } from './read-inputs.ts';

const schema: RJSFSchema = { type: 'object', properties: { goal: { type: 'string' }, minutes: { type: 'integer' }, tools: { type: 'array', items: { type: 'string' } }, paper: { type: 'string', 'x-ui': { widget: 'upload' } } as RJSFSchema } };

describe('inputs as text', () => {
  it('come from JSON, from a request body, and out of a command', () => {
    expect(readInputs('{"goal":"x"}')).toEqual({ goal: 'x' });
    expect(readInputs('{"workflow_id":"w","inputs":{"goal":"x"}}')).toEqual({ goal: 'x' });
    expect(readInputs(`curl -X POST https://awp.example/api/v1/runs -d '{"workflow_id":"w","inputs":{"goal":"it'\\''s"}}'`)).toEqual({ goal: "it's" });
    expect(readInputs(String.raw`awp run w --inputs "{\"goal\":\"x\"}"`)).toEqual({ goal: 'x' });
  });
  it('say why when there are none', () => {
    expect(readInputs('hello')).toMatch(/no JSON object/);
    expect(readInputs('[1,2]')).toMatch(/no JSON object/);
  });
});

describe('inputs in an address', () => {
  it('come back as they were', () => {
    const inputs = { goal: 'learn & do', minutes: 30, tools: ['a', 'b'] };
    expect(inputsOfAddress(schema, new URLSearchParams(addressOfInputs(schema, inputs)))).toEqual(inputs);
  });
  it('leave out files, unknown fields and what cannot be read', () => {
    expect(addressOfInputs(schema, { goal: 'x', paper: 'id', minutes: undefined })).toBe('input.goal=x');
    expect(inputsOfAddress(schema, new URLSearchParams('input.minutes=soon&input.goal=x&input.other=1'))).toEqual({ goal: 'x' });
    expect(inputsOfAddress(schema, new URLSearchParams('tab=tools'))).toBeNull();
  });
});
