import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import { fitted } from '../../steps/paper-text.ts';
import type { ReproductionPlannerInput } from './definition.ts';
import { claimCount, factCharacters, guideCharacters, paperCharacters, riskCount, sectionCount, SIZES } from './sizes.ts';

type WorkStage = 'test' | 'full';
const JOB_WORDS: Record<ReproductionPlannerInput['job'], string> = { training: 'training from scratch', fine_tuning: 'fine-tuning', evaluation: 'evaluation' };
const short = (items: readonly MaterialItem[]): MaterialItem[] => items.map((item) => ({ ...item, title: clip(item.title, 80) }));
const cut = (items: readonly MaterialItem[], characters: number): MaterialItem[] => items.map((item) => ({ ...item, text: clip(item.text, characters) }));

export function claimsPrompt(sections: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const count = claimCount(stage);
  const task = `Name ${count} central ${count === 1 ? 'claim' : 'claims'} of this paper that a rerun could confirm or refute: a measured result with its figure and condition, in the words of the paper. Leave out motives and plans.`;
  return { messages: [systemMessage(persona), taskMessage(task, { goal: 'results that we report or reach, with a metric and a figure' }, short(fitted(sections, sectionCount(stage), paperCharacters(stage))), 8_000)], maxOutputTokens: outputOf(SIZES.claims, stage), temperature: 0 };
}

export function risksPrompt(input: ReproductionPlannerInput, facts: readonly MaterialItem[], guide: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const count = riskCount(stage);
  const task = `Name ${count} ${count === 1 ? 'risk' : 'risks'} that could make the rerun differ from the paper, the most likely first, each with what to do about it and the id of the material that says so.${stage === 'test' ? ' One short sentence a field.' : ''}`;
  return { messages: [systemMessage(persona, 'You have seen reproductions fail.'), taskMessage(task, { goal: `what is not stated or differs, for ${JOB_WORDS[input.job]}` }, short([...cut(facts.slice(0, stage === 'test' ? 2 : 10), stage === 'test' ? 200 : 500), ...cut(guide.slice(0, stage === 'test' ? 1 : 3), guideCharacters(stage))]), 2_000)], maxOutputTokens: outputOf(SIZES.risks, stage), temperature: 0.3 };
}

export function planPrompt(input: ReproductionPlannerInput, verdict: string, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = stage === 'test'
    ? 'Write a short plan: what to find out first, which stage comes next, when to stop. Take figures from the estimate only. Use no headings. Cite the material.'
    : 'Write the plan of this reproduction under these level-3 headings:\n### Before any run\n### The cheap stages\n### The full run\n### When the numbers differ\nTake facts from the list of facts and figures from the estimate, and calculate none. Say what is decided by which result. Cite the material.';
  const characters = stage === 'test' ? factCharacters(stage) : 3_000;
  return { messages: [systemMessage(persona), taskMessage(task, { goal: `plan to reproduce a paper by ${JOB_WORDS[input.job]}`, verdict }, short(cut(material.slice(0, stage === 'test' ? 3 : 8), characters)), characters)], maxOutputTokens: outputOf(SIZES.plan, stage), temperature: 0.3 };
}
