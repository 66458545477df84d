import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { startValues } from './config.ts';
import type { FineTunePlannerInput } from './definition.ts';
import { materialCharacters, SIZES, type Method } from './sizes.ts';

type WorkStage = 'test' | 'full';
const about = (input: FineTunePlannerInput, stage: WorkStage) => ({ goal: clip(input.goal, stage === 'test' ? 300 : 600), need: input.need });

export function methodPrompt(input: FineTunePlannerInput, rule: Method, fits: readonly Method[], material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Choose the method for this fine-tuning. These fit on the devices: ${fits.join(', ')}. The simplest of them is ${rule}; take another one only with a reason from the material. Say what most probably goes wrong with this data, and what to measure before any training.`;
  return { messages: [systemMessage(persona, 'You review fine-tuning plans, and you have seen many that should have been a prompt.'), taskMessage(task, { ...about(input, stage), method: rule }, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.method, stage), temperature: 0.1 };
}

export function settingsPrompt(input: FineTunePlannerInput, method: Method, start: ReturnType<typeof startValues>, material: readonly MaterialItem[], persona: string): Prompt {
  const task = `Set learning rate, warm-up, weight decay and dropout for ${method}. The inputs hold the usual start; change a value only when data or goal give a reason, and name it.`;
  return { messages: [systemMessage(persona), taskMessage(task, { ...about(input, 'full'), method, ...start }, material, materialCharacters('full'))], maxOutputTokens: outputOf(SIZES.settings, 'full'), temperature: 0 };
}

export function readingPrompt(input: FineTunePlannerInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = stage === 'test'
    ? 'Write a short note on this plan: whether tuning serves the need, and what to watch. Take figures from the material only. Use no headings. Cite the material.'
    : 'Write the part of the runbook that figures cannot say, under these level-3 headings:\n### Before the run\n### While it runs\n### After the run\nBe concrete for this goal and data. Take figures from the material only and calculate none. Cite the material.';
  return { messages: [systemMessage(persona), taskMessage(task, about(input, stage), material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.reading, stage), temperature: 0.3 };
}
