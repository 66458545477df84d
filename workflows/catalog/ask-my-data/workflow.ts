import type { ProfileData, QueryData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import type { Step } from '../../stages/step.ts';
import { profileText, tableArguments } from '../../steps/table-data.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { disagrees, figuresOf, groupedSql, inCode, rowsSql, settle, windowSql, type Calculation, type Figure } from './calculate.ts';
import type { AskMyDataInput, CalculationAnswer } from './definition.ts';
import { assembleFiles, chosen, figuresText, newDraft, type Draft } from './files.ts';
import { memoPrompt, planPrompt } from './prompts.ts';
import { MAX_ROWS } from './sizes.ts';

type Context = StageContext<AskMyDataInput>;

/** Ask my data: profile → plan → calculate → calculate another way → settle a difference by a third → memo and chart. */
export async function askMyData(request: RunRequest<AskMyDataInput>): Promise<RunResult> {
  return runStages<AskMyDataInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(6);
  const profile = await context.step('profile', 'Profile the table', async (step) => {
    const result = await step.tool('profile_data', tableArguments(input));
    step.summarise(result.summary);
    if (result.outcome === 'ok' && result.data) return result.data as ProfileData;
    draft.trouble.push(`The table could not be profiled: ${result.summary}`);
    return null;
  });
  const seen = profile ? [draft.sources.addText('profile', 'Profile of the table', profileText(profile), 'profile_data')] : [];
  const answer = await context.step('plan', 'Plan the calculation', async (step) => {
    const plan = await step.answer<CalculationAnswer>('calculation', planPrompt(input, seen, stage, persona));
    step.summarise(`${plan.aggregate} of ${plan.measure_column || 'rows'}${plan.group_column ? ` for each ${plan.group_column}` : ''}.`);
    return plan;
  });
  if (profile) {
    const { calculation, remarks } = chosen(answer, input, profile, stage);
    draft.trouble.push(...remarks);
    draft.calculation = calculation;
    if (calculation) await calculate(context, draft, calculation);
  }
  const material = draft.figures.length > 0 ? [draft.sources.addText('figures', 'Figures of the calculation', figuresText(draft), 'query_data'), ...seen] : seen;
  // Runs of version 1 have no such choice in their inputs.
  if (input.practice && stage === 'full' && draft.calculation) {
    const { aggregate } = draft.calculation;
    material.push(...await context.step('library', 'Look into the library', async (step) => draft.sources.add(await findMaterial(context, step, { query: `reading ${aggregate === 'count' ? 'counts' : `the ${aggregate}`} of groups: outliers, missing values, small groups`, limit: 1 }))));
  }
  draft.memo = await context.step('memo', 'Write the memo', async (step) => {
    const text = await step.write(memoPrompt(input, material, stage, persona));
    step.summarise(draft.figures.length > 0 ? `Answered from ${draft.figures.length} figures.` : 'There are no figures, and the memo says so.');
    return text;
  });
  await verifyCitations(context, draft.sources, [draft.memo]);
}

async function calculate(context: Context, draft: Draft, calculation: Calculation): Promise<void> {
  const query = async (step: Step, sql: string): Promise<QueryData | null> => {
    draft.queries.push(sql);
    const result = await step.tool('query_data', { ...tableArguments(context.input), sql, max_rows: MAX_ROWS });
    step.summarise(result.summary);
    if (result.outcome === 'ok' && result.data) return result.data as QueryData;
    draft.trouble.push(`A query did not run: ${result.summary}`);
    return null;
  };
  const figures = async (step: Step, sql: string): Promise<Figure[]> => figuresOf((await query(step, sql))?.rows ?? []);
  const first = await context.step('calculate', 'Calculate', (step) => figures(step, groupedSql(calculation)));
  if (first.length === 0) return;
  // A table that is too long to hand over row by row is calculated a second time inside the engine.
  const second = await context.step('again', 'Calculate another way', async (step) => {
    const rows = await query(step, rowsSql(calculation));
    if (rows && !rows.truncated) { draft.second = 'code over the rows'; return inCode(rows.rows, calculation.aggregate); }
    draft.second = 'SQL with windows';
    return figures(step, windowSql(calculation));
  });
  draft.differed = disagrees(first, second);
  const third = draft.differed ? await context.step('settle', 'Settle the difference by a third way', (step) => figures(step, windowSql(calculation))) : [];
  draft.figures = settle(draft.differed ? [first, second, third] : [first, second]);
}
