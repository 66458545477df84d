import { describe, expect, it } from 'vitest';
import { createQueryData } from '#activities/tools/data-tools';
import { createStatistics } from '#activities/tools/statistics';
import { runTool, type Tool } from '#activities/tools/tool';
import type { Step } from '../../stages/step.ts';
import { abTestReadoutDefinition } from './definition.ts';
import { recommend } from './effects.ts';
import { assembleFiles, newDraft, ruleOf } from './files.ts';
import { checkGuardrails, checkRatio, columnsOf, countArms, findCrossover, measureEffects, measureSegments, plainTestFits, readValues, type Measured } from './measure.ts';
import { brokenBy, scepticChecks } from './sceptic.ts';

/** The measurements of the presets with the tools themselves, recomputed from the lines of the table. */
const tools: Record<string, Tool> = { query_data: createQueryData({ find: () => Promise.resolve(null) }), statistics: createStatistics() };
const step = { tool: (name: string, args: Record<string, unknown>) => runTool(tools[name] as Tool, args, { owner: { userId: 'u', runId: 'r' }, signal: new AbortController().signal, capabilities: { tools: [name], hosts: null } }) } as unknown as Step;

function preset(key: string, change: Record<string, unknown> = {}) {
  const notes: string[] = [];
  const input = abTestReadoutDefinition.input.parse({ ...abTestReadoutDefinition.presets.find((each) => each.key === key)?.inputs, ...change });
  const measured: Measured = { step, input, columns: columnsOf(input), note: (sentence) => { notes.push(sentence); } };
  return { input, measured, notes, lines: input.results_csv.split('\n').slice(1).map((line) => line.split(',')) };
}

async function wholeOf(key: string, change: Record<string, unknown> = {}) {
  const { input, measured, notes, lines } = preset(key, change);
  const arms = await countArms(measured);
  const rule = ruleOf(input, arms[0]);
  const values = await readValues(measured, arms);
  const { plain } = plainTestFits(arms, input.row_kind, values);
  const draft = { ...newDraft(), arms, ratio: await checkRatio(measured, arms), crossover: await findCrossover(measured), ...(await measureEffects(measured, arms, values, plain, rule.level)), ...(await measureSegments(measured, arms, rule.level)), guardrails: await checkGuardrails(measured, arms, rule.level), notes };
  draft.checks = scepticChecks({ ...draft, daysRun: input.days_run, looks: input.looks }, rule);
  draft.recommendation = recommend(draft.effects, rule, draft.guardrails, brokenBy(draft.checks));
  return { draft, input, lines, rule, plain };
}

describe('on data', { timeout: 120_000 }, () => {
  it('totals: people, rates, difference and interval are what the lines say', async () => {
    const { draft, input, lines } = await wholeOf('checkout');
    const [control, treatment] = ['control', 'one_page'].map((name) => {
      const own = lines.filter(([variant]) => variant === name);
      const [n, orders] = [3, 4].map((at) => own.reduce((sum, cells) => sum + Number(cells[at]), 0)) as [number, number];
      return { n, orders, rate: orders / n };
    }) as [{ n: number; orders: number; rate: number }, { n: number; orders: number; rate: number }];
    expect(draft.arms.map(({ name, people, successes }) => [name, people, successes])).toEqual([['control', control.n, control.orders], ['one_page', treatment.n, treatment.orders]]);
    const [effect] = draft.effects;
    const spread = Math.sqrt((control.rate * (1 - control.rate)) / control.n + (treatment.rate * (1 - treatment.rate)) / treatment.n);
    expect(effect?.difference).toBeCloseTo(treatment.rate - control.rate, 12);
    expect(effect?.low).toBeCloseTo(treatment.rate - control.rate - 1.959963985 * spread, 8);
    expect(effect?.high).toBeCloseTo(treatment.rate - control.rate + 1.959963985 * spread, 8);
    expect(draft.ratio?.mismatch).toBe(false);
    expect(draft.recommendation).toMatchObject({ decision: 'ship', treatment: 'one_page' });
    expect(draft.segments.map(({ segment }) => segment)).toEqual(['device desktop', 'device phone', 'device tablet', 'country DE', 'country FR']);
    const [main, tables] = assembleFiles({ provider: 'demo' }, input, draft, 'full', null);
    expect(main?.content).toContain('# Ship it: one_page');
    expect(tables?.content.trim().split('\r\n')).toHaveLength(1 + 2 + 1 + 5 + 1);
  });

  it('one row a person: the mean is that of the lines, and a long tail is given to the bootstrap', async () => {
    const { draft, lines, plain, rule } = await wholeOf('onboarding');
    const minutes = (name: string) => lines.filter(([, variant]) => variant === name).map((cells) => Number(cells[3]));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(rule).toMatchObject({ level: 0.025, better: 'lower' });
    expect(plain).toBe(false);
    expect(draft.effects[0]?.difference).toBeCloseTo(mean(minutes('B')) - mean(minutes('A')), 9);
    expect(draft.crossover).toEqual({ crossed: 0, units: 120, rows: 120 });
    expect(draft.recommendation?.decision).toBe('keep_running');
  });

  it('a split that does not fit the plan stops the read-out', async () => {
    const { draft } = await wholeOf('broken');
    expect(draft.ratio?.mismatch).toBe(true);
    expect(draft.recommendation?.decision).toBe('repair');
    // The same counts are fine when they were planned so.
    const planned = await wholeOf('broken', { planned_split: [{ variant: 'old_form', share: 52.3 }, { variant: 'short_form', share: 47.7 }] });
    expect(planned.draft.ratio?.mismatch).toBe(false);
  });

  it('a column that is not there is told, and nothing is made up', async () => {
    const { measured, notes, input } = preset('checkout', { outcome_column: 'sales' });
    expect(await countArms(measured)).toEqual([]);
    expect(notes.join(' ')).toContain('sales');
    const files = assembleFiles({ provider: 'openai' }, input, { ...newDraft(), notes }, 'full', null);
    expect(files.map(({ fileName }) => fileName)).toEqual(['decision.md']);
    expect(files[0]?.content).toContain('Check the names of the columns');
  });
});
