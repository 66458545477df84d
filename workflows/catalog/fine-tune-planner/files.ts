import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { LintConfigData, ProfileData } from '#contracts/data-tools';
import { ACCELERATORS, shapeOf } from '#contracts/model-shapes';
import type { RunRequest } from '#contracts/workflow';
import { toYaml } from '#contracts/yaml';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { duration, money, readable, type Figures } from '../../steps/work-out.ts';
import { dataFindings, methodByRule, smallestDevice, VERDICTS, type Lengths, type Placement } from './choose.ts';
import type { Config, Plan } from './config.ts';
import type { FineTunePlannerInput, MethodAnswer, SettingsAnswer } from './definition.ts';
import { budgetFormulas, LABELS, memoryFormulas } from './formulas.ts';
import { METHODS, type Method } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft {
  profile: ProfileData | null; lengths: Lengths | null; memory: Figures | null; where: Record<Method, Placement> | null; choice: MethodAnswer | null; plan: Plan | null; budget: Figures | null;
  settings: SettingsAnswer | null; config: Config | null; lint: LintConfigData | null; lintRounds: number; repairs: string[]; present: LintConfigData | null; reading: string; remarks: string[]; trouble: string[]; sources: Sources;
}
export const newDraft = (): Draft => ({ profile: null, lengths: null, memory: null, where: null, choice: null, plan: null, budget: null, settings: null, config: null, lint: null, lintRounds: 0, repairs: [], present: null, reading: '', remarks: [], trouble: [], sources: new Sources() });

type Stage = 'test' | 'full';
const PLACES = { each: 'fits on each device', sharded: 'fits when sharded', no: 'does not fit' } as const;
const SCENARIOS = { low: 'A quarter better utilised', expected: 'Expected', high: 'Half as well utilised' } as const;
const devicesOf = (input: FineTunePlannerInput): string => `${input.devices} × ${ACCELERATORS[input.accelerator].name}`;

/** Tokens of one example: measured, or half of the sequence length when nothing could be measured. */
export function exampleTokens(input: FineTunePlannerInput, draft: Pick<Draft, 'lengths'>): number {
  return draft.lengths && draft.lengths.averageCharacters > 0 ? draft.lengths.averageCharacters / input.characters_per_token : input.sequence_length / 2;
}

/** The figures as sentences that a model can read and cite. */
export function factsText(input: FineTunePlannerInput, draft: Draft): string {
  const { memory, where, budget, lengths, plan } = draft;
  const rule = where && methodByRule(input, where);
  return [
    `The goal needs ${input.need}. ${VERDICTS[input.need].first} Tune when ${VERDICTS[input.need].tuneWhen}.`,
    `The base model is ${oneLine(shapeOf(input.model, input).name)}; the devices are ${devicesOf(input)}.`,
    memory && where && METHODS.map((method) => `${LABELS[method]} needs at least ${readable(memory[`need_${method}`])} GB on one device and ${PLACES[where[method]]}.`).join('\n'),
    rule && `By rule the method is ${LABELS[rule]}: the simplest one that serves this and fits.`,
    `What goes wrong most probably: ${dataFindings(input, lengths, draft.profile?.pii ?? [])[0] ?? 'near duplicates of test items stand in the training data.'}`,
    'To measure before any training: the prompted baseline on the same test set.',
    lengths && `${lengths.rows} rows were read, about ${readable(exampleTokens(input, draft))} tokens each.`,
    ...dataFindings(input, lengths, draft.profile?.pii ?? []),
    plan && budget && `With ${LABELS[plan.method]} the training takes ${readable(budget['steps'])} steps, about ${duration(budget['hours_expected'])} and ${money(budget['cost_expected'])}.`,
  ].filter(Boolean).join('\n');
}

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: FineTunePlannerInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (!draft.memory && draft.trouble.length === 0) return [];
  const { memory, budget, plan, config } = draft;
  const files: OutputFile[] = [{ key: 'runbook', fileName: 'runbook.md', mimeType: 'text/markdown', content: runbook(request, input, draft, stage, remark), summary: verdict(input, draft) }];
  if (config) files.push({ key: 'config', fileName: 'config.yaml', mimeType: 'application/yaml', content: toYaml(config, `${shapeOf(input.model, input).name}, ${plan ? LABELS[plan.method] : ''}, for ${devicesOf(input)}\n${draft.lint ? `Checked in ${draft.lintRounds} rounds: ${draft.lint.valid ? 'valid' : 'NOT valid'}.` : 'NOT checked.'} Change one value at a time.${request.provider === 'demo' ? '\nDEMO: values are the usual start of the library.' : ''}`), summary: draft.lint?.valid ? `Valid, ${draft.repairs.length} repaired` : 'Not valid' });
  if (!memory) return files;
  const rows = [...memoryFormulas(input.checkpointing).map((formula) => ({ ...formula, part: 'memory', value: memory[formula.name] })), ...(plan && budget ? budgetFormulas(plan.method, input.checkpointing).map((formula) => ({ ...formula, part: 'time and money', value: budget[formula.name] })) : [])];
  files.push({ key: 'budget', fileName: 'budget.csv', mimeType: 'text/csv', content: toCsv(['part', 'figure', 'name', 'formula', 'value', 'unit', 'source'], rows.map((row) => [row.part, row.title, row.name, row.expression, row.value, row.unit, row.source])), summary: budget ? `${money(budget['cost_expected'])} expected` : 'Memory of every method' });
  files.push({ key: 'memory', fileName: 'memory.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'Least memory on one device, against the room there is', yLabel: 'GB' }, [...METHODS.map((method) => ({ label: LABELS[method], value: memory[`need_${method}`] ?? 0 })), { label: 'room', value: memory['room'] ?? 0 }]), summary: 'Memory by method' });
  return files;
}

function verdict(input: FineTunePlannerInput, { plan, budget, where }: Draft): string {
  if (!where) return 'The memory could not be worked out, so there is no plan.';
  if (!plan) return `No method fits on ${devicesOf(input)}.`;
  return `${LABELS[plan.method]} ${PLACES[plan.placement]}${budget ? `: ${readable(budget['steps'])} steps, about ${duration(budget['hours_expected'])}, ${money(budget['cost_expected'])}` : ''}.`;
}

function runbook(request: Pick<RunRequest, 'provider'>, input: FineTunePlannerInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { memory, where, budget, plan, lengths, choice, settings } = draft;
  const rule = VERDICTS[input.need];
  return page([
    `# Fine-tuning runbook: ${oneLine(input.goal)}`,
    stamps(request, stage, 'the first 20 rows, the figures and a short note; no configuration. A Full run reads the whole sample and writes the configuration.', remark),
    bullets(draft.trouble),
    section('Decision', [`**${rule.first}** Tune when ${rule.tuneWhen}.`, `**If you tune:** ${verdict(input, draft)}`, choice && plan && `${choice.method === plan.method ? `Why: ${oneLine(choice.reason)} ` : ''}Main risk: ${oneLine(choice.main_risk)} Measure first: ${oneLine(choice.first_check)}`, bullets(draft.remarks)].filter(Boolean).join('\n\n')),
    section('The sample', [lengths && table(['Rows read', 'Tokens on average', 'Tokens at 95 %', 'Longest', 'Answer on average'], [[lengths.rows, ...[lengths.averageCharacters, lengths.p95Characters, lengths.longestCharacters, lengths.answerCharacters].map((characters) => readable(characters / input.characters_per_token))]]), bullets(dataFindings(input, lengths, draft.profile?.pii ?? [])) || (lengths ? 'Nothing in the sample speaks against training.' : `The length of an example is assumed to be half of the sequence, ${readable(exampleTokens(input, draft))} tokens.`)].filter(Boolean).join('\n\n')),
    memory && where && section('Memory', `${oneLine(shapeOf(input.model, input).name)} on ${devicesOf(input)}, sequences of ${input.sequence_length} tokens, checkpointing ${input.checkpointing ? 'on' : 'off'}. A device has room for ${readable(memory['room'])} GB.\n\n${table(['Method', 'States, GB', 'Least on one device, GB', 'Here', 'Smallest single device that holds it'], METHODS.map((method) => [LABELS[method], readable(memory[`states_${method}`]), readable(memory[`need_${method}`]), PLACES[where[method]], smallestDevice(memory[`need_${method}`] ?? Infinity)?.name ?? 'none in the list']))}`),
    budget && plan && section('Time and money', `Micro batch ${plan.batch.micro}, accumulation ${plan.batch.accumulation}, ${input.devices} ${input.devices === 1 ? 'device' : 'devices'}: an effective batch of ${readable(budget['effective_batch'])}. ${readable(budget['steps'])} steps over ${readable(budget['tokens'])} tokens.\n\n${table(['Case', 'Time', 'Money, restarts included'], (['low', 'expected', 'high'] as const).map((scenario) => [SCENARIOS[scenario], duration(budget[`hours_${scenario}`]), money(budget[`cost_${scenario}`])]))}${(budget['steps'] ?? 0) < 100 ? `\n\nWith fewer than 100 steps the schedule hardly acts: more examples help more than other values.${input.packing ? ' Without packing each example is a sequence of its own, which makes more steps.' : ''}` : ''}`),
    draft.config && section('Configuration', [`config.yaml is written for ${input.trainer === 'trl_peft' ? 'TRL with PEFT' : input.trainer === 'unsloth' ? 'Unsloth' : 'Axolotl'}. ${draft.lint ? `${draft.lint.valid ? 'It passed the check' : 'It did not pass the check'} after ${draft.lintRounds} ${draft.lintRounds === 1 ? 'round' : 'rounds'}.` : 'It was not checked.'}`, settings && `Learning rate ${String(draft.config['learning_rate'])}, warm-up ${String(draft.config['warmup_ratio'])}, weight decay ${String(draft.config['weight_decay'])}. ${oneLine(settings.reason)}`, bullets(draft.repairs), problems(draft.lint)].filter(Boolean).join('\n\n')),
    draft.present && section('The configuration you have', problems(draft.present) || 'The check finds nothing wrong with it.'),
    section('What to watch', draft.reading && body(draft.reading)),
    plan && section('Run it', checklist(input, draft)),
    section('Assumptions', bullets(['Every figure stands in budget.csv with its formula and the skill it comes from. GB are 10⁹ bytes. Shapes are those of the model’s configuration file, speed and memory those of the data sheet; measure both in the first 50 steps.', `${input.examples_total} examples, ${input.characters_per_token} characters a token, ${input.utilisation_percent} % utilisation, ${input.price_usd} dollars a device and hour, as you gave them.`])),
    draft.sources.markdown([body(draft.reading)]),
    nextSteps([
      stage === 'test' && 'Run Full for the configuration and the whole runbook.',
      'Write the evaluation and measure the prompted baseline on it before anything is trained.',
      dataFindings(input, lengths, draft.profile?.pii ?? []).length > 0 && 'Repair the data as listed under “The sample”, then run this again.',
      where && !plan && 'Take more or larger devices, a smaller model or shorter sequences; the table names the smallest device for each method.',
      plan && 'Run 50 steps with this configuration, and compare memory and tokens a second with the table.',
    ]),
  ]);
}

const problems = (lint: LintConfigData | null): string => table(['Line', 'Weight', 'What is wrong'], (lint?.problems ?? []).map(({ line, severity, message }) => [line, severity, message]));

function checklist(input: FineTunePlannerInput, { plan, budget }: Draft): string {
  return [
    `1. Split by source or customer before anything else: ${input.examples_total < 1000 ? 10 : 5} % are held out.`,
    '2. Encode one example, decode it again, and look at the mask of the loss beside it: the end-of-turn token has to be trained.',
    `3. Start with one step and look at memory; the plan counts on ${plan?.batch.micro ?? 1} ${plan?.batch.micro === 1 ? 'sequence' : 'sequences'} a device.`,
    `4. After ${Math.max(1, Math.min(50, Math.round((budget?.['steps'] ?? 50) / 4)))} steps: loss falls, gradient norm is calm, ten fixed prompts read well. Else stop.`,
    '5. At each evaluation compare validation loss and the task metric; decide by the task.',
    '6. At the end: task metric with interval against the prompted baseline, 50 answers read by hand, safety tests again.',
    '7. Keep configuration, hashes of the data, commit and result together.',
  ].join('\n');
}
