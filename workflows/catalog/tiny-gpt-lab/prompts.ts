import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import { PIECES } from './code.ts';
import type { TinyGptLabInput } from './definition.ts';
import type { Settings, Symptom } from './figures.ts';
import { exerciseCount, keptCharacters, materialCharacters, milestoneCount, pieceCount, rubricCount, SIZES } from './sizes.ts';

/** The words of the playbook. Figures come from runs that were made; the model reads them and calculates none. */
type WorkStage = 'test' | 'full';
const EMPHASIS = { whole: 'the whole way from text to samples', tokenizer: 'tokenizers', attention: 'attention', training: 'training and debugging', sampling: 'sampling' } as const;

const about = (input: TinyGptLabInput, stage: WorkStage): Record<string, unknown> => ({ learning_goal: clip(input.goal, keptCharacters(stage)), experience: input.experience, emphasis: EMPHASIS[input.topic], hardware: input.hardware });
const prompt = (key: keyof typeof SIZES, stage: WorkStage, persona: string, user: ReturnType<typeof taskMessage>, temperature: number): Prompt => ({ messages: [systemMessage(persona), user], maxOutputTokens: outputOf(SIZES[key], stage), temperature });

export function milestonesPrompt(input: TinyGptLabInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const count = milestoneCount(input.hours, stage);
  const task = `Set exactly ${count} milestones for a lab of ${input.hours} hours that leads from a text to a small trained GPT, with weight on ${EMPHASIS[input.topic]}. Each has an outcome that works and a check with which the learner sees it. Each builds on the one before; the last one joins the parts.`;
  return prompt('milestones', stage, persona, taskMessage(task, { ...about(input, stage), hours: input.hours, timebox_minutes: input.hours * 60 }, material, materialCharacters(stage)), 0.3);
}

/** One page of the library for each piece of code, in their order. */
export function annotatePrompt(input: TinyGptLabInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const pieces = PIECES.slice(0, pieceCount(stage));
  const task = `Annotate ${pieces.length === 1 ? 'this piece' : `these ${pieces.length} pieces`} of code for this learner, in the order given: the idea behind it, and what to keep in mind, a common mistake above all.\n\n${pieces.map(({ title, code }, index) => `${index + 1}. ${title}\n\`\`\`js\n${code}\n\`\`\``).join('\n\n')}`;
  return prompt('annotate', stage, persona, taskMessage(task, about(input, stage), material, materialCharacters(stage)), 0.3);
}

export function readingPrompt(input: TinyGptLabInput, runs: readonly MaterialItem[], library: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Write a short reading of the losses of ${runs.length === 1 ? 'this training run' : 'these training runs'} for the learner, in ${stage === 'test' ? 'about 90' : 'about 180'} words: where it started and why there, what it learnt, how it stands against the letter pairs, and what that says. Take every figure from the material and calculate none. Use no headings. Cite the material.`;
  return prompt('reading', stage, persona, taskMessage(task, about(input, stage), [...runs, ...library], stage === 'test' ? 650 : 1800), 0.2);
}

export function debugPrompt(input: TinyGptLabInput, settings: Settings, symptoms: readonly Symptom[], run: MaterialItem, tried: readonly string[], persona: string): Prompt {
  const options = [...new Set(symptoms.flatMap((symptom) => symptom.suggests))];
  const task = `Choose the one change that is most likely to lower the validation loss of the next run, and say why from the losses. Only one change a round, or nothing is learnt. Open to you: ${options.join(', ')}.`;
  const inputs = { change: options[0] ?? '', symptoms: symptoms.map((symptom) => symptom.words), settings: `steps ${settings.steps}, learning rate ${settings.learning_rate}, context ${settings.context}, hidden units ${settings.hidden}`, changed_before: tried.length > 0 ? tried : 'nothing' };
  return prompt('debug', 'full', persona, taskMessage(task, { ...inputs, experience: input.experience }, [run], 1600), 0.1);
}

export function exercisesPrompt(input: TinyGptLabInput, runs: readonly MaterialItem[], library: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const [exercises, rubrics] = [exerciseCount(input.exercises, stage), rubricCount(stage)];
  const task = `Make exactly ${exercises} ${exercises === 1 ? 'exercise' : 'exercises'} for this lab with weight on ${EMPHASIS[input.topic]}: something to predict, then to try, with what has to come out. Then a rubric of ${rubrics} ${rubrics === 1 ? 'row' : 'rows'} that says how weak, solid and strong work looks. Use the figures of the runs where they help.`;
  return prompt('exercises', stage, persona, taskMessage(task, about(input, stage), [...library, ...runs], stage === 'test' ? 550 : 1800), 0.4);
}
