import type { RunJavascriptData, TrainCharModelData } from '#contracts/data-tools';
import type { MaterialItem } from '#contracts/material';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import type { Step } from '../../stages/step.ts';
import { readDocument } from '../../steps/document-input.ts';
import { findMaterial } from '../../steps/find-material.ts';
import type { Source } from '../../steps/sources.ts';
import { countOf } from '../../steps/table-data.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { PIECES, script, type Checks } from './code.ts';
import type { Annotations, DebugChoice, Exercises, Milestones, TinyGptLabInput } from './definition.ts';
import { changed, countingText, symptomsOf, withFault, type Settings } from './figures.ts';
import { assembleFiles, newDraft, runText, CHANGE_WORDS, type Draft } from './files.ts';
import { annotatePrompt, debugPrompt, exercisesPrompt, milestonesPrompt, readingPrompt } from './prompts.ts';
import { corpusLimit, exerciseCount, milestoneCount, pieceCount, TEST_STEPS } from './sizes.ts';

type Context = StageContext<TinyGptLabInput>;
const CORPUS_QUERIES = ['language model training', 'agents and tools', 'evaluation and statistics', 'serving and quantization', 'retrieval and chunks', 'data quality', 'prompts', 'safety and guardrails', 'papers and citations', 'memory', 'cost', 'tutoring', 'tokenizer', 'fine-tuning', 'interview questions', 'business case'];

/** Build a tiny GPT lab: text → milestones → code that is run → first training run → debug loop, one change a round → reading of
 * the losses → exercises and rubric. */
export async function tinyGptLab(request: RunRequest<TinyGptLabInput>): Promise<RunResult> {
  return runStages<TinyGptLabInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, step, request: { persona } } = context;
  context.expectSteps(stage === 'test' ? 8 : 9 + input.debug_rounds);
  draft.text = await step('corpus', 'Get the text', (run) => corpus(context, run, draft));
  draft.pages = await step('find', 'Find pages of the library', async (run) => {
    const pages: Source[] = [];
    for (const { query } of PIECES.slice(0, pieceCount(stage))) {
      const found = draft.sources.add(await findMaterial(context, run, { query, limit: stage === 'test' ? 1 : 3 }));
      pages.push(...found.slice(0, 1));
      draft.shelf.push(...found);
    }
    run.summarise(`${countOf(new Set(pages.map((page) => page.id)).size, 'page')} for ${countOf(pieceCount(stage), 'piece')} of code.`);
    return pages;
  });
  draft.milestones = await step('milestones', 'Set the milestones', async (run) => {
    const { milestones } = await run.answer<Milestones>('milestones', milestonesPrompt(input, distinct(draft.shelf), stage, persona), milestoneCount(input.hours, stage));
    run.summarise(`${countOf(milestones.length, 'milestone')} in ${countOf(input.hours, 'hour')}.`);
    return milestones;
  });
  await step('code', 'Run the code', (run) => runCode(context, run, draft));
  draft.annotations = await step('annotate', 'Annotate the code', async (run) => {
    const { annotations } = await run.answer<Annotations>('annotate', annotatePrompt(input, distinct(draft.pages), stage, persona), pieceCount(stage));
    run.summarise(`${countOf(annotations.length, 'piece')} annotated.`);
    return annotations;
  });
  await train(context, draft);
  const runs = draft.runs.map((_, index) => runMaterial(draft, index));
  draft.reading = await step('reading', 'Read the loss', async (run) => {
    const words = await run.write(readingPrompt(input, runs, stage === 'test' ? [] : draft.pages.slice(1, 2), stage, persona));
    run.summarise(runs.length > 0 ? `Read from ${countOf(runs.length, 'run')}.` : 'No run was made, and the reading says so.');
    return words;
  });
  draft.exercises = await step('exercises', 'Make exercises and a rubric', async (run) => {
    const answer = await run.answer<Exercises>('exercises', exercisesPrompt(input, runs.slice(-1), distinct(draft.shelf).slice(0, stage === 'test' ? 1 : 8), stage, persona), exerciseCount(input.exercises, stage));
    run.summarise(`${countOf(answer.exercises.length, 'exercise')}, ${countOf(answer.rubric.length, 'row')} of the rubric.`);
    return answer;
  });
  await verifyCitations(context, draft.sources, [draft.reading]);
}

const distinct = (pages: readonly Source[]): Source[] => [...new Map(pages.map((page) => [page.id, page])).values()];
const runMaterial = (draft: Draft, index: number): MaterialItem => draft.sources.addText(`run-${index + 1}`, `Training run ${index + 1}`, runText(draft, index), 'train_char_model');

/** Line ends are made one kind, as the lab tool does, so that both count the same characters. */
async function corpus(context: Context, step: Step, draft: Draft): Promise<string> {
  const { input, stage } = context;
  const cut = (text: string): string => Array.from(text.replace(/\r\n?/g, '\n').toWellFormed()).slice(0, corpusLimit(stage)).join('');
  if (input.corpus === 'own') { step.summarise('The pasted text.'); return cut(input.own_text); }
  if (input.corpus === 'upload') {
    const document = await readDocument(context, step, { upload: input.own_file }, 60);
    draft.trouble.push(...document.trouble);
    const text = cut(document.sections.map((section) => section.text).join('\n\n'));
    if (text.length >= 400) return text;
    draft.trouble.push('The file gave too little text to train on, so numbers in words were used.');
  }
  if (input.corpus === 'library') {
    const texts = new Map<string, string>();
    for (const query of CORPUS_QUERIES.slice(0, stage === 'test' ? 1 : CORPUS_QUERIES.length)) {
      const found = await step.tool('library_search', { query, limit: 8 });
      for (const item of found.items) texts.set(item.id, item.text);
    }
    const text = cut([...texts.values()].join('\n\n'));
    step.summarise(`${countOf(texts.size, 'section')} of the library, ${text.length} characters.`);
    if (text.length >= 400) return text;
    draft.trouble.push('The library gave too little text to train on, so numbers in words were used.');
  }
  step.summarise('Numbers in words.');
  return cut(countingText(999));
}

async function runCode({ stage }: Context, step: Step, draft: Draft): Promise<void> {
  const result = await step.tool('run_javascript', { code: script(pieceCount(stage)), input: { text: draft.text }, seed: 1 });
  const checks = result.outcome === 'ok' ? ((result.data as RunJavascriptData | undefined)?.result as Checks | undefined) : undefined;
  draft.checks = checks ?? null;
  if (!checks) draft.trouble.push(`The code was not run: ${result.summary}`);
  step.summarise(checks ? `Ran on ${Array.from(draft.text).length} characters of ${checks.vocabulary} kinds.` : result.summary);
}

/** The first run has the fault in it; each further one differs by one change that the model chose from what the losses suggest. */
async function train(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const wanted: Settings = { steps: input.steps, seed: input.seed, context: input.context, embedding: 8, hidden: input.hidden, batch: 64, learning_rate: input.learning_rate, temperature: input.temperature };
  let settings = stage === 'test' ? { ...wanted, steps: TEST_STEPS } : withFault(wanted, input.fault);
  let data = await context.step('train-1', stage === 'test' ? `Train ${TEST_STEPS} steps` : 'Make the first run', (step) => once(step, draft, settings, null));
  const rounds = stage === 'test' ? 0 : input.debug_rounds;
  for (let round = 1; data !== null && round <= rounds; round += 1) {
    const symptoms = symptomsOf(data, settings);
    if (symptoms.length === 0) return;
    context.turn();
    const [seen, before] = [settings, draft.runs.length - 1];
    const { change, reason } = await context.step(`debug-${round}`, `Choose change ${round}`, async (step) => {
      const choice = await step.answer<DebugChoice>('debug', debugPrompt(input, seen, symptoms, runMaterial(draft, before), draft.runs.flatMap((run) => run.change ?? []), persona));
      const open = symptoms.flatMap((symptom) => symptom.suggests);
      const allowed = open.includes(choice.change) ? choice.change : (open[0] as DebugChoice['change']);
      step.summarise(`${CHANGE_WORDS[allowed]}${allowed === choice.change ? '' : `; ${choice.change} was not open`}.`);
      return { change: allowed, reason: choice.reason };
    });
    settings = changed(settings, change) ?? settings;
    const next = settings;
    data = await context.step(`train-${round + 1}`, `Make run ${round + 1}`, (step) => once(step, draft, next, { change, reason, symptoms: symptoms.map((symptom) => symptom.words) }));
  }
}

async function once(step: Step, draft: Draft, settings: Settings, why: { change: DebugChoice['change']; reason: string; symptoms: string[] } | null): Promise<TrainCharModelData | null> {
  const result = await step.tool('train_char_model', { text: draft.text, ...settings, samples: 1, sample_length: 200 });
  step.summarise(result.summary);
  if (result.outcome !== 'ok' || !result.data) { draft.trouble.push(`A run was not made: ${result.summary}`); return null; }
  const data = result.data as TrainCharModelData;
  draft.runs.push({ settings, data, change: why?.change ?? null, reason: why?.reason ?? '', symptoms: why?.symptoms ?? [] });
  return data;
}
