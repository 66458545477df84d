import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerSchema, defineCatalogEntry, inputJsonSchema } from '#contracts/catalog.schema';
import { FULL_CAPS, TEST_CAPS } from '#contracts/limits';
import { legalInput } from '#test/support/legal-input';
import { catalog, findCatalogEntry } from '../index.ts';
import { learnAgenticAiDefinition as definition, type LearnAgenticAiInput } from './definition.ts';
import { quizLength, topicCount } from './sizes.ts';

const sum = (input: LearnAgenticAiInput, stage: 'test' | 'full') => {
  const models = definition.plan(input, stage).filter((call) => call.kind === 'model');
  return { input: models.reduce((total, call) => total + call.inputTokens * call.repeat, 0), output: models.reduce((total, call) => total + call.maxOutputTokens * call.repeat, 0) };
};
const issuesOf = (inputs: unknown): string[] => {
  const parsed = definition.input.safeParse(inputs);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.') || ('keys' in issue ? String(issue.keys) : 'inputs'));
};
const GOAL = 'Understand how agents use tools';

describe('the catalog', () => {
  it('finds entries by slug and knows nothing else', () => {
    expect(findCatalogEntry('learn_agentic_ai')).toBe(catalog[0]);
    expect(findCatalogEntry('__proto__')).toBeUndefined();
  });

  it('slugs and workflow types are unique', () => {
    expect(new Set(catalog.map((entry) => entry.slug)).size).toBe(catalog.length);
    expect(new Set(catalog.map((entry) => entry.workflowType)).size).toBe(catalog.length);
  });

  it('refuses a definition whose tabs miss a field or whose preset does not parse', () => {
    const tabs = definition.tabs.map((tab) => ({ ...tab, fields: tab.fields.filter((field) => field !== 'difficulty') }));
    expect(() => defineCatalogEntry({ ...definition, tabs })).toThrow('difficulty');
    expect(() => defineCatalogEntry({ ...definition, presets: [{ key: 'bad', title: 'Bad', inputs: { learning_goal: 'short' } }] })).toThrow('preset bad');
  });
});

describe('inputs', () => {
  it('every preset parses and gets its defaults', () => {
    for (const preset of definition.presets) expect(definition.input.parse(preset.inputs)).toMatchObject({ trace_level: 'full', ...preset.inputs });
  });

  it('a wrong field is named before anything is spent', () => {
    expect(issuesOf({})).toEqual(['learning_goal']);
    expect(issuesOf({ learning_goal: '          ' })).toEqual(['learning_goal']);
    expect(issuesOf({ learning_goal: 'x'.repeat(501) })).toEqual(['learning_goal']);
    expect(issuesOf({ learning_goal: GOAL, timebox_minutes: 0 })).toEqual(['timebox_minutes']);
    expect(issuesOf({ learning_goal: GOAL, timebox_minutes: '60' })).toEqual(['timebox_minutes']);
    expect(issuesOf({ learning_goal: GOAL, agent_framework: 'Django' })).toEqual(['agent_framework']);
    expect(issuesOf({ learning_goal: GOAL, tools_enabled: ['web_search', 'web_search'] })).toEqual(['tools_enabled']);
    expect(issuesOf({ learning_goal: GOAL, surprise: 1 })).toEqual(['surprise']);
    expect(issuesOf(JSON.parse(`{"learning_goal":"${GOAL}","__proto__":{"admin":true}}`))).toEqual(['__proto__']);
  });

  it('the JSON Schema says the same to form, docs and API', () => {
    const schema = inputJsonSchema(definition) as { required: string[]; additionalProperties: boolean; properties: Record<string, { title?: string; description?: string }> };
    expect(schema.required).toEqual(['learning_goal']);
    expect(schema.additionalProperties).toBe(false);
    for (const [name, field] of Object.entries(schema.properties)) expect(field.title && field.description, name).toBeTruthy();
  });

  it('tools asked for are granted tools', () => {
    fc.assert(fc.property(legalInput, (input) => definition.toolsFor(input).every((tool) => definition.tools.includes(tool))));
  });
});

describe('the plan', () => {
  it('Test stays inside its caps for any legal input', () => {
    fc.assert(fc.property(legalInput, (input) => {
      const test = sum(input, 'test');
      expect(test.output).toBeLessThanOrEqual(TEST_CAPS.outputTokens);
      expect(test.input).toBeLessThanOrEqual(TEST_CAPS.inputTokens);
    }));
  });

  it('Full stays inside its caps for any legal input, and is no smaller than Test', () => {
    fc.assert(fc.property(legalInput, (input) => {
      const [test, full] = [sum(input, 'test'), sum(input, 'full')];
      expect(full.output).toBeLessThanOrEqual(FULL_CAPS.outputTokens);
      expect(full.input).toBeLessThanOrEqual(FULL_CAPS.inputTokens);
      expect(full.output).toBeGreaterThan(test.output);
      // Loop turns: one gap check and at most two fills.
      expect(3).toBeLessThanOrEqual(FULL_CAPS.iterations);
    }));
  });

  it('a longer timebox never means fewer topics or questions', () => {
    fc.assert(fc.property(fc.integer({ min: 15, max: 480 }), fc.nat(200), (minutes, more) => {
      expect(topicCount(minutes + more, 'full')).toBeGreaterThanOrEqual(topicCount(minutes, 'full'));
      expect(quizLength(minutes + more, 'full')).toBeGreaterThanOrEqual(quizLength(minutes, 'full'));
      expect(topicCount(minutes, 'full')).toBeLessThanOrEqual(8);
      expect([topicCount(minutes, 'test'), quizLength(minutes, 'test')]).toEqual([1, 1]);
    }));
  });
});

describe('answers', () => {
  const question = { question: 'Which?', options: ['a', 'b'], answer_index: 1, explanation: 'b, because.' };

  it('ask for exactly as many items as the inputs need', () => {
    const quiz = answerSchema(definition, { name: 'quiz', items: 2 });
    expect(quiz?.safeParse({ questions: [question, question] }).success).toBe(true);
    expect(quiz?.safeParse({ questions: [question] }).success).toBe(false);
    expect(answerSchema(definition, { name: 'nothing' })).toBeUndefined();
  });

  it('the right answer of a question is one of its options', () => {
    const parsed = answerSchema(definition, { name: 'quiz', items: 1 })?.safeParse({ questions: [{ ...question, answer_index: 3 }] });
    expect(parsed?.success).toBe(false);
    expect(parsed?.error?.issues[0]?.path).toEqual(['questions', 0, 'answer_index']);
  });

  it('every schema can be sent to a model', () => {
    for (const name of Object.keys(definition.answers)) expect(z.toJSONSchema(answerSchema(definition, { name, items: 3 }) as z.ZodType)).toMatchObject({ type: 'object', additionalProperties: false });
  });
});
