import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { AbTestReadoutInput } from './definition.ts';
import type { Check } from './sceptic.ts';
import { objectionCount, SIZES } from './sizes.ts';

/** The words of the playbook. Every figure is in the material; a model weighs and explains, it calculates nothing. */
export function firstCheckPrompt(input: AbTestReadoutInput, material: readonly MaterialItem[], persona: string): Prompt {
  const task = 'Write a short reading of the first check for the owner of the experiment: whether the split of people can be trusted, what follows, and what a Full run looks at next. Figures come from the material only. Use no headings. Cite the material.';
  return { messages: [systemMessage(persona), taskMessage(task, { hypothesis: clip(input.hypothesis, 400) }, material, 1400)], maxOutputTokens: outputOf(SIZES.first, 'test'), temperature: 0.2 };
}

/** The checks that raise doubt, each an item of its own, so that an objection can be tied to it; all of them when none does. */
export function doubtItems(checks: readonly Check[]): MaterialItem[] {
  const weight = { fails: 'high', doubt: 'medium', holds: 'low' } as const;
  const raised = (['fails', 'doubt'] as const).flatMap((outcome) => checks.filter((check) => check.outcome === outcome));
  return (raised.length > 0 ? raised : checks).slice(0, objectionCount).map(({ check, outcome, finding }, index) => ({ id: `check-${index + 1}`, title: `${check} (weight: ${weight[outcome]})`, url: null, text: finding }));
}

export function scepticPrompt(input: AbTestReadoutInput, result: string, material: readonly MaterialItem[], persona: string): Prompt {
  const task = `Argue against the result. For each of the ${material.length} checks given, say how it could overturn the recommendation, in one or two sentences, and how much weight that has. Name the check by its title. A check that holds has low weight.`;
  return { messages: [systemMessage(persona, 'You are the sceptic: you gain by finding what is wrong.'), taskMessage(task, { question: input.hypothesis, result: clip(result, 4000) }, material, 600)], maxOutputTokens: outputOf(SIZES.sceptic, 'full'), temperature: 0.4 };
}

export function memoPrompt(input: AbTestReadoutInput, decision: string, material: readonly MaterialItem[], persona: string): Prompt {
  const task = 'Write the short reasoning of a decision memo in 200 words: the difference with its interval, what speaks against it, what the decision rests on and what would change it. Figures come from the material only; calculate none. Use no headings. Cite the material.';
  return { messages: [systemMessage(persona), taskMessage(task, { question: input.hypothesis, decision }, material, 4000)], maxOutputTokens: outputOf(SIZES.memo, 'full'), temperature: 0.2 };
}
