import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import { CONTROLS, type ControlId } from './controls.ts';
import type { ControlsMapInput } from './definition.ts';
import { keptCharacters, materialCharacters, SIZES } from './sizes.ts';

/** The words of the playbook. Class, status, priority and dates come from code; a quote counts only when it is found in its text. */
type WorkStage = 'test' | 'full';
const about = (input: ControlsMapInput, stage: WorkStage) => ({ system: input.system_name, description: clip(input.description, keptCharacters(stage)) });

export function rulesPrompt(input: ControlsMapInput, source: MaterialItem, persona: string): Prompt {
  const task = 'Find the sentences of this text that oblige somebody to do something about such a system. Copy each exactly, and name the control of the catalogue that serves it best. Leave out what does not oblige; an empty list is a fine answer.';
  return { messages: [systemMessage(persona, 'You copy words, you never recall a rule.'), taskMessage(task, { topic: 'must, shall, have to, is required, at least', system: input.system_name }, [source], 12_000)], maxOutputTokens: outputOf(SIZES.rules, 'full'), temperature: 0 };
}

export function testIdeaPrompt(input: ControlsMapInput, control: ControlId, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `For the control ${control} ${CONTROLS[control].title} and this very system: the test that would show whether it works, and the evidence that would convince an auditor. One sentence each.`;
  return { messages: [systemMessage(persona, 'You are the auditor.'), taskMessage(task, { control: CONTROLS[control].title, ...about(input, stage) }, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.test_idea, stage), temperature: 0.3 };
}

export function readingPrompt(input: ControlsMapInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'Write a short reading of the gaps for the one who signs: what must be closed first and why, what can wait, and what is not known. Take status, class and dates from the material as they are, and cite it. This is orientation, not legal advice. Use no headings.';
  return { messages: [systemMessage(persona), taskMessage(task, { question: 'Which gaps come first?', ...about(input, stage) }, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.reading, stage), temperature: 0.2 };
}
