import type { RunRequest, RunResult } from '#contracts/workflow';
import type { MaterialItem } from '#contracts/material';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import type { Diagnosis, GapCheck, LearnAgenticAiInput, Quiz, Syllabus } from './definition.ts';
import { allot } from '../../steps/allot.ts';
import { findMaterial } from '../../steps/find-material.ts';
import type { Source } from '../../steps/sources.ts';
import { assembleFiles, newDraft, type Draft } from './notes.ts';
import { diagnosePrompt, fillPrompt, gapPrompt, notePrompt, quizPrompt, syllabusPrompt } from './prompts.ts';
import { materialsPerTopic, quizLength, syllabusMinutes, topicCount } from './sizes.ts';

type Context = StageContext<LearnAgenticAiInput>;
const PARALLEL_TOPICS = 3;

/** Learn Agentic AI: diagnose → syllabus fitted to the timebox → per topic find, read, note → quiz → gap check → assemble. */
export async function learnAgenticAi(request: RunRequest<LearnAgenticAiInput>): Promise<RunResult> {
  return runStages<LearnAgenticAiInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(7);
  const survey = await context.step('survey', 'Survey the library', (step) => surveyLibrary(step, input));
  draft.diagnosis = await context.step('diagnose', 'See where you stand', async (step) => {
    const diagnosis = await step.answer<Diagnosis>('diagnosis', diagnosePrompt(input, survey, stage, persona));
    step.summarise(diagnosis.starting_point);
    return diagnosis;
  });
  const { diagnosis } = draft;
  const syllabus = await context.step('syllabus', 'Fit a syllabus to your time', async (step) => {
    const answer = await step.answer<Syllabus>('syllabus', syllabusPrompt(input, diagnosis, survey, stage, persona), topicCount(input.timebox_minutes, stage));
    // The model weighs the topics; that they fit into the time is arithmetic.
    const minutes = syllabusMinutes(input.timebox_minutes, stage);
    const weighed = allot(minutes, answer.topics.map((topic) => topic.minutes));
    const shares = weighed.every((share) => share >= 1) ? weighed : allot(minutes, answer.topics.map(() => 1));
    step.summarise(`${answer.topics.length} ${answer.topics.length === 1 ? 'topic' : 'topics'}, ${minutes} minutes: ${answer.topics.map((topic) => topic.title).join('; ')}.`);
    return { topics: answer.topics.map((topic, index) => ({ ...topic, minutes: shares[index] ?? topic.minutes })) };
  });
  draft.syllabus = syllabus;
  context.expectSteps(5 + 2 * syllabus.topics.length);
  const found = await mapItems(syllabus.topics, PARALLEL_TOPICS, (topic, index) => context.step(`find-${index + 1}`, `Find material: ${topic.title}`, (step) => findMaterial(context, step, wish(context, topic.search_query))));
  // Numbered in the order of the topics, not of arrival: a re-run asks the same prompts, so that what was paid is found again.
  const sources = found.map((items) => draft.sources.add(items));
  await mapItems(syllabus.topics, PARALLEL_TOPICS, (topic, index) => writeNote(context, draft, topic, index, sources[index] ?? []));
  draft.quiz = await context.step('quiz', 'Make a quiz', async (step) => {
    const quiz = await step.answer<Quiz>('quiz', quizPrompt(input, notesAsMaterial(draft), stage, persona), quizLength(input.timebox_minutes, stage));
    step.summarise(`${quiz.questions.length} ${quiz.questions.length === 1 ? 'question' : 'questions'} on the notes.`);
    return quiz;
  });
  await closeGaps(context, draft, draft.quiz);
}

/** What the library holds near the goal, one section a document: it grounds diagnosis and syllabus before anything is searched for real. */
async function surveyLibrary(step: Step, input: LearnAgenticAiInput): Promise<MaterialItem[]> {
  if (!input.tools_enabled.includes('library_search')) {
    step.summarise('The library was not ticked; the syllabus is made without it.');
    return [];
  }
  const found = await step.tool('library_search', { query: `${input.learning_goal} ${input.agent_framework}`, limit: 8, one_per_document: true });
  step.summarise(found.items.length > 0 ? `${found.items.length} documents are near the goal.` : found.summary);
  return found.items.map((item, index) => ({ id: `s${index + 1}`, title: item.title, url: item.url, text: item.text }));
}

async function writeNote(context: Context, draft: Draft, topic: Syllabus['topics'][number], index: number, sources: Source[]): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const number = index + 1;
  await context.step(`note-${number}`, `Write notes: ${topic.title}`, async (step) => {
    const text = await step.write(notePrompt(input, topic, sources, stage, persona));
    draft.notes[index] = { title: topic.title, text, sources: sources.map((source) => source.id) };
    step.summarise(`Notes on ${topic.title} from ${sources.length} ${sources.length === 1 ? 'source' : 'sources'}.`);
  });
}

/** Gap check, and in Full one round that fills what is missing; the loop is capped by the stage's iterations. */
async function closeGaps(context: Context, draft: Draft, quiz: Quiz): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.turn();
  const gaps = await context.step('gaps', 'Check for gaps', async (step) => {
    const answer = await step.answer<GapCheck>('gap_check', gapPrompt(input, notesAsMaterial(draft), quiz, stage, persona));
    step.summarise(answer.covered || answer.missing.length === 0 ? 'The notes serve the goal.' : `Still missing: ${answer.missing.map((gap) => gap.topic).join('; ')}.`);
    return answer;
  });
  // A "gap" that has its own note already is not one.
  const open = gaps.covered ? [] : gaps.missing.filter((gap) => !draft.notes.some((note) => note?.title === gap.topic));
  draft.missing = open.map((gap) => gap.topic);
  if (stage === 'test') return;
  for (const [index, gap] of open.entries()) {
    context.turn();
    await context.step(`fill-${index + 1}`, `Fill the gap: ${gap.topic}`, async (step) => {
      const sources = draft.sources.add(await findMaterial(context, step, wish(context, gap.search_query)));
      const text = await step.write(fillPrompt(input, gap.topic, sources, persona));
      draft.additions.push({ title: gap.topic, text, sources: sources.map((source) => source.id) });
      draft.missing = draft.missing.filter((topic) => topic !== gap.topic);
      step.summarise(`Added notes on ${gap.topic}.`);
    });
  }
}

const wish = ({ input, stage }: Context, query: string) => ({ query, limit: materialsPerTopic(stage), tools: input.tools_enabled });
const notesAsMaterial = (draft: Draft): MaterialItem[] => draft.notes.filter(Boolean).map((note, index) => ({ id: `note${index + 1}`, title: note.title, url: null, text: note.text }));
