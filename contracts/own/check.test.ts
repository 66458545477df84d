import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDefinition } from './check.schema.ts';
import { allSteps, subKey, workflowTypeOf } from './definition.ts';
import { diffOf } from './diff.ts';
import { evaluate, ExpressionProblem, readExpression } from './expressions.ts';
import { PatternWork } from './patterns.ts';
import { fillTemplate, parsePath, parseTemplate, valueAt } from './templates.ts';
import { EVERYTHING, snapshotOf, SUB, WORLD } from '#test/support/own-definitions';

const base = { slug: 'mine', name: 'Mine', personas: ['student'], inputs: { schema: { type: 'object', properties: { topic: { type: 'string' } }, required: ['topic'] } } };
const prompt = (key: string, text: string, more: object = {}): object => ({ type: 'prompt', key, prompt: text, max_tokens: 100, ...more });
const found = (document: unknown, subs = {}) => checkDefinition(document, { ...WORLD, subs }).errors;
const pointers = (document: unknown, subs = {}) => found(document, subs).map(({ pointer }) => pointer);
const subs = { [subKey('shorten', 1)]: snapshotOf(SUB).definition };

describe('the checker', () => {
  it('takes one of every step type', () => {
    expect(found(EVERYTHING, subs)).toEqual([]);
    expect(new Set(allSteps(snapshotOf(EVERYTHING, subs).definition.steps).map(({ type }) => type)).size).toBe(12);
  });

  it('tells everything at once, each at its place', () => {
    const places = pointers({
      ...base, colour: 'red', personas: [], steps: [
        prompt('a', 'On {{topik}} and {{b_output}}', { temprature: 1 }), prompt('b', '{{a_output}} {{constructor.constructor("return process")()}}', { model: 'gpt-5' }), { type: 'wat' }, prompt('b', 'Twice'),
        { type: 'tool', key: 't', tool: 'rm_rf' }, { type: 'branch', key: 'c', when: 'while(true){}', do: [prompt('d', 'x')] }, { type: 'branch', key: 'e', when: 'true', do: [prompt('f', 'x')], else: [prompt('g', 'x')] },
        { type: 'validate', key: 'v', source: 'a_output', rules: [{ rule: 'regex', pattern: '(?=a)' }] },
      ],
    });
    expect(places).toEqual(expect.arrayContaining(['#/colour', '#/personas', '#/steps/0/temprature', '#/steps/1/prompt', '#/steps/1/provider', '#/steps/2/type', '#/steps/3/key', '#/steps/4/tool', '#/steps/5/when', '#/steps/6/else', '#/steps/7/rules/0/pattern']));
  });

  it('tells what is still empty once, and as empty', () => {
    const steps = [prompt('a', ''), prompt('b', ' '), { type: 'workflow', key: 's', workflow: '', version: 1 }];
    expect(found({ ...base, steps }).filter(({ pointer }) => /prompt$|workflow$/.test(pointer)).map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual(['#/steps/0/prompt must not be empty', '#/steps/1/prompt must not be empty', '#/steps/2/workflow must not be empty']);
  });

  it('names what a template lacks, and that a later step makes it', () => {
    const [first, second] = found({ ...base, steps: [prompt('a', '{{nothing}} {{later}}'), prompt('b', 'x', { output_variable: 'later' })] });
    expect(first?.detail).toContain('no input and no earlier step makes');
    expect(second?.detail).toContain('made by step b');
  });

  it('holds a name of one arm back from what comes after', () => {
    const branch = { type: 'branch', key: 'c', when: 'size(topic) > 3', do: [prompt('d', 'x', { output_variable: 'x' })] };
    expect(pointers({ ...base, steps: [branch, prompt('e', '{{x}}')] })).toEqual(['#/steps/1/prompt']);
    expect(pointers({ ...base, steps: [{ ...branch, else: [prompt('f', 'y', { output_variable: 'x' })] }, prompt('e', '{{x}}')] })).toEqual([]);
  });

  it('refuses a sub-run of itself, a circle and a version that is not there', () => {
    const step = { type: 'workflow', key: 's', workflow: 'mine', version: 1 };
    expect(found({ ...base, steps: [step] })[0]?.detail).toContain('run itself');
    const other = { ...snapshotOf({ ...base, slug: 'other', steps: [prompt('a', 'x')] }).definition, steps: [{ ...step, title: 'S', inputs: {}, output_variable: 'x' }] };
    expect(found({ ...base, steps: [{ ...step, workflow: 'other' }] }, { [subKey('other', 1)]: other })[0]?.detail).toContain('circle: mine → other → mine');
    expect(found({ ...base, steps: [{ ...step, workflow: 'nobody' }] })[0]?.pointer).toBe('#/steps/0/workflow');
  });

  it('refuses 5 MB, 10,000 steps and deep nests at once and in no time', () => {
    const started = performance.now();
    expect(found({ ...base, description: 'x'.repeat(5_000_000), steps: [] })).toEqual([expect.objectContaining({ pointer: '#', detail: expect.stringContaining('5,000,') as string })]);
    expect(found({ ...base, steps: Array.from({ length: 10_000 }, () => ({})) })).toEqual([expect.objectContaining({ pointer: '#/steps', detail: expect.stringContaining('10,000') as string })]);
    let nest: object = prompt('a', 'x');
    for (let level = 0; level < 12; level += 1) nest = { type: 'map', key: `m${level}`, over: 'topic', item: `i${level}`, steps: [nest] };
    expect(found({ ...base, steps: [nest] }).some(({ detail }) => detail.includes('deeper'))).toBe(true);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('refuses a template bomb and caps that cannot hold', () => {
    expect(found({ ...base, steps: [prompt('a', '{{topic}}'.repeat(500))] })[0]?.detail).toContain('placeholders');
    expect(found({ ...base, steps: Array.from({ length: 60 }, (_, index) => prompt(`p${index}`, 'x')) }).map(({ detail }) => detail).join()).toContain('60 model calls in a Test');
    expect(found({ ...base, policy: { caps: { output_tokens: 50 } }, steps: [prompt('a', 'x')] })[0]?.detail).toContain('Full run');
  });

  it('warns of a provider without a key and refuses a model without its provider (Q7)', () => {
    const report = checkDefinition({ ...base, steps: [prompt('a', 'x', { provider: 'gemini', model: 'g' })] }, WORLD);
    expect(report.errors).toEqual([]);
    expect(report.warnings[0]?.pointer).toBe('#/steps/0/provider');
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.anything(), (value) => { checkDefinition(value, WORLD); }), { numRuns: 200 });
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (steps, inputs) => { checkDefinition({ ...base, steps, inputs }, WORLD); }), { numRuns: 300 });
    fc.assert(fc.property(fc.array(fc.record({ type: fc.constantFrom('prompt', 'map', 'branch', 'tool', 'validate', 'ask', 'workflow'), prompt: fc.string(), when: fc.string(), over: fc.string(), steps: fc.jsonValue(), do: fc.jsonValue() }, { requiredKeys: ['type'] })), (steps) => { checkDefinition({ ...base, steps }, WORLD); }), { numRuns: 300 });
  });
});

describe('templates', () => {
  it('puts a value in once and never looks at it again', () => {
    fc.assert(fc.property(fc.string(), (value) => fillTemplate('a {{x}} b', () => value) === `a ${value} b`.replaceAll('\\{{', '{{')));
  });

  it('refuses what is no name, and reads own properties only', () => {
    for (const text of ['{{constructor.constructor("x")()}}', '{{a b}}', '{{1+1}}', '{{}}', '{{ #each x }}', '{{a']) expect(parseTemplate(text).problems).toHaveLength(1);
    expect(valueAt({ a: [{ b: 1 }] }, parsePath('a[0].b') ?? [])).toBe(1);
    for (const path of ['constructor', '__proto__', 'toString', 'a.constructor']) expect(valueAt({ a: {} }, parsePath(path) ?? [])).toBeUndefined();
  });
});

it('maps in maps are counted before anything runs', () => {
  const inner = (depth: number): unknown[] => [depth === 0 ? { type: 'transform', key: 'one', operation: 'extract', source: 'rows' } : { type: 'map', key: `map_${depth}`, over: 'rows', item: `item_${depth}`, max_items: 50, steps: inner(depth - 1) }];
  const nested = (depth: number) => checkDefinition({ slug: 'maps', name: 'Maps', personas: ['student'], inputs: { schema: { type: 'object', properties: { rows: { type: 'array', items: { type: 'string' } } } } }, steps: inner(depth) }, WORLD).errors;
  expect(nested(1)).toEqual([]);
  expect(nested(3)).toMatchObject([{ pointer: '#/steps', detail: expect.stringMatching(/^may take 127,551 steps in a Full run, which has 2,000/) }]);
});

describe('expressions', () => {
  it.each([['count + 1 == 5', true], ['count * 0.5', 2], ['size(names) > 1 && names.exists(n, n == "a")', true], ['topic.contains("b") ? "yes" : "no"', 'yes'], ['rows.filter(r, r.v > 2).map(r, r.v)', undefined], ['gone == null', true]])('%s', (text, expected) => {
    const values = { count: 4, names: ['a', 'b'], topic: 'abc', rows: [{ v: 1 }, { v: 5 }], gone: null };
    if (expected === undefined) expect(evaluate(text, values)).toEqual([5]);
    else expect(evaluate(text, values)).toBe(expected);
  });

  it.each(['while(true){}', 'constructor.constructor("return process")()', 'a.map(x, a.map(y, x))', 'topic.matches("(a+)+$")', 'timestamp("2026-01-01T00:00:00Z")', `${'1+'.repeat(400)}1`, '(', 'x => x'])('refuses %s', (text) => {
    expect(() => readExpression(text)).toThrow(ExpressionProblem);
  });

  it('reads any text in bounded time and only ever says no in its own words', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => {
      try { readExpression(text); } catch (error) { return error instanceof ExpressionProblem; }
      return true;
    }), { numRuns: 400 });
  });

  it('makes nothing that grows without end from step to step', () => {
    const grown = (expression: string, first: unknown) => { let value = first; let steps = 0; expect(() => { for (; steps < 100; steps += 1) value = evaluate(expression, { x: value, beside: 'y'.repeat(5_000_000) }); }).toThrow(/too big/); return steps; };
    expect(grown('x + x', 'abc')).toBeLessThan(20);
    expect(grown(`[${'x,'.repeat(40)}x]`, 'a')).toBeLessThan(6);
    expect(evaluate('x.size() > 3 ? x : ""', { x: 'a'.repeat(90_000) })).toHaveLength(90_000);
  });

  it('looks for patterns in linear time', () => {
    const started = performance.now();
    expect(new PatternWork().matches('(a+)+$', `${'a'.repeat(60_000)}b`)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(new PatternWork().problem('(?<=a)b')).not.toBeNull();
    expect(new PatternWork().matches('(\\d+)-(\\w)', '12-a 34-b', 1)).toEqual(['12', '34']);
  });
});

it('a diff matches steps by key', () => {
  const one = { steps: [{ key: 'a', prompt: 'x' }, { key: 'b', prompt: 'y' }] };
  expect(diffOf(one, one)).toEqual([]);
  expect(diffOf(one, { steps: [{ key: 'b', prompt: 'y' }, { key: 'a', prompt: 'z' }, { key: 'c', prompt: 'n' }] }).map(({ pointer, kind }) => `${kind} ${pointer}`)).toEqual(['changed #/steps/a/prompt', 'added #/steps/c', 'changed #/steps']);
  expect(workflowTypeOf('essay_writing_assistant')).toBe('own.essayWritingAssistant');
});
