import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import type { Source } from '../../steps/sources.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { assess, gapsOf, riskClass } from './assess.ts';
import { CONTROL_IDS, controlOfLabel, CONTROLS, controlText, type ControlId } from './controls.ts';
import type { ControlsMapInput, Duties, SignOff, TestIdea } from './definition.ts';
import { assembleFiles, classSentence, gapSentence, gapsText, newDraft, type Draft, type Signed } from './files.ts';
import { readingPrompt, rulesPrompt, testIdeaPrompt } from './prompts.ts';
import { controlCount, MAX_RULE_TEXTS } from './sizes.ts';

type Context = StageContext<ControlsMapInput>;
const PARALLEL = 3;

/** Controls and compliance map: class by rule → rules read, quotes checked → matrix and gaps → a test and evidence a control →
 * reading → sign-off. */
export async function controlsMap(request: RunRequest<ControlsMapInput>): Promise<RunResult> {
  return runStages<ControlsMapInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(5 + controlCount(stage));
  draft.date = new Date().toISOString().slice(0, 10);
  draft.risk = riskClass(input);
  draft.rows = assess(input, draft.date);
  await context.step('class', 'Set the risk class and map the controls', (step) => {
    step.summarise(`${classSentence(draft)} ${gapSentence(draft.rows)}`);
    return Promise.resolve();
  });
  if (stage === 'full') await readRules(context, draft);
  const library = draft.sources.add(await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: 'compliance controls, evidence that convinces, assessing risk, EU AI Act in short', limit: stage === 'test' ? 1 : 4, tools: input.tools_enabled.filter((tool) => tool === 'library_search') })));
  const order = [...gapsOf(draft.rows).map((row) => row.control), ...CONTROL_IDS].filter((control, index, all) => all.indexOf(control) === index).slice(0, controlCount(stage));
  await mapItems(order, PARALLEL, (control) => thinkOfTest(context, draft, control));
  const gaps = draft.sources.addText('gaps', 'Class, status and gaps of this run', gapsText(draft), 'rule');
  draft.reading = await context.step('reading', 'Read the gaps', async (step) => {
    const text = await step.write(readingPrompt(input, [gaps, ...library].slice(0, stage === 'test' ? 2 : 5), stage, persona));
    step.summarise(gapSentence(draft.rows));
    return text;
  });
  if (stage === 'full' && input.ask_sign_off) draft.signed = await signOff(context, draft);
  await verifyCitations(context, draft.sources, [draft.reading]);
}

/** Duties in the person's own rules: pasted, from a file, from the web. A quote that the checker does not find is kept out. */
async function readRules(context: Context, draft: Draft): Promise<void> {
  const { input, request: { persona } } = context;
  const texts: Source[] = input.rule_text ? [draft.sources.addText('rule_text', 'Rules as given', input.rule_text)] : [];
  const read = async (key: string, title: string, tool: string, args: Record<string, unknown>, most: number): Promise<void> => context.step(key, title, async (step) => {
    const result = await step.tool(tool, args);
    step.summarise(result.summary);
    if (result.items.length > 0) texts.push(...draft.sources.add(result.items.slice(0, most)));
    else draft.trouble.push(`A rule text was not read: ${result.summary}`);
  });
  if (input.rule_file) await read('rule-file', 'Read the rules file', 'read_upload', { upload: input.rule_file, sections: 4 }, 4);
  if (input.tools_enabled.includes('fetch_url')) for (const [index, url] of input.rule_urls.entries()) await read(`rule-page-${index + 1}`, 'Read rules on the web', 'fetch_url', { url }, 1);
  for (const [index, source] of texts.slice(0, MAX_RULE_TEXTS).entries()) await context.step(`rules-${index + 1}`, `Find duties: ${source.title}`, async (step) => {
    const { duties } = await step.answer<Duties>('rules', rulesPrompt(input, source, persona));
    const before = draft.duties.length;
    for (const duty of duties) {
      const found = await step.tool('check_quote', { quote: duty.quote, text: source.text });
      if (found.outcome === 'ok') draft.duties.push({ quote: duty.quote, control: controlOfLabel(duty.control), source: source.id });
      else draft.refused += 1;
    }
    step.summarise(`${draft.duties.length - before} of ${duties.length} quotes stand in the text.`);
  });
}

async function thinkOfTest(context: Context, draft: Draft, control: ControlId): Promise<void> {
  const { input, stage, request: { persona } } = context;
  await context.step(`test-${control.toLowerCase()}`, `Think of a test: ${control} ${CONTROLS[control].title}`, async (step) => {
    const row = draft.rows.find((each) => each.control === control);
    const material = [{ id: control.toLowerCase(), title: `${control} ${CONTROLS[control].title}`, url: null, text: controlText(control) }, ...(row ? [{ id: 'status', title: 'Status today', url: null, text: `It is ${row.status.replaceAll('_', ' ')} today and ${row.need}, because ${row.why}.${row.remarks.length > 0 ? ` Remarks: ${row.remarks.join('; ')}.` : ''}` }] : [])];
    draft.tests[control] = await step.answer<TestIdea>('test_idea', testIdeaPrompt(input, control, material, stage, persona));
    step.summarise(draft.tests[control]?.test ?? '');
  });
}

/** The owner sees class and gaps and says yes or no; nobody's answer leaves the map unsigned. */
async function signOff(context: Context, draft: Draft): Promise<Signed> {
  const shown = { system: context.input.system_name, class: classSentence(draft), gaps: gapsOf(draft.rows).map((row) => ({ control: `${row.control} ${CONTROLS[row.control].title}`, status: row.status, need: row.need, due: row.due, owner: row.owner || 'nobody' })) };
  return context.ask<SignOff | Signed>({ key: 'sign-off', title: `Sign off the controls of ${context.input.system_name}? Without an answer the map stays unsigned.`, questions: 'sign_off', shown, otherwise: { decision: 'not_signed' } });
}
