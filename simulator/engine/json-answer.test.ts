import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCorpus } from './corpus.ts';
import { answerFromSchema } from './json-answer.ts';
import { parsePrompt } from './parse-prompt.ts';

const corpusOf = (text: string) => buildCorpus(parsePrompt({ system: '', turns: [{ role: 'user', text }] }));
const INPUTS = '<input name="learning_goal">Build agents that call tools and recover from errors</input><input name="timebox_minutes">60</input><input name="difficulty">advanced</input>';
const MATERIAL = `<material id="m1" title="Tool calling" url="https://example.org/t">Tool calling lets a model ask a program for work. Each call has a name and arguments. Errors go back to the model as results. ## Errors
Errors are results too. A timeout is told to the model.</material><material id="m2" title="Agent loops">An agent loop ends when the goal is met. A cap on turns protects the budget. Each turn reads the last result.</material>`;
const full = corpusOf(`${INPUTS}${MATERIAL}\nTask: Make a plan of exactly 3 topics and two questions.`);
const bare = corpusOf(`${INPUTS}\nTask: Make a plan.`);
const none = corpusOf('hello');
const fill = (schema: Record<string, unknown>, corpus = full, tokens = 2000) => JSON.parse(answerFromSchema(schema, corpus, tokens)) as unknown;
const object = (properties: Record<string, unknown>) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });

describe('an answer is made from the request', () => {
  it('counts that the task names, minutes from the time box, enums by mention', () => {
    const value = fill(object({
      topics: { type: 'array', minItems: 1, maxItems: 8, items: object({ title: { type: 'string' }, minutes: { type: 'integer', minimum: 5 }, level: { enum: ['beginner', 'advanced'] }, search_query: { type: 'string' } }) },
    })) as { topics: { title: string; minutes: number; level: string; search_query: string }[] };
    expect(value.topics).toHaveLength(3);
    expect(value.topics.map((topic) => topic.minutes)).toEqual([20, 20, 20]);
    expect(new Set(value.topics.map((topic) => topic.title)).size).toBe(3);
    expect(value.topics[0]).toMatchObject({ level: 'advanced' });
  });

  it('judges by what the material holds: borne out, not, or open where a figure is missing', () => {
    const schema = object({ verdict: { enum: ['contradicts', 'supports', 'unclear', 'not_stated'] } });
    const on = (claim: string) => fill(schema, corpusOf(`<input name="claim">${claim}</input><material id="m1" title="Trial">The trial had 24 patients. The drug lowered blood pressure.</material>\nTask: judge.`));
    expect(on('The drug lowered blood pressure of 24 patients')).toEqual({ verdict: 'supports' });
    expect(on('The drug lowered blood pressure of 96 patients')).toEqual({ verdict: 'unclear' });
    expect(on('Turbines convert wind into electricity')).toEqual({ verdict: 'not_stated' });
  });

  it('a quiz: the right option is the word that the sentence had', () => {
    const value = fill(object({ questions: { type: 'array', minItems: 1, maxItems: 8, items: object({ question: { type: 'string' }, options: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 4 }, answer_index: { type: 'integer', minimum: 0, maximum: 3 }, explanation: { type: 'string' } }) } })) as { questions: { question: string; options: string[]; answer_index: number; explanation: string }[] };
    expect(value.questions).toHaveLength(2);
    for (const { question, options, answer_index: at, explanation } of value.questions) {
      const [, before = '', after = ''] = /“(.*)_____(.*)”/.exec(question) ?? [];
      expect(explanation).toBe(before + options[at] + after);
      expect(new Set(options).size).toBe(options.length);
    }
  });

  it('a claim and its quotation are one sentence of the material that its id names', () => {
    const value = fill(object({ claims: { type: 'array', minItems: 2, maxItems: 2, items: object({ quote: { type: 'string' }, claim: { type: 'string' }, support: { type: 'string' }, material_id: { type: 'string' } }) } })) as { claims: { quote: string; claim: string; support: string; material_id: string }[] };
    const texts = Object.fromEntries(full.prompt.materials.map((material) => [material.id, material.text]));
    for (const { quote, claim, support, material_id: id } of value.claims) {
      expect(claim).toBe(quote);
      expect(support).not.toBe(quote);
      expect(texts[id]).toContain(quote);
    }
  });

  it('ids of sources are ids of materials; coverage and open points come from counting', () => {
    expect(fill(object({ source_ids: { type: 'array', items: { type: 'string' } }, covered: { type: 'boolean' }, missing: { type: 'array', items: { type: 'string' }, maxItems: 3 }, coverage_score: { type: 'number', minimum: 0, maximum: 1 } })))
      .toMatchObject({ source_ids: expect.arrayContaining(['m1', 'm2']), covered: true, missing: ['Recover'] });
    expect(fill(object({ covered: { type: 'boolean' }, missing: { type: 'array', items: object({ topic: { type: 'string' } }), maxItems: 3 } }), bare)).toMatchObject({ covered: false, missing: expect.arrayContaining([{ topic: 'Call tools' }]) });
  });

  it('without material nothing is invented', () => {
    const value = fill(object({ starting_point: { type: 'string', description: 'what the learner knows' }, topics: { type: 'array', minItems: 2, items: object({ title: { type: 'string' }, why: { type: 'string' } }) } }), bare) as { starting_point: string; topics: { title: string; why: string }[] };
    expect(value.starting_point).toContain('difficulty advanced');
    expect(value.topics[0]?.why).toContain('is part of what you asked for');
    expect(JSON.stringify(fill(object({ summary: { type: 'string' } }), none))).toContain('No material was given');
  });

  it('shorter when the budget is small', () => {
    const schema = object({ summary: { type: 'string' }, points: { type: 'array', items: { type: 'string' }, maxItems: 6 } });
    expect(answerFromSchema(schema, full, 25).length).toBeLessThanOrEqual(100);
  });
});

/** Random schemas of the supported subset; names hit the rules for ids, quizzes, minutes and titles as well. */
const name = fc.constantFrom('title', 'topics', 'question', 'options', 'answer', 'answer_index', 'minutes', 'source_ids', 'url', 'missing', 'gaps', 'covered', 'count', 'explanation', 'x', 'snake_case_name', 'constructor', 'items');
const bounds = (low: string, high: string, max: number) => fc.option(fc.tuple(fc.nat(max), fc.nat(max)).map(([a, b]) => ({ [low]: Math.min(a, b), [high]: Math.max(a, b) })), { nil: {} });
const schemas = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(
      bounds('minLength', 'maxLength', 80).map((limits) => ({ type: 'string', ...limits })),
      fc.constantFrom('date', 'date-time', 'uri', 'email', 'uuid').map((format) => ({ type: 'string', format })),
      fc.constantFrom('^m\\d+$', '^[a-z]{3,8}$', '^[A-Z][a-z]+-\\d{2}$', '^(?:low|high)$', '^#[0-9a-f]{6}$').map((pattern) => ({ type: 'string', pattern })),
      bounds('minimum', 'maximum', 500).map((limits) => ({ type: 'integer', ...limits })),
      fc.integer({ min: 1, max: 9 }).map((step) => ({ type: 'integer', multipleOf: step, minimum: 0, maximum: 1000 })),
      fc.constant({ type: 'integer', exclusiveMinimum: 3, exclusiveMaximum: 6 }),
      fc.constant({ type: 'number', exclusiveMinimum: 0, maximum: 1 }),
      fc.constantFrom({ type: 'boolean' }, { type: 'null' }, { type: ['string', 'null'] }, { const: 'fixed' }, { const: 7 }, { enum: ['advanced', 'beginner', 3, null] }),
    ),
    fc.tuple(tie('schema'), bounds('minItems', 'maxItems', 5)).map(([items, limits]) => ({ type: 'array', items, ...limits })),
    fc.tuple(fc.constantFrom<Record<string, unknown>>({ type: 'string', maxLength: 60 }, { type: 'integer', minimum: 0, maximum: 1000 }, { enum: ['a', 'b', 'c', 'd'] }), fc.nat(4)).map(([items, minItems]) => ({ type: 'array', items, minItems, maxItems: 6, uniqueItems: true })),
    fc.tuple(fc.dictionary(name, tie('schema'), { maxKeys: 4, noNullPrototype: true }), fc.boolean(), fc.boolean()).map(([properties, all, closed]) => ({ type: 'object', properties, required: Object.keys(properties).filter((_key, index) => all || index % 2 === 0), ...(closed && { additionalProperties: false }) })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.constant({ $ref: '#/$defs/node' }),
  ),
}));
const DEFS = { node: { type: 'object', properties: { title: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/node' }, maxItems: 2 } }, required: ['title'] } };

describe('property', () => {
  it.each([['with material', full], ['with inputs only', bare], ['with nothing', none]])('%s: any schema of the subset gets a valid answer', (_name, corpus) => {
    fc.assert(fc.property(schemas.schema, (schema) => {
      const root = { ...schema, $defs: DEFS };
      const value: unknown = JSON.parse(answerFromSchema(root, corpus, 4000));
      const result = new Validator(root, '2020-12', false).validate(value);
      if (!result.valid) throw new Error(`${JSON.stringify(value)}\n${JSON.stringify(result.errors.at(-1))}`);
    }), { numRuns: 400, endOnFailure: true });
  });

  it('and at every budget, a stop is valid JSON', () => {
    fc.assert(fc.property(schemas.schema, fc.integer({ min: 20, max: 300 }), (schema, tokens) => {
      const text = answerFromSchema({ ...schema, $defs: DEFS }, full, tokens);
      JSON.parse(text);
    }), { numRuns: 150, endOnFailure: true });
  });
});
