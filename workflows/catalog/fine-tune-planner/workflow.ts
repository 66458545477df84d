import { ACCELERATORS } from '#contracts/model-shapes';
import type { LintConfigData, ProfileData, QueryData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { toYaml } from '#contracts/yaml';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import type { Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import type { Source } from '../../steps/sources.ts';
import { sqlName, tableArguments } from '../../steps/table-data.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { duration, money, workOut } from '../../steps/work-out.ts';
import { batchPlan, methodByRule, placements, variablesOf, type Lengths } from './choose.ts';
import { configOf, repair, startValues, valueOf } from './config.ts';
import type { FineTunePlannerInput, MethodAnswer, SettingsAnswer } from './definition.ts';
import { assembleFiles, exampleTokens, factsText, newDraft, type Draft } from './files.ts';
import { budgetFormulas, LABELS, memoryFormulas } from './formulas.ts';
import { methodPrompt, readingPrompt, settingsPrompt } from './prompts.ts';
import { LINT_ROUNDS, METHODS, sampleRows, type Method } from './sizes.ts';

type Context = StageContext<FineTunePlannerInput>;

/** Fine-tune planner: profile the sample → memory of every method → choose → budget → configuration, checked until clean → runbook. */
export async function fineTunePlanner(request: RunRequest<FineTunePlannerInput>): Promise<RunResult> {
  return runStages<FineTunePlannerInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(stage === 'test' ? 7 : 9);
  await context.step('profile', 'Profile the sample', (step) => profile(context, step, draft));
  await context.step('memory', 'Work out the memory of every method', async (step) => {
    draft.memory = await workOut(step, memoryFormulas(input.checkpointing), variablesOf(input));
    if (!draft.memory) return;
    draft.where = placements(draft.memory, input.devices);
    const fits = METHODS.filter((method) => draft.where?.[method] !== 'no');
    step.summarise(fits.length > 0 ? `${fits.map((method) => LABELS[method]).join(', ')} ${fits.length === 1 ? 'fits' : 'fit'} on ${input.devices} × ${ACCELERATORS[input.accelerator].name}.` : `No method fits on ${input.devices} × ${ACCELERATORS[input.accelerator].name}.`);
  });
  const found = await context.step('library', 'Read the library and the pages', (step) => read(context, step, draft));
  const rule = draft.where ? methodByRule(input, draft.where) : null;
  if (rule) await decide(context, draft, rule, found);
  const facts = draft.sources.addText('figures', 'Figures of this plan', factsText(input, draft), 'calculation');
  if (draft.plan && stage === 'full') await configure(context, draft, [facts, ...found]);
  await context.step('reading', 'Write what to watch', async (step) => {
    draft.reading = await step.write(readingPrompt(input, [facts, ...found], stage, persona));
    step.summarise(draft.plan ? `A plan with ${LABELS[draft.plan.method]}, with what to watch.` : 'There is no method that fits, and the runbook says what would.');
  });
  await verifyCitations(context, draft.sources, [draft.reading]);
}

async function profile({ input, stage }: Context, step: Step, draft: Draft): Promise<void> {
  const data = tableArguments({ data_file: input.data_file, data_csv: input.sample_csv });
  const seen = await step.tool('profile_data', { ...data, limit_rows: sampleRows(stage) });
  if (seen.outcome !== 'ok' || !seen.data) { draft.trouble.push(`The sample could not be profiled: ${seen.summary}`); step.summarise(seen.summary); return; }
  draft.profile = seen.data as ProfileData;
  const names = draft.profile.columns.map((column) => column.name);
  const missing = [input.prompt_column, input.answer_column].filter((column) => !names.includes(column));
  if (missing.length > 0) { draft.trouble.push(`The sample has no column ${missing.join(' and no column ')}; it has ${names.slice(0, 12).join(', ')}. Lengths could not be measured.`); step.summarise(`No column ${missing.join(', ')}.`); return; }
  const [prompt, answer] = [input.prompt_column, input.answer_column].map((column) => `trim(coalesce(CAST(${sqlName(column)} AS VARCHAR), ''))`);
  const sql = `SELECT count(*), count(*) FILTER (WHERE p = '' OR a = ''), count(*) - count(DISTINCT lower(p)), avg(n), quantile_cont(n, 0.95), max(n), avg(length(a)), avg(CASE WHEN n > ${input.sequence_length * input.characters_per_token} THEN 1.0 ELSE 0.0 END) FROM (SELECT p, a, length(p) + length(a) AS n FROM (SELECT ${prompt} AS p, ${answer} AS a FROM data LIMIT ${sampleRows(stage)}))`;
  const measured = await step.tool('query_data', { ...data, sql, max_rows: 1 });
  const row = measured.outcome === 'ok' ? (measured.data as QueryData).rows[0]?.map(Number) : undefined;
  if (!row) { draft.trouble.push(`Lengths could not be measured: ${measured.summary}`); step.summarise(measured.summary); return; }
  const [rows = 0, empty = 0, repeated = 0, averageCharacters = 0, p95Characters = 0, longestCharacters = 0, answerCharacters = 0, cutShare = 0] = row;
  draft.lengths = { rows, empty, repeated, averageCharacters, p95Characters, longestCharacters, answerCharacters, cutShare } satisfies Lengths;
  step.summarise(`${rows} rows, about ${exampleTokens(input, draft).toFixed(0)} tokens each; ${empty} empty, ${repeated} repeated.`);
}

async function read(context: Context, step: Step, draft: Draft): Promise<Source[]> {
  const { input, stage } = context;
  const methods = await findMaterial(context, step, { query: `fine-tuning method when to tune ${input.need}`, limit: stage === 'test' ? 1 : 3 });
  if (stage === 'test') return draft.sources.add(methods.slice(0, 1));
  const values = await findMaterial(context, step, { query: 'fine-tuning configuration learning rate values trouble during training', limit: 3 });
  const pages = [];
  for (const url of input.reference_urls) {
    const page = await step.tool('fetch_url', { url });
    if (page.outcome === 'ok') pages.push(...page.items.slice(0, 2));
    else draft.trouble.push(`${url} was not read: ${page.summary}`);
  }
  const sources = draft.sources.add([...methods.slice(0, 3), ...values.slice(0, 3), ...pages]);
  step.summarise(`${sources.length} texts at hand: ${sources.map((source) => source.title).join('; ')}.`);
  return sources;
}

/** The rule's method, another one that fits when the model has a reason, and the budget of what was taken. */
async function decide(context: Context, draft: Draft, rule: Method, found: readonly Source[]): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const [memory, where] = [draft.memory ?? {}, draft.where];
  const fits = METHODS.filter((method) => where?.[method] !== 'no');
  const facts = { id: 'memory', title: 'Memory and data', url: null, text: factsText(input, draft) };
  const method = await context.step('method', 'Choose the method', async (step) => {
    const answer = await step.answer<MethodAnswer>('method', methodPrompt(input, rule, fits, [facts, ...found], stage, persona));
    draft.choice = answer;
    const taken = input.method === rule || !fits.includes(answer.method) ? rule : answer.method;
    if (taken !== answer.method) draft.remarks.push(input.method === rule ? `The model would have taken ${LABELS[answer.method]}; you fixed ${LABELS[rule]}.` : `The model named ${LABELS[answer.method]}, which does not fit; the rule's ${LABELS[rule]} was taken.`);
    if (input.method !== 'auto' && input.method !== rule) draft.remarks.push(`You wished for ${LABELS[input.method]}, which does not fit on these devices.`);
    step.summarise(`${LABELS[taken]}: ${answer.reason}`);
    return taken;
  });
  const placement = where?.[method] ?? 'no';
  const most = memory[placement === 'sharded' ? `most_${method}_sharded` : `most_${method}`] ?? 1;
  const tokens = exampleTokens(input, draft);
  const sequences = input.packing ? Math.ceil((input.examples_total * Math.min(tokens, input.sequence_length)) / input.sequence_length) : input.examples_total;
  draft.plan = { method, placement, batch: batchPlan(method, most, input.devices, sequences, input.epochs) };
  const variables = {
    ...variablesOf(input), ...draft.plan.batch, lora_parameters: memory['lora_parameters'] ?? 0, examples: input.examples_total, example_tokens: tokens, epochs: input.epochs,
    teraflops: ACCELERATORS[input.accelerator].teraflops, utilisation: input.utilisation_percent / 100, price: input.price_usd, packed: input.packing ? 1 : 0,
  };
  await context.step('budget', 'Work out time and money', async (step) => {
    draft.budget = await workOut(step, budgetFormulas(method, input.checkpointing), variables);
    if (draft.budget) step.summarise(`${draft.budget['steps']} steps, about ${duration(draft.budget['hours_expected'])} and ${money(draft.budget['cost_expected'])}.`);
  });
}

/** Values, configuration, and check and repair until the check is clean or the rounds are used up. */
async function configure(context: Context, draft: Draft, material: readonly Source[]): Promise<void> {
  const { input, request: { persona } } = context;
  const plan = draft.plan;
  if (!plan) return;
  const start = startValues(plan.method);
  draft.settings = await context.step('settings', 'Set the values', async (step) => {
    const answer = await step.answer<SettingsAnswer>('settings', settingsPrompt(input, plan.method, start, material, persona));
    const changed = Object.entries(start).filter(([name, value]) => answer[name as keyof typeof start] !== value);
    step.summarise(changed.length === 0 ? 'The usual start is kept.' : `Changed: ${changed.map(([name, value]) => `${name} ${value} → ${answer[name as keyof typeof start]}`).join(', ')}.`);
    return answer;
  });
  const generated = configOf(input, plan, draft.settings);
  let own = [...new Set(input.own_settings.map(({ setting }) => setting))];
  draft.config = { ...generated, ...Object.fromEntries(input.own_settings.map(({ setting, value }) => [setting, valueOf(value)])) };
  await context.step('lint', 'Check the configuration until it is clean', async (step) => {
    for (let round = 1; round <= LINT_ROUNDS; round += 1) {
      context.turn();
      const checked = await step.tool('lint_config', { format: 'yaml', schema: 'finetune', text: toYaml(draft.config ?? {}) });
      if (checked.outcome !== 'ok' || !checked.data) { draft.trouble.push(`The configuration could not be checked: ${checked.summary}`); return; }
      draft.lint = checked.data as LintConfigData;
      draft.lintRounds = round;
      const repaired = repair(draft.config ?? {}, generated, own, draft.lint.problems);
      if (repaired.actions.length === 0) break;
      draft.repairs.push(...repaired.actions);
      draft.config = repaired.config;
      own = repaired.own;
    }
    step.summarise(`${draft.lint?.valid ? 'Valid' : 'Not valid'} after ${draft.lintRounds} ${draft.lintRounds === 1 ? 'check' : 'checks'}; ${draft.repairs.length} repaired.`);
  });
  if (input.existing_config) await context.step('present', 'Check the configuration you have', async (step) => {
    const checked = await step.tool('lint_config', { format: 'yaml', schema: 'finetune', text: input.existing_config });
    step.summarise(checked.summary);
    if (checked.outcome === 'ok' && checked.data) draft.present = checked.data as LintConfigData;
    else draft.trouble.push(`Your present configuration could not be checked: ${checked.summary}`);
  });
}
