import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { ServingDesignerInput } from './definition.ts';
import { ENGINE_LABELS, materialCharacters, SIZES, type Engine } from './sizes.ts';

type WorkStage = 'test' | 'full';
const about = (input: ServingDesignerInput, stage: WorkStage) => ({ use_case: clip(input.use_case, stage === 'test' ? 300 : 600), needs: input.needs });

export function enginePrompt(input: ServingDesignerInput, ranked: readonly Engine[], material: readonly MaterialItem[], persona: string): Prompt {
  const task = `Take one of these engines for the workload: ${ranked.map((engine) => ENGINE_LABELS[engine]).join(', ')}. The rule of the library would take ${ranked[0]}; another one needs a reason from the material. Say what would change the choice.`;
  return { messages: [systemMessage(persona, 'You have run each of these engines in production.'), taskMessage(task, { ...about(input, 'full'), engine: ranked[0] ?? '' }, material, materialCharacters('full'))], maxOutputTokens: outputOf(SIZES.engine, 'full'), temperature: 0.1 };
}

export function critiquePrompt(input: ServingDesignerInput, material: readonly MaterialItem[], persona: string): Prompt {
  const task = 'Find where this plan breaks first: the weakest assumption, what to measure first, and two or three failures: what is seen at load, its cause and the remedy. Do not repeat the plan.';
  return { messages: [systemMessage(persona, 'You are on call for this service at night.'), taskMessage(task, about(input, 'full'), material, materialCharacters('full'))], maxOutputTokens: outputOf(SIZES.critique, 'full'), temperature: 0.2 };
}

export function readingPrompt(input: ServingDesignerInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = stage === 'test'
    ? 'Write a short note on this sizing: what limits the service, and which figure to doubt first. Take figures from the material only. Use no headings. Cite the material.'
    : 'Write the part of the design that figures cannot say, under these level-3 headings:\n### What limits the service\n### Quantisation and its test\n### Operating it\nTake figures from the material only and calculate none. Cite the material.';
  return { messages: [systemMessage(persona), taskMessage(task, about(input, stage), material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.reading, stage), temperature: 0.3 };
}
