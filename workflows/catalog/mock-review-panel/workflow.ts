import type { MaterialItem } from '#contracts/material';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { mapItems, type Step } from '../../stages/step.ts';
import { readDocument } from '../../steps/document-input.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { countOf } from '../../steps/table-data.ts';
import { judgePair } from '../../steps/panel.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { checklistScores, checkPaper, gapText, openFor } from './checklist.ts';
import type { CrossAnswer, MockReviewPanelInput, ReviewAnswer } from './definition.ts';
import { assembleFiles, decisionOf, newDraft, roleWords, type Draft } from './files.ts';
import { contentOf, standsIn, titleOf } from '../../steps/paper-text.ts';
import { standings, type Answered, type Review } from './panel.ts';
import { crossPrompt, judgePrompt, metaPrompt, rebuttalPrompt, reviewPrompt, reviewText, type ReviewMaterial } from './prompts.ts';
import { MAX_JUDGED, pointsPerReviewer, reviewerCount, type Role } from './sizes.ts';

type Context = StageContext<MockReviewPanelInput>;
const PARALLEL = 3;
const MOST_SECTIONS = 60;

/** Mock review: sections → checklist by code → reviewers alone → their places checked → cross-questions → rebuttal → meta-review → plan. */
export async function mockReviewPanel(request: RunRequest<MockReviewPanelInput>): Promise<RunResult> {
  return runStages<MockReviewPanelInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  const roles = input.reviewers.slice(0, reviewerCount(input.reviewers.length, stage));
  context.expectSteps(7 + roles.length);
  await context.step('read', 'Read the paper', (step) => read(context, step, draft));
  const sections = draft.sections.map(({ title, text }, index) => draft.sources.addText(`section:${index + 1}`, title, text, 'paper'));
  if (stage === 'full' && input.venue_url && !input.venue_criteria) await context.step('venue', 'Read the page of the venue', (step) => readVenue(context, step, draft));
  await context.step('checklist', 'Look for what such a paper has to state', (step) => {
    draft.gaps = checkPaper(draft.sections, input.paper_kind);
    step.summarise(`${draft.gaps.filter(({ state }) => state === 'stated').length} of ${draft.gaps.length} items found.`);
    return Promise.resolve();
  });
  const open = new Map(draft.gaps.filter(({ state }) => state !== 'stated').map((gap) => [gap.item.id, draft.sources.addText(`item:${gap.item.id}`, gap.item.wanted, gapText(gap, sections.length), 'checklist of this run')]));
  const material = (role: Role): ReviewMaterial => ({ sections, open: openFor(role, draft.gaps).flatMap(({ item }) => open.get(item.id) ?? []) });
  const reviews = await mapItems(roles, PARALLEL, (role) => review(context, draft, role, material(role)));
  // In the order of the form, not of arrival.
  draft.reviews = reviews;
  if (input.cross_questions) await cross(context, draft, sections);
  // Runs of version 1 have no such choice in their inputs.
  if (input.judge && stage === 'full' && draft.answered.length > 0) await context.step('judge', 'Judge objections and answers, in both orders', (step) => judge(context, step, draft));
  if (input.rebuttal && stage === 'full') await rebut(context, draft, sections);
  const guide = stage === 'test' ? [] : await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: 'peer review recommendation: merging several perspectives, fairness', limit: 1 }));
  await context.step('meta', 'Write the meta-review', async (step) => {
    const decision = decisionOf(input, draft);
    const figures = draft.sources.addText('scores', 'Scores of the panel', [decision, ...standings(draft.reviews).map((row) => `The median for ${row.criterion} is ${row.median}, from ${row.low} to ${row.high}.`)].join('\n'), 'computed');
    const read = draft.reviews.map((each) => draft.sources.addText(`review:${each.role}`, `Review of the ${each.role.replace('_', ' ')}`, reviewText(each), 'review'));
    draft.meta = await step.write(metaPrompt(decision, [figures, ...read, ...draft.sources.add(guide)], stage, persona));
    step.summarise(decision);
  });
  await verifyCitations(context, draft.sources, [draft.meta, draft.rebuttal]);
}

async function read(context: Context, step: Step, draft: Draft): Promise<void> {
  const { paper_file: upload, paper_url: url, paper_text: text } = context.input;
  const document = await readDocument(context, step, { upload, url, text }, MOST_SECTIONS);
  draft.trouble.push(...document.trouble);
  draft.sections = contentOf(document.sections);
  draft.title = document.title || titleOf(text);
}

/** The venue's own words stand in for the pasted form; without them the house's description of such a venue holds, and that is said. */
async function readVenue(context: Context, step: Step, draft: Draft): Promise<void> {
  const page = await readDocument(context, step, { url: context.input.venue_url }, 4);
  draft.criteria = page.sections.map(({ text }) => text).join('\n');
  draft.trouble.push(...page.trouble.map((sentence) => `The page of the venue was not used. ${sentence}`));
}

async function review(context: Context, draft: Draft, role: Role, material: ReviewMaterial): Promise<Review> {
  const { input, stage, request: { persona } } = context;
  return context.step(`review-${role.replace('_', '-')}`, `Review as the ${role.replace('_', ' ')}`, async (step) => {
    const answer = await step.answer<ReviewAnswer>('review', reviewPrompt({ ...input, venue_criteria: input.venue_criteria || draft.criteria }, role, material, checklistScores(draft.gaps), stage, persona), pointsPerReviewer(stage));
    const points = answer.major_points.map((point) => ({ ...point, proven: standsIn(point.evidence_quote, draft.sources.byId(point.source_id)?.text ?? '') }));
    const { soundness, clarity, reproducibility, significance } = answer;
    const written: Review = { role, summary: answer.summary, strength: answer.strength, points, scores: { soundness, clarity, reproducibility, significance }, confidence: answer.confidence };
    draft.reviews.push(written);
    step.summarise(`${countOf(points.length, 'major point')}, ${points.filter(({ proven }) => proven).length} with words that stand where it says.`);
    return written;
  });
}

/** A step a point: a re-run finds what was paid by it, whatever order the answers come in. */
async function cross({ stage, request: { persona }, step: run }: Context, draft: Draft, sections: readonly MaterialItem[]): Promise<void> {
  const asked = draft.reviews.flatMap(({ role, points }) => points.slice(0, pointsPerReviewer(stage)).map(({ problem }) => ({ role, problem }))).filter(({ problem }, index, all) => all.findIndex((other) => other.problem === problem) === index);
  const whole = sections.map(({ text }) => text).join('\n');
  draft.answered = await mapItems(asked, PARALLEL, ({ role, problem }, index) => run(`cross-${index + 1}`, `Put to the paper: ${problem.slice(0, 80)}`, async (step): Promise<Answered> => {
    const answer = await step.answer<CrossAnswer>('cross', crossPrompt(problem, sections, stage, persona));
    const stands = answer.verdict !== 'not_stated' && standsIn(answer.evidence_quote, whole);
    // "Stated" without the paper's own words is not stated.
    const verdict = answer.verdict === 'stated' && !stands ? 'partly' : answer.verdict;
    const answered: Answered = { role, problem, answer: answer.answer, verdict, evidence: stands ? answer.evidence_quote : '' };
    draft.answered.push(answered);
    step.summarise(verdict === 'stated' ? 'The paper answers it.' : verdict === 'partly' ? 'The paper answers it in part.' : 'The paper is silent.');
    return answered;
  }));
}

/** Objection against answer, twice with the places swapped, so that neither wins by being heard last. */
async function judge({ request: { persona } }: Context, step: Step, draft: Draft): Promise<void> {
  const judged = draft.answered.slice(0, MAX_JUDGED);
  for (const each of judged) {
    const texts = { a: each.problem, b: each.evidence ? `The paper says: “${each.evidence}” ${each.answer}` : each.answer };
    const { winner, consistent } = await judgePair(step, 'pair', (first, second) => judgePrompt(texts[first], texts[second], persona));
    each.judged = !consistent ? 'turned' : winner === 'a' ? 'objection' : winner === 'b' ? 'answer' : 'open';
  }
  const count = (verdict: Answered['judged']): number => judged.filter((each) => each.judged === verdict).length;
  step.summarise(`${count('objection')} of ${countOf(judged.length, 'objection')} stand, ${count('answer')} are answered, ${count('open') + count('turned')} stay open.`);
}

async function rebut(context: Context, draft: Draft, sections: readonly MaterialItem[]): Promise<void> {
  const { stage, request: { persona } } = context;
  const told = (problem: string): string => { const said = draft.answered.find((each) => each.problem === problem); return !said ? '' : said.evidence ? `The paper says: “${said.evidence}”` : 'Nothing in the paper answers this.'; };
  const all = draft.reviews.flatMap(({ role, points }) => points.map((point) => ({ role, ...point })));
  const points = all.filter(({ problem }, index) => all.findIndex((other) => other.problem === problem) === index).map(({ role, problem, remedy }, index) => draft.sources.addText(`point:${index + 1}`, `Point ${index + 1}, of the ${roleWords(role).toLowerCase()}`, `${problem} ${told(problem)} ${remedy}`, 'review'));
  await context.step('rebuttal', 'Draft the rebuttal', async (step) => {
    draft.rebuttal = await step.write(rebuttalPrompt(points, sections, stage, persona));
    step.summarise(`${countOf(points.length, 'major point')} answered.`);
  });
}
