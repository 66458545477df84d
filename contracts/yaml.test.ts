import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toYaml, type YamlValue } from './yaml.ts';

const leaf = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('yes', 'null', '~', '- a', 'a: b', '#x', '1e3', 'E0', 'E-0', '0x1f', '2020-01-01', '12:30:45', 'a\nb', 'a\n\n  b\n', ' lead', 'trail ', 'l\n\n\n', '\n', '&a', '*a', '!t', '%d', '@x', '`', '|', '>', '{', '[', "'", '"', 'a #b', 'k:', '---', '...', '<<', 'x\ty\nz', 'u\u2028v', 'NaN'), fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
const value = fc.letrec((tie) => ({ node: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('node'), { maxLength: 4 }), fc.dictionary(fc.oneof(fc.string({ minLength: 1 }), fc.string({ minLength: 250, maxLength: 300 })), tie('node'), { maxKeys: 4, noNullPrototype: true })) })).node as fc.Arbitrary<YamlValue>;
const wellFormed = (input: unknown): unknown => JSON.parse(JSON.stringify(input, (_key, child: unknown) => (typeof child === 'string' ? child.toWellFormed() : Object.is(child, -0) ? 0 : typeof child === 'number' && !Number.isFinite(child) ? `number ${child}` : child)));

describe('toYaml', () => {
  it.each(['1.2', '1.1'] as const)('a YAML %s reader reads back what was written', (version) => {
    fc.assert(fc.property(value, (data) => { expect(wellFormed(parse(toYaml(data), { version, merge: false, uniqueKeys: false }))).toEqual(wellFormed(data)); }), { numRuns: 400 });
  });

  it('is written as a person would', () => {
    expect(toYaml({ base_model: 'org/model-7b', lora: { r: 16, alpha: 32.5, targets: ['q_proj', 'v_proj'] }, datasets: [{ path: 'data.jsonl', type: 'chat' }], note: 'two\nlines\n', empty: [], off: 'no', gone: undefined }, 'Made by a run\nfor review'))
      .toBe('# Made by a run\n# for review\nbase_model: org/model-7b\nlora:\n  r: 16\n  alpha: 32.5\n  targets:\n    - q_proj\n    - v_proj\ndatasets:\n  - path: data.jsonl\n    type: chat\nnote: |\n  two\n  lines\nempty: []\n"off": "no"\n');
  });
});
