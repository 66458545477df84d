import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { MockReviewPanelInput } from './definition.ts';
import { fitted } from '../../steps/paper-text.ts';
import type { Review } from './panel.ts';
import { CRITERIA, criteriaCharacters, itemCharacters, itemCount, paperCharacters, pointsPerReviewer, sectionCount, SIZES, type Criterion, type Role } from './sizes.ts';

type WorkStage = 'test' | 'full';
type Input = MockReviewPanelInput;

const ROLE_PARTS: Record<Role, string> = {
  methodologist: 'You review as the methodologist: design, baselines, numbers, statistics.',
  sceptic: 'You review as the sceptic: which other explanation fits the same results?',
  newcomer: 'You review as a bright newcomer: what cannot be followed or repeated?',
  domain_expert: 'You review as the domain expert: is it true, is it new to the field, does it matter?',
  ethicist: 'You review as the ethicist: consent, harm, privacy, fairness.',
};
const VENUES: Record<Input['venue'], string> = {
  ml_conference: 'a machine-learning conference: sound claims, fair baselines, a completed checklist', nlp_conference: 'a language conference: data statements, human evaluation, limits of languages covered',
  systems_conference: 'a systems conference: a working system, measured under load, compared fairly', journal: 'a journal: completeness and archival value before novelty', workshop: 'a workshop: an idea worth discussing, honest about its state', thesis: 'a thesis committee: the candidate understands method and limits',
};
const venueOf = (input: Input, stage: WorkStage): string => (input.venue_criteria ? clip(input.venue_criteria.replace(/\s+/g, ' '), criteriaCharacters(stage)) : VENUES[input.venue]);
const short = (items: readonly MaterialItem[]): MaterialItem[] => items.map((item) => ({ ...item, title: clip(item.title, 80) }));

export interface ReviewMaterial { sections: readonly MaterialItem[]; /** open items of the checklist that this role asks about */ open: readonly MaterialItem[] }

/** Everything a reviewer reads, in its own limits. */
function reading({ sections, open }: ReviewMaterial, stage: WorkStage): MaterialItem[] {
  const items = open.slice(0, itemCount(stage)).map((item) => ({ ...item, text: clip(item.text, itemCharacters(stage)) }));
  return short([...items, ...fitted(sections, sectionCount(stage), paperCharacters(stage))]);
}

export function reviewPrompt(input: Input, role: Role, material: ReviewMaterial, hints: Record<Criterion, number | null>, stage: WorkStage, persona: string): Prompt {
  const points = stage === 'test' ? 1 : Math.max(1, Math.min(pointsPerReviewer(stage), material.open.length));
  const task = `Write your review for this venue, without knowing what others write, with ${points} major ${points === 1 ? 'point' : 'points'}. Each point names the id of the material that shows it and copies its words; a point without a place does not count. ${stage === 'test' ? 'Every field in one short sentence.' : 'Criticise statements, never persons. Ask only for what the claims depend on. Where code found nothing, look yourself before you say that it is missing.'} Score each criterion from 1 to 5; the checklist figures are a first guess by code that you may overrule.`;
  const inputs = { goal: 'say what the paper does not state', venue: venueOf(input, stage), ...Object.fromEntries(CRITERIA.map((criterion) => [`checklist_${criterion}`, hints[criterion] ?? 3])) };
  return { messages: [systemMessage(persona, ROLE_PARTS[role]), taskMessage(task, inputs, reading(material, stage), 12_000)], maxOutputTokens: outputOf(SIZES.review, stage), temperature: 0.5 };
}

export function crossPrompt(problem: string, sections: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'A reviewer objects. Answer from the paper alone, as its author would have to, and copy the sentence that answers. Where the paper is silent, say so.';
  const most = stage === 'test' ? 400 : 7_000;
  return { messages: [systemMessage(persona), taskMessage(task, { objection: clip(problem, stage === 'test' ? 200 : 400) }, short(fitted(sections, sectionCount(stage), most)), most)], maxOutputTokens: outputOf(SIZES.cross, stage), temperature: 0 };
}

/** @param first  text in the first place @param second  text in the second */
export function judgePrompt(first: string, second: string, persona: string): Prompt {
  const task = 'Two texts on the same paper, "first" and "second": one objects, the other answers with what the paper says. Say which of them stands once both were heard, or "tie" when that stays open. A silence of the paper is no answer.';
  return { messages: [systemMessage(persona, 'You chair the panel, and you take no side.'), taskMessage(task, {}, [{ id: 'first', title: 'First text', url: null, text: first }, { id: 'second', title: 'Second text', url: null, text: second }], 1_500)], maxOutputTokens: outputOf(SIZES.judge, 'full'), temperature: 0 };
}

/** Points as material, each with what the paper says to it, so that an answer can cite the point it answers. */
export function rebuttalPrompt(points: readonly MaterialItem[], sections: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'Draft the author\'s answer to each point, one paragraph a point: agree and say what would change and where, or disagree with words of the paper. Promise nothing that the paper cannot keep; mark new work as planned. Use level-3 headings, one a point. Cite the point and the section.';
  return { messages: [systemMessage(persona, 'You write for the author, courteous and exact.'), taskMessage(task, { goal: 'answer what the reviewers say the paper does not state' }, short([...points, ...fitted(sections, sectionCount(stage), 6_000)]), 1_500)], maxOutputTokens: outputOf(SIZES.rebuttal, stage), temperature: 0.3 };
}

export function metaPrompt(recommendation: string, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'Write a short meta-review: what the reviewers agree on, where they differ, and what decides. The recommendation and the figures are given; change neither. Use no headings. Cite the material.';
  return { messages: [systemMessage(persona, 'You chair the panel.'), taskMessage(task, { goal: 'weigh the reviews of this paper', recommendation }, short(material), stage === 'test' ? 700 : 5_000)], maxOutputTokens: outputOf(SIZES.meta, stage), temperature: 0.2 };
}

export const reviewText = (review: Review): string => [review.summary, `The strength is this: ${review.strength}`, ...review.points.map((point) => `${point.problem} ${point.remedy}`), `Scores: ${CRITERIA.map((criterion) => `${criterion} ${review.scores[criterion]}`).join(', ')}, confidence ${review.confidence}.`].join('\n');
