import { toCsv } from '#contracts/csv';
import type { MaterialItem } from '#contracts/material';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources, type Source } from '../../steps/sources.ts';
import { countOf, percent } from '../../steps/table-data.ts';
import { firstDayOf, readiness, reviewDays, scoreOf, studyPlan, type Graded, type PlanRow, type Standing } from './coaching.ts';
import type { InterviewCoachInput, QuestionAnswer } from './definition.ts';
import { DIFFICULTIES } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Exchange { topic: number; level: number; question: QuestionAnswer['questions'][number]; sourceId: string | null; /** null = nobody answered in time, or it was not put any more */ answer: string | null; confidence: number | null; graded: Graded[]; score: number | null }
export interface Card { front: string; back: string; topic: number | null; sourceId: string | null }
export interface Draft { trouble: string[]; standings: Standing[]; material: Source[][]; exchanges: Exchange[]; cards: Card[]; advice: string; sources: Sources }
export const newDraft = (): Draft => ({ trouble: [], standings: [], material: [], exchanges: [], cards: [], advice: '', sources: new Sources() });
type Stage = 'test' | 'full';

export const planOfDays = (input: InterviewCoachInput, draft: Draft): PlanRow[] => (draft.standings.length === 0 ? [] : studyPlan(draft.standings, input.days, input.minutes_per_day));

/** What the advice may cite: figures that code made. */
export function standingText(draft: Draft): string {
  const answered = draft.exchanges.filter((each) => each.score !== null);
  return [
    `Readiness over all topics is ${percent(readiness(draft.standings))}; ${countOf(answered.length, 'question')} of ${draft.exchanges.length} ${answered.length === 1 ? 'was' : 'were'} answered and graded.`,
    ...draft.standings.map(({ topic, mastery, measured }) => `${topic.title} stands at ${percent(mastery)}${measured ? '' : ', which is assumed and not measured'}, with a weight of ${percent(topic.weight)}.`),
    ...answered.flatMap((each) => each.graded.map(({ criterion, score, proven }) => `Criterion “${oneLine(criterion)}” was ${!proven || score === 0 ? 'missed' : score === 1 ? 'reached' : 'reached in part'}.`)),
  ].join('\n');
}
export const standingMaterial = (draft: Draft): MaterialItem => draft.sources.addText('standing', 'Standing after the session', standingText(draft), 'computed');

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: InterviewCoachInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.standings.length === 0 && draft.trouble.length === 0) return [];
  const plan = planOfDays(input, draft);
  const answered = draft.exchanges.filter((each) => each.score !== null).length;
  const files: OutputFile[] = [{ key: 'report', fileName: 'report.md', mimeType: 'text/markdown', content: report(request, input, draft, plan, stage, remark), summary: `${countOf(draft.standings.length, 'topic')}, ${answered} of ${countOf(draft.exchanges.length, 'question')} graded` }];
  if (draft.cards.length > 0) files.push({ key: 'deck', fileName: 'deck.csv', mimeType: 'text/csv', content: deck(input, draft, plan), summary: countOf(draft.cards.length, 'card') });
  if (plan.length > 0) files.push({ key: 'plan', fileName: 'plan.csv', mimeType: 'text/csv', content: toCsv(['day', 'what', 'minutes'], plan.map((row) => [row.day, row.what, row.minutes])), summary: `${countOf(input.days, 'day')} of ${input.minutes_per_day} minutes` });
  return files;
}

/** When each card is new and when it comes back. */
export function schedule(input: InterviewCoachInput, draft: Draft, plan: readonly PlanRow[]): { card: Card; first: number; due: number[] }[] {
  return draft.cards.map((card) => {
    const standing = card.topic === null ? undefined : draft.standings[card.topic];
    const first = standing ? firstDayOf(plan, standing.topic.title) : 1;
    return { card, first, due: reviewDays(first, input.days, standing?.mastery ?? 0.5) };
  });
}

function deck(input: InterviewCoachInput, draft: Draft, plan: readonly PlanRow[]): string {
  return toCsv(['front', 'back', 'topic', 'source', 'first_day', 'review_days'], schedule(input, draft, plan).map(({ card, first, due }) => [oneLine(card.front), oneLine(card.back), card.topic === null ? '' : draft.standings[card.topic]?.topic.title, card.sourceId ? (draft.sources.byId(card.sourceId)?.title ?? '') : '', first, due.join(' ')]));
}

function report(request: Pick<RunRequest, 'provider'>, input: InterviewCoachInput, draft: Draft, plan: readonly PlanRow[], stage: Stage, remark: string | null): string {
  const asked = draft.exchanges.filter((each) => each.score !== null);
  const open = draft.exchanges.filter((each) => each.score === null);
  const cards = schedule(input, draft, plan);
  const heaviest = Math.max(0, ...Array.from({ length: input.days }, (_, index) => cards.filter(({ due }) => due.includes(index + 1)).length));
  const weakest = draft.standings.toSorted((a, b) => b.topic.weight * (1 - b.mastery) - a.topic.weight * (1 - a.mastery))[0];
  return page([
    `# ${oneLine(input.target)}: ${input.occasion === 'interview' ? 'interview' : 'exam'} in ${countOf(input.days, 'day')}`,
    stamps(request, stage, 'two topics and one question. A Full run covers all topics.', remark),
    bullets(draft.trouble),
    draft.standings.length > 0 && `**Readiness: ${percent(readiness(draft.standings))}** over ${countOf(draft.standings.length, 'topic')}; ${countOf(asked.length, 'question')} graded${open.length > 0 ? `, ${open.length} not answered` : ''}. ${asked.length === 0 ? 'Nothing was measured: the figure rests on your own rating, and on the middle where you gave none.' : 'Topics without a question rest on your own rating, or on the middle.'}`,
    section('Where you stand', table(['Topic', 'Weight', 'Standing', 'From', 'Builds on'], draft.standings.map(({ topic, mastery, measured }) => [topic.title, percent(topic.weight), percent(mastery), measured ? 'measured' : 'assumed', topic.buildsOn.map((at) => draft.standings[at]?.topic.title).join('; ') || '—']))),
    draft.advice && section('Advice', body(draft.advice)),
    section('Questions and answers', draft.exchanges.map((each, index) => exchangeText(each, index, draft)).join('\n\n')),
    asked.length > 0 && section('How sure you were', `You were sure at ${percent(mean(asked.map((each) => ((each.confidence ?? 3) - 1) / 4)))} on average and reached ${percent(mean(asked.map((each) => each.score ?? 0)))} of the points.`),
    section('Plan', table(['Day', 'What', 'Minutes'], plan.map((row) => [row.day, row.what, row.minutes])) && `${table(['Day', 'What', 'Minutes'], plan.map((row) => [row.day, row.what, row.minutes]))}\n\n${plan.reduce((sum, row) => sum + row.minutes, 0)} minutes in all, ${input.minutes_per_day} a day. The order follows the graph; more time goes to what weighs more and stands lower.`),
    cards.length > 0 && section('Cards', `${countOf(cards.length, 'card')} with ${countOf(cards.reduce((sum, { due }) => sum + due.length, 0), 'review')}; at most ${countOf(heaviest, 'review')} on one day. A card is new on the day its topic is studied and comes back after 1, 3, 7, 16 and 35 days, sooner when the topic stands low. deck.csv can be imported by Anki and similar programs.`),
    draft.sources.markdown([body(draft.advice), ...draft.exchanges.map((each) => (each.sourceId ? `[${each.sourceId}]` : ''))]),
    nextSteps([
      stage === 'test' && 'Run Full to be asked about all topics.',
      draft.standings.length === 0 && 'Paste the syllabus or advertisement, and run again: nothing here is about its content.',
      open.length > 0 && `Answer the ${countOf(open.length, 'open question')} aloud in two minutes each, then compare with the ideal answer.`,
      weakest && `Begin with ${oneLine(weakest.topic.title)}: it promises most.`,
      draft.cards.length > 0 && 'Import deck.csv and do the reviews on their days; a card you miss twice is too big, so split it.',
      stage === 'full' && input.days > 2 && `Run this again on day ${Math.max(2, Math.round(input.days * 0.7))} and compare the standing.`,
      asked.length > 0 && 'Let a person look at the grades: they were given by a program.',
    ]),
  ]);
}

const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length);

function exchangeText(each: Exchange, index: number, draft: Draft): string {
  const { question, answer, graded, score } = each;
  const topic = draft.standings[each.topic]?.topic.title ?? '';
  return [
    `### ${index + 1}. ${oneLine(question.interview_question)}`,
    `*${oneLine(topic)}, level ${each.level} of 5 (${DIFFICULTIES[each.level - 1]})${score === null ? '' : `; **${percent(scoreOf(graded))} of the points**`}*`,
    answer === null ? 'Not answered in time. What would have counted:' : answer === '' ? '> (no answer)' : `> ${oneLine(answer)}`,
    answer === null ? bullets(question.criteria.map(({ criterion, points }) => `${criterion} (${countOf(points, 'point')})`)) : table(['Criterion', 'Points', 'Words of yours that show it', 'Feedback'], graded.map((mark) => [mark.criterion, `${mark.proven ? mark.points * mark.score : 0} of ${mark.points}`, mark.proven && mark.quote ? `“${mark.quote}”` : mark.quote ? 'quotation not found in the answer' : '—', mark.feedback])),
    `**A very good answer:** ${oneLine(question.ideal_answer)}${each.sourceId ? ` [${each.sourceId}]` : ''}`,
  ].filter(Boolean).join('\n\n');
}
