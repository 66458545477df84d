import { existsSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerSchema, inputJsonSchema } from '#contracts/catalog.schema';
import { missingColumns } from '#contracts/columns';
import { beyondCaps } from '#contracts/estimate';
import { FULL_CAPS, FULL_MAX_SECONDS, TEST_CAPS } from '#contracts/limits';
import { legalInputs } from '#test/support/legal-inputs';
import * as workflows from '../index.ts';
import { catalog } from './index.ts';

const SKILLS = path.join(import.meta.dirname, '../../skills');
const sums = (calls: readonly { kind: string; inputTokens: number; maxOutputTokens: number; repeat: number }[]) => {
  const models = calls.filter((call) => call.kind === 'model');
  return { input: models.reduce((sum, call) => sum + call.inputTokens * call.repeat, 0), output: models.reduce((sum, call) => sum + call.maxOutputTokens * call.repeat, 0), calls: models.reduce((sum, call) => sum + call.repeat, 0) };
};

/** What holds for every entry, whoever wrote it. */
describe.each(catalog.map((entry) => [entry.slug, entry] as const))('%s', (slug, entry) => {
  it('has a workflow function of its own name', () => {
    expect(workflows).toHaveProperty(entry.workflowType);
    expect(slug).toMatch(/^[a-z][a-z0-9_]+$/);
  });

  it('names skills that are there', () => {
    expect(entry.skills.length).toBeGreaterThan(0);
    for (const skill of entry.skills) expect([`${skill}.md`, `${skill}/SKILL.md`].some((file) => existsSync(path.join(SKILLS, file))), skill).toBe(true);
  });

  it('has presets and defaults that work at once, and a field text for every field', () => {
    expect(entry.presets.length).toBeGreaterThanOrEqual(2);
    const { properties } = inputJsonSchema(entry) as { properties: Record<string, { title?: string; description?: string }> };
    for (const [name, field] of Object.entries(properties)) expect(field.title && field.description, name).toBeTruthy();
    for (const preset of entry.presets) expect(entry.input.safeParse(preset.inputs).success, preset.key).toBe(true);
    for (const preset of entry.presets) expect(beyondCaps([{ stage: 'full', plan: entry.plan(entry.input.parse(preset.inputs), 'full'), caps: { ...FULL_CAPS, seconds: FULL_MAX_SECONDS, costUsdMicros: null } }], null), preset.key).toEqual([]);
    for (const preset of entry.presets) expect(missingColumns(inputJsonSchema(entry), entry.input.parse(preset.inputs), () => null), preset.key).toEqual([]);
  });

  it('stays inside its caps in Test and Full for any legal input, and uses only granted tools', () => {
    fc.assert(fc.property(legalInputs(entry), (input) => {
      const [test, full] = [sums(entry.plan(input, 'test')), sums(entry.plan(input, 'full'))];
      expect(test.output).toBeLessThanOrEqual(TEST_CAPS.outputTokens);
      expect(test.input).toBeLessThanOrEqual(TEST_CAPS.inputTokens);
      expect(full.output).toBeLessThanOrEqual(FULL_CAPS.outputTokens);
      expect(full.input).toBeLessThanOrEqual(FULL_CAPS.inputTokens);
      expect(beyondCaps([{ stage: 'test', plan: entry.plan(input, 'test'), caps: { ...TEST_CAPS, costUsdMicros: null } }], null)).toEqual([]);
      expect(full.output).toBeGreaterThan(test.output);
      expect(test.calls).toBeGreaterThan(0);
      for (const tool of entry.toolsFor(input)) expect(entry.tools).toContain(tool);
    }), { numRuns: 40 });
    // Forms with many long fields take seconds to fill at random on a busy machine.
  }, 30_000);

  it('every answer schema can be sent to a model', () => {
    for (const name of Object.keys(entry.answers)) expect(z.toJSONSchema(answerSchema(entry, { name, items: 3 }) as z.ZodType, { io: 'input' }), name).toMatchObject({ type: 'object' });
  });
});

it('slugs, workflow types and titles are unique', () => {
  for (const key of ['slug', 'workflowType', 'title'] as const) expect(new Set(catalog.map((entry) => entry[key])).size).toBe(catalog.length);
});
