import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { countOf } from '../../steps/table-data.ts';
import { checklistScores, type Gap } from './checklist.ts';
import type { MockReviewPanelInput } from './definition.ts';
import { actionsOf, recommend, standings, type Action, type Answered, type Review } from './panel.ts';
import type { Section } from '../../steps/paper-text.ts';
import { CRITERIA, type Role } from './sizes.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft { title: string; /** reviewer guidelines, as the page of the venue has them */ criteria: string; sections: Section[]; gaps: Gap[]; reviews: Review[]; answered: Answered[]; rebuttal: string; meta: string; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ title: '', criteria: '', sections: [], gaps: [], reviews: [], answered: [], rebuttal: '', meta: '', trouble: [], sources: new Sources() });
type Stage = 'test' | 'full';

export const roleWords = (role: Role): string => role.replace('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
const STATES = { stated: 'found', later: 'only named as not done', not_found: 'not found' } as const;
const JUDGED = { objection: 'the objection', answer: 'the answer', open: 'open', turned: 'open: the verdict turned with the order' } as const;
const VERDICTS = { stated: 'yes', partly: 'in part', not_stated: 'no, it is silent' } as const;
export const RECOMMENDATIONS = { accept: 'Accept', revise: 'Revise before sending', reject: 'Not ready: would be rejected' } as const;

const placeOf = (draft: Draft) => (id: string): string => { const source = draft.sources.byId(id); return source ? source.title : ''; };
export const allActions = (draft: Draft): Action[] => actionsOf(draft.reviews, draft.answered, draft.gaps, placeOf(draft));
export const decisionOf = (input: Pick<MockReviewPanelInput, 'strictness'>, draft: Draft): string => { const { recommendation, reason } = recommend(draft.reviews, input.strictness); return `${RECOMMENDATIONS[recommendation]}: ${reason}.`; };

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: MockReviewPanelInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (draft.sections.length === 0 && draft.trouble.length === 0) return [];
  const actions = allActions(draft);
  const files: OutputFile[] = [{ key: 'reviews', fileName: 'reviews.md', mimeType: 'text/markdown', content: report(request, input, draft, stage, remark, actions), summary: draft.reviews.length > 0 ? `${countOf(draft.reviews.length, 'review')}. ${decisionOf(input, draft)}` : 'No review was finished' }];
  if (actions.length > 0) files.push({ key: 'actions', fileName: 'actions.csv', mimeType: 'text/csv', content: toCsv(['number', 'priority', 'kind', 'raised_by', 'place', 'problem', 'action', 'status'], actions.map((action, index) => [index + 1, action.priority, action.kind, action.raisedBy.join('; '), action.place, action.problem, action.action, 'open'])), summary: countOf(actions.length, 'action') });
  if (draft.rebuttal) files.push({ key: 'rebuttal', fileName: 'rebuttal.md', mimeType: 'text/markdown', content: rebuttal(request, draft, stage, remark), summary: 'A first answer to each major point' });
  if (draft.gaps.length > 0) files.push({ key: 'checklist', fileName: 'checklist.csv', mimeType: 'text/csv', content: toCsv(['item', 'criterion', 'wanted', 'state', 'section', 'sentence', 'remedy'], draft.gaps.map(({ item, state, section: place, sentence }) => [item.id, item.criterion, item.wanted, STATES[state], place, sentence, state === 'stated' ? '' : item.remedy])), summary: `${draft.gaps.filter(({ state }) => state === 'stated').length} of ${draft.gaps.length} items found` });
  if (draft.reviews.length > 0) files.push({ key: 'scores', fileName: 'scores.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'Scores, median of the panel', yLabel: 'From 1 to 5' }, standings(draft.reviews).map(({ criterion, median }) => ({ label: criterion, value: median }))), summary: countOf(draft.reviews.length, 'reviewer') });
  return files;
}

function report(request: Pick<RunRequest, 'provider'>, input: MockReviewPanelInput, draft: Draft, stage: Stage, remark: string | null, actions: readonly Action[]): string {
  const rows = standings(draft.reviews);
  const hints = checklistScores(draft.gaps);
  const unproven = draft.reviews.flatMap(({ points }) => points).filter(({ proven }) => !proven).length;
  const missing = draft.gaps.filter(({ state }) => state !== 'stated');
  return page([
    `# Mock review: ${oneLine(draft.title || 'the paper')}`,
    stamps(request, stage, 'one reviewer on the opening sections. A Full run seats the whole panel on the whole paper.', remark),
    bullets(draft.trouble),
    draft.reviews.length > 0 && `**${decisionOf(input, draft)}** Bar: ${input.strictness}. The rule is in code: the weakest criterion decides.`,
    section('Meta-review', draft.meta && body(draft.meta)),
    section('Scores', rows.length === 0 ? '' : `${table(['Criterion', 'Median', 'Lowest', 'Highest', 'Disputed', 'From the checklist', ...draft.reviews.map(({ role }) => roleWords(role))], rows.map((row) => [row.criterion, row.median, row.low, row.high, row.disputed ? 'yes' : 'no', hints[row.criterion], ...draft.reviews.map(({ scores }) => scores[row.criterion])]))}${request.provider === 'demo' ? '\n\nThe demo cannot judge: its scores repeat what the checklist counted.' : ''}`),
    section('What to do first', table(['#', 'Priority', 'Raised by', 'Problem', 'What to do'], actions.slice(0, 12).map((action, index) => [index + 1, action.priority, action.raisedBy.map((by) => by.replace('_', ' ')).join(', '), action.problem, action.action]))),
    ...draft.reviews.map((review) => section(`Review of the ${review.role.replace('_', ' ')}`, oneReview(review, draft))),
    section('The points, put to the paper', table(['Raised by', 'Objection', 'Does the paper answer it?', 'Words of the paper', 'Answer', ...(draft.answered.some(({ judged }) => judged) ? ['What stands, by a judge'] : [])], draft.answered.map((each) => [roleWords(each.role), each.problem, VERDICTS[each.verdict], each.evidence, each.verdict === 'not_stated' ? '' : each.answer, ...(draft.answered.some(({ judged }) => judged) ? [each.judged ? JUDGED[each.judged] : 'not judged'] : [])]))),
    section('Checklist', draft.gaps.length === 0 ? '' : `${draft.gaps.length - missing.length} of ${draft.gaps.length} items for this kind of paper were found by code. Found does not mean good, and not found may mean: said in other words.\n\n${table(['Item', 'State', 'Where', 'Sentence'], draft.gaps.map(({ item, state, section: place, sentence }) => [item.wanted, STATES[state], place, state === 'not_found' ? '' : sentence]))}`),
    unproven > 0 && `${countOf(unproven, 'point')} of the reviewers named words that do not stand where they said; they are marked, and come last.`,
    draft.sources.markdown([body(draft.meta), body(draft.rebuttal)]),
    nextSteps([
      stage === 'test' && 'Run Full to seat the whole panel.',
      ...actions.slice(0, 3).map(({ action, problem }) => `${problem} ${action}`),
      rows.some(({ disputed }) => disputed) && `Read both sides on ${rows.filter(({ disputed }) => disputed).map(({ criterion }) => criterion).join(', ')}: the reviewers are two points apart or more.`,
      draft.rebuttal && 'Go through rebuttal.md and strike out each promise that you will not keep.',
      'Ask a person to read the paper too: a panel of models misses missing experiments.',
    ]),
  ]);
}

function oneReview(review: Review, draft: Draft): string {
  return page([
    oneLine(review.summary),
    section('Strength', oneLine(review.strength), 3),
    section('Major points', review.points.map((point, index) => `${index + 1}. ${oneLine(point.problem)}\n   - Shown by: ${draft.sources.byId(point.source_id) ? `[${point.source_id}] ` : ''}“${oneLine(point.evidence_quote)}”${point.proven ? '' : ' — **these words do not stand there**'}\n   - To resolve it: ${oneLine(point.remedy)}`).join('\n'), 3),
    `*${CRITERIA.map((criterion) => `${criterion} ${review.scores[criterion]}`).join(' · ')} · confidence ${review.confidence}*`,
  ]).trim();
}

function rebuttal(request: Pick<RunRequest, 'provider'>, draft: Draft, stage: Stage, remark: string | null): string {
  return page([
    `# Rebuttal draft: ${oneLine(draft.title || 'the paper')}`,
    stamps(request, stage, 'a draft from one review.', remark),
    '> A draft to start from. What it says of the paper cites the paper; what it promises is yours to keep or to strike out.',
    body(draft.rebuttal),
    draft.sources.markdown([body(draft.rebuttal)]),
    nextSteps(['Answer each point in your own words, the strongest objection first.', 'Quote the new text of the paper next to each promise.']),
  ]);
}
