import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { NoveltyMapInput } from './definition.ts';
import { SIZES, textCharacters, type Relation } from './sizes.ts';

type WorkStage = 'test' | 'full';
const AUDIENCES = { paper: 'the related-work section of a paper', proposal: 'a project proposal', thesis: 'a chapter of a thesis', patent_search: 'somebody who searches prior art for a patent' } as const;

export function claimsPrompt(input: NoveltyMapInput, count: number, stage: WorkStage, persona: string): Prompt {
  const task = `Take the idea apart: at most ${count} ${count === 1 ? 'claim' : 'claims'} that it says are new, most important first, each in one sentence that could be false, and words to search papers with.`;
  return { messages: [systemMessage(persona), taskMessage(task, { topic: clip(input.idea, 200), ...(input.field ? { field: input.field } : {}) }, [{ id: 'idea', title: 'The idea', url: null, text: input.idea }], textCharacters(stage))], maxOutputTokens: outputOf(SIZES.claims, stage), temperature: 0.2 };
}

export function relationPrompt(claim: string, paper: MaterialItem, byWords: Relation, stage: WorkStage, persona: string): Prompt {
  const task = 'Does this paper do what the claim says? Judge the claim, not the topic. The inputs hold what shared words alone suggest; judge for yourself. Copy the sentence that shows it, letter by letter, and say what the paper does instead or leaves out.';
  return { messages: [systemMessage(persona, 'You are a sceptical reviewer who knows that shared words are not shared ideas.'), taskMessage(task, { claim: clip(claim, 300), relation: byWords }, [paper], textCharacters(stage))], maxOutputTokens: outputOf(SIZES.relation, stage), temperature: 0 };
}

export function huntPrompt(input: NoveltyMapInput, claims: readonly string[], seen: readonly string[], material: readonly MaterialItem[], persona: string): Prompt {
  const task = 'You want to show that this idea is not new. Name at most two searches that could find it: older terms, neighbouring fields, other names for the same thing. Do not repeat searches that were made.';
  return { messages: [systemMessage(persona, 'You are the adversary of this idea.'), taskMessage(task, { topic: claims.join(' '), ...(input.field ? { field: input.field } : {}), searches_made: seen }, material, 1500)], maxOutputTokens: outputOf(SIZES.hunt, 'full'), temperature: 0.5 };
}

/** For the adversary that searches by itself. @param tools  what it may use */
export function adversaryPrompt(input: NoveltyMapInput, claims: readonly string[], seen: readonly string[], tools: readonly string[], material: readonly MaterialItem[], persona: string): Prompt {
  const task = `You want to show that this idea is not new. Search where it would be found: older terms, neighbouring fields, other names for the same thing. Do not repeat searches that were made.${tools.includes('fetch_url') ? ' Read a page before you rely on it.' : ''} Then say in at most 80 words without headings which claim is weakest, by which of the things you found, and where you would look next. Cite the material.`;
  return { messages: [systemMessage(persona, 'You are the adversary of this idea.'), taskMessage(task, { topic: claims.join(' '), ...(input.field ? { field: input.field } : {}), searches_made: seen }, material, 1000)], maxOutputTokens: outputOf(SIZES.hunt, 'full'), temperature: 0.5 };
}

export function positioningPrompt(input: NoveltyMapInput, claims: readonly string[], material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = stage === 'test'
    ? 'Write a short note that places the claim among these papers. Use no headings. Cite the material.'
    : `Write for ${AUDIENCES[input.audience]}: group the papers by what they claim, say what each group does and where the idea differs, and end with what is not settled. Two to five paragraphs; level-3 headings where groups need a name. Claim no novelty beyond the verdict in the material. Cite the material.`;
  return { messages: [systemMessage(persona), taskMessage(task, { topic: clip(claims.join(' '), stage === 'test' ? 300 : 1500) }, material, stage === 'test' ? 900 : 2500)], maxOutputTokens: outputOf(SIZES.positioning, stage), temperature: 0.3 };
}
