import { clip, type MaterialItem } from '#contracts/material';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { readDocument } from '../../steps/document-input.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { countOf, percent } from '../../steps/table-data.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { candidatesOf, nextDifficulty, nextTopic, priorMastery, scoreOf, topicsFrom, updatedMastery, type Graded } from './coaching.ts';
import type { CardsAnswer, GradeAnswer, InterviewCoachInput, QuestionAnswer, Reply, TopicsAnswer } from './definition.ts';
import { assembleFiles, newDraft, standingMaterial, type Draft, type Exchange } from './files.ts';
import { advicePrompt, cardsPrompt, gradePrompt, questionPrompt, topicsPrompt } from './prompts.ts';
import { candidateLimit, cardCount, criterionCount, DIFFICULTIES, materialsPerTopic, questionCount, topicCount } from './sizes.ts';

type Context = StageContext<InterviewCoachInput>;
const PARALLEL = 3;

/** Interview and exam coach: read → graph of topics → material → ask, grade, adjust, as often as wanted → cards → advice. */
export async function interviewCoach(request: RunRequest<InterviewCoachInput>): Promise<RunResult> {
  return runStages<InterviewCoachInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage } = context;
  const questions = questionCount(input.questions, stage);
  context.expectSteps(5 + questions * 2 + (stage === 'full' ? 1 : 0));
  const candidates = await context.step('read', `Read the ${input.occasion === 'interview' ? 'advertisement' : 'syllabus'}`, (step) => read(context, step, draft));
  await context.step('topics', 'Make a graph of topics', (step) => topics(context, step, draft, candidates));
  if (draft.standings.length > 0) {
    await context.step('find', 'Find material for each topic', async (step) => {
      const found = await mapItems(draft.standings, PARALLEL, ({ topic }) => findMaterial(context, step, { query: topic.searchQuery || topic.title, limit: materialsPerTopic(stage), tools: ['library_search', ...input.material_from] }));
      draft.material = found.map((items) => draft.sources.add(items));
      step.summarise(`${countOf(draft.sources.all.length, 'piece')} of material for ${countOf(draft.standings.length, 'topic')}.`);
    });
    await session(context, draft, questions);
    await cards(context, draft);
    if (stage === 'full') await advise(context, draft);
  }
  await verifyCitations(context, draft.sources, [draft.advice, ...draft.exchanges.map((each) => (each.sourceId ? `[${each.sourceId}]` : ''))]);
}

async function read(context: Context, step: Step, draft: Draft): Promise<MaterialItem[]> {
  const { input, stage } = context;
  const document = await readDocument(context, step, { ...(input.source === 'upload' ? { upload: input.source_file } : input.source === 'address' ? { url: input.source_url } : {}), text: input.source_text }, 30);
  draft.trouble = document.trouble;
  return candidatesOf(document.sections.map((section) => section.text), candidateLimit(stage)).map((candidate, index) => ({ id: `c${index + 1}`, title: clip(candidate, 80), url: null, text: candidate }));
}

async function topics({ input, stage, request: { persona } }: Context, step: Step, draft: Draft, candidates: readonly MaterialItem[]): Promise<void> {
  if (candidates.length === 0) draft.trouble.push('No topic was named, so the coach goes by what you prepare for alone.');
  const answer = await step.answer<TopicsAnswer>('topics', topicsPrompt(input, candidates, stage, persona), topicCount(input.days, stage));
  draft.standings = topicsFrom(answer.topics).map((topic) => {
    const title = topic.title.toLowerCase();
    const rated = input.self_rating.find((row) => title.includes(row.topic.toLowerCase()) || row.topic.toLowerCase().includes(title));
    return { topic, mastery: priorMastery(rated?.rating), asked: 0, measured: false };
  });
  step.summarise(`${countOf(draft.standings.length, 'topic')}: ${draft.standings.map(({ topic }) => topic.title).join('; ')}.`);
}

/** Question after question: the topic by what is gained most, the level by how the last answer went. Nobody answers in time: the
 * rest is written down and not put. */
async function session(context: Context, draft: Draft, count: number): Promise<void> {
  const { input, stage, request: { persona } } = context;
  let level = input.start_level;
  let present = true;
  for (let number = 1; number <= count; number += 1) {
    const place = nextTopic(draft.standings);
    const standing = draft.standings[place];
    if (!standing) return;
    context.turn();
    const exchange = await context.step(`ask-${number}`, `Question ${number}: ${standing.topic.title}`, async (step) => {
      const material = rotated(draft.material[place] ?? [], standing.asked);
      const { questions: [question] } = await step.answer<QuestionAnswer>('question', questionPrompt(input, standing.topic.title, level, draft.exchanges.map((each) => each.question.interview_question), material, stage, persona), criterionCount(stage));
      const made: Exchange = { topic: place, level, question: question as Exchange['question'], sourceId: draft.sources.byId(question?.material_id ?? '')?.id ?? null, answer: null, confidence: null, graded: [], score: null };
      draft.exchanges.push(made);
      standing.asked += 1;
      const reply = present ? await put(context, step, made, number, count) : null;
      if (reply) Object.assign(made, { answer: reply.answer, confidence: reply.confidence });
      present = reply !== null && !reply.enough;
      step.summarise(reply ? (reply.answer ? 'Answered.' : 'You said that you do not know.') : 'Not answered; the question is in the report for practice.');
      return made;
    });
    if (exchange.answer !== null) await context.step(`grade-${number}`, `Grade answer ${number}`, (step) => grade(context, step, exchange));
    if (exchange.score !== null) Object.assign(standing, { mastery: updatedMastery(standing.mastery, exchange.score), measured: true });
    level = nextDifficulty(level, exchange.score);
  }
}

const rotated = <T>(items: readonly T[], by: number): T[] => (items.length === 0 ? [] : [...items.slice(by % items.length), ...items.slice(0, by % items.length)]);

/** @returns null when nobody answered in time */
async function put(context: Context, step: Step, { question, level }: Exchange, number: number, count: number): Promise<Reply | null> {
  return context.ask<Reply | null>({
    // A key of its own for the Test, so that a gate's id says which question it is.
    key: context.stage === 'test' ? 'trial' : `question-${number}`, title: clip(question.interview_question, 300), questions: 'reply', waitMs: context.input.answer_minutes * 60_000, otherwise: null,
    shown: { question: question.interview_question, number: `${number} of ${count}`, level: `${level} of 5: ${DIFFICULTIES[level - 1]}`, points: question.criteria.reduce((sum, { points }) => sum + points, 0), without_an_answer: `After ${countOf(context.input.answer_minutes, 'minute')} the run goes on without asking more.` },
  }, step.key);
}

/** One call a criterion; a point needs words of the answer, and a tool looks whether they are there. */
async function grade(context: Context, step: Step, exchange: Exchange): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const { question, answer } = exchange;
  exchange.graded = await mapItems(question.criteria, PARALLEL, async ({ criterion, points }): Promise<Graded> => {
    if (!answer) return { criterion, points, score: 0, quote: '', feedback: 'There was no answer.', proven: false };
    const mark = await step.answer<GradeAnswer>('grade', gradePrompt(input, { question: question.interview_question, criterion }, answer, stage, persona));
    return { criterion, points, ...mark, proven: mark.score > 0 && (await stands(step, mark.quote, answer)) };
  });
  exchange.score = scoreOf(exchange.graded);
  step.summarise(`${percent(exchange.score)} of the points.`);
}

async function stands(step: Step, quote: string, answer: string): Promise<boolean> {
  // The tool takes eight characters and more; shorter words are looked for as they are.
  if (quote.trim().length < 8) return quote.trim() !== '' && answer.toLowerCase().includes(quote.trim().toLowerCase());
  return (await step.tool('check_quote', { quote, text: answer })).outcome === 'ok';
}

async function cards({ input, stage, step: run, request: { persona } }: Context, draft: Draft): Promise<void> {
  await run('cards', 'Make the cards', async (step) => {
    const material = draft.material.flatMap((items) => items.slice(0, stage === 'test' ? 1 : 2));
    const distinct = [...new Map(material.map((item) => [item.id, item])).values()].slice(0, stage === 'test' ? 1 : 16);
    const missed = draft.exchanges.flatMap((each) => (each.score === null ? [] : each.graded.filter((mark) => !mark.proven || mark.score < 1).map((mark) => mark.criterion)));
    const answer = await step.answer<CardsAnswer>('cards', cardsPrompt(input, missed, distinct, stage, persona), cardCount(input.cards, stage));
    draft.cards = answer.cards.map(({ question, answer: back, material_id: id }) => {
      const topic = draft.material.findIndex((items) => items.some((item) => item.id === id));
      return { front: question, back, topic: topic < 0 ? null : topic, sourceId: draft.sources.byId(id)?.id ?? null };
    });
    step.summarise(`${countOf(draft.cards.length, 'card')}.`);
  });
}

async function advise({ input, step: run, request: { persona } }: Context, draft: Draft): Promise<void> {
  await run('advice', 'Advise', async (step) => {
    const found = await step.tool('library_search', { query: `${input.occasion} practice feedback rubric spacing`, limit: 2 });
    draft.advice = await step.write(advicePrompt(input, standingMaterial(draft), draft.sources.add(found.items), persona));
    step.summarise(`Advice for ${countOf(input.days, 'day')}.`);
  });
}
