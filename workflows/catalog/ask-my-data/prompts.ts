import { outputOf } from '#contracts/call-sizes';
import type { MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { AskMyDataInput } from './definition.ts';
import { materialCharacters, SIZES } from './sizes.ts';

type WorkStage = 'test' | 'full';

export function planPrompt(input: AskMyDataInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'Choose the one calculation that answers the question: what to calculate, with which column, and for each value of which column. Take what the person fixed as it is. Use the names of columns exactly as they stand in the profile.';
  const inputs = { question: input.question, aggregate: input.aggregate, measure_column: input.measure_column ?? '', group_column: input.group_column ?? '' };
  return { messages: [systemMessage(persona), taskMessage(task, inputs, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.plan, stage), temperature: 0 };
}

export function memoPrompt(input: AskMyDataInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'Write a short memo for this reader that answers the question: the answer first, then what the figures show and what they do not. Take every figure from the material and calculate none yourself. Use no headings. Cite the material.';
  return { messages: [systemMessage(persona), taskMessage(task, { question: input.question, reader: input.reader }, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.memo, stage), temperature: 0.2 };
}
