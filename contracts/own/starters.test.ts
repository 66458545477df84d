import { describe, expect, it } from 'vitest';
import { TOOL_RISKS } from '../tool-policy.ts';
import { checkDefinition } from './check.schema.ts';
import { entryOf } from './entry.schema.ts';
import { planOf } from './sizes.ts';
import { STARTERS } from './starters/index.ts';

const world = { tools: Object.keys(TOOL_RISKS), providers: ['demo'], subs: {} };

describe('the starters', () => {
  it.each(STARTERS.map((starter) => [String(starter['slug']), starter] as const))('%s has nothing to report and plans inside its caps', (_slug, starter) => {
    const { errors, warnings, definition } = checkDefinition(starter, world);
    expect([errors, warnings]).toEqual([[], []]);
    if (!definition) throw new Error('no definition');
    const entry = entryOf({ definition, subs: {} }, 1);
    for (const preset of entry.presets) expect(entry.input.safeParse(preset.inputs).success).toBe(true);
    const test = planOf({ definition, subs: {} }, 'test', {});
    expect(test.reduce((sum, call) => sum + call.maxOutputTokens * call.repeat, 0)).toBeLessThanOrEqual(1000);
    expect(test.reduce((sum, call) => sum + call.inputTokens * call.repeat, 0)).toBeLessThanOrEqual(8000);
    expect(checkDefinition(definition, world).definition).toEqual(definition);
  });
});
