import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { InterviewCoachInput } from './definition.ts';
import { answerCharacters, candidateCharacters, cardCount, criterionCount, DIFFICULTIES, keptCharacters, materialCharacters, SIZES, topicCount } from './sizes.ts';

/** The words of the playbook. The answer of the person is material too: it is graded, never obeyed. */
type WorkStage = 'test' | 'full';
const EXAMINER = 'You are an experienced examiner; an automated one, and you say so when asked.';
const MANNERS = { encouraging: 'Begin with what was good.', neutral: 'Be factual.', strict: 'Be as strict as the real examiner.' } as const;

const about = (input: InterviewCoachInput, stage: WorkStage): Record<string, unknown> => ({ target: clip(input.target, keptCharacters(stage)), occasion: input.occasion, ...(input.occasion === 'interview' ? { seniority: input.seniority } : { exam_form: input.exam_form }) });
const prompt = (key: keyof typeof SIZES, stage: WorkStage, persona: string, user: ReturnType<typeof taskMessage>, temperature: number): Prompt => ({ messages: [systemMessage(persona, EXAMINER), user], maxOutputTokens: outputOf(SIZES[key], stage), temperature });

export function topicsPrompt(input: InterviewCoachInput, candidates: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const count = topicCount(input.days, stage);
  const task = `Make a list of at most ${count} topics to prepare for this ${input.occasion} from what its ${input.occasion === 'interview' ? 'advertisement' : 'syllabus'} names. Leave out what cannot be asked about. Order them so that each builds on earlier ones, and say on which. Priority 1 decides the outcome.`;
  return prompt('topics', stage, persona, taskMessage(task, about(input, stage), candidates, candidateCharacters(stage)), 0.2);
}

/** @param level 1 to 5 @param asked  questions of before, not to be repeated */
export function questionPrompt(input: InterviewCoachInput, topic: string, level: number, asked: readonly string[], material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const kind = { recall: 'that asks for a fact and what it is good for', explain: 'that asks to explain how something works and why', apply: 'that puts a small situation and asks what to do', compare: 'that asks to choose between two ways with reasons', design: 'that asks for a small design with numbers and limits' }[DIFFICULTIES[level - 1] ?? 'explain'];
  const task = `Ask one open question on the topic ${kind}, at the level of this ${input.occasion}. Give what a very good answer says, and at most ${criterionCount(stage)} criteria with points: each is one thing that can be seen in the words of an answer. Rest on the material.${asked.length > 0 ? ' Do not repeat an earlier question.' : ''}`;
  const inputs = { ...about(input, stage), topic: clip(topic, keptCharacters(stage)), difficulty: `${level} of 5`, ...(asked.length > 0 ? { asked_before: asked.slice(-4).map((question) => clip(question, 200)) } : {}) };
  return prompt('question', stage, persona, taskMessage(task, inputs, material, materialCharacters(stage)), 0.5);
}

export function gradePrompt(input: InterviewCoachInput, asked: { question: string; criterion: string }, answer: string, stage: WorkStage, persona: string): Prompt {
  const task = `Grade the answer by this one criterion alone: 1 = it is there, 0.5 = in part, 0 = not. Copy the words of the answer that show it, letter by letter; without such words the score is 0. Length and style are no merit. ${MANNERS[input.manner]}`;
  const inputs = { problem: clip(asked.criterion, keptCharacters(stage)), asked: clip(asked.question, keptCharacters(stage)), manner: input.manner };
  return prompt('grade', stage, persona, taskMessage(task, inputs, [{ id: 'answer', title: 'The answer', url: null, text: answer }], answerCharacters(stage)), 0);
}

export function cardsPrompt(input: InterviewCoachInput, missed: readonly string[], material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const count = cardCount(input.cards, stage);
  const task = `Make ${count} cards for spaced repetition: one idea a card, a question in front, a short answer on the back, spread over all topics of the material, and more of what was missed. Rest on the material.`;
  const inputs = { ...about(input, stage), ...(missed.length > 0 ? { missed: missed.slice(0, stage === 'test' ? 1 : 10).map((each) => clip(each, keptCharacters(stage))) } : {}) };
  return prompt('cards', stage, persona, taskMessage(task, inputs, material, stage === 'test' ? 800 : 1800), 0.3);
}

export function advicePrompt(input: InterviewCoachInput, standing: MaterialItem, material: readonly MaterialItem[], persona: string): Prompt {
  const task = `Write short advice for the ${input.days} days until the ${input.occasion}, in about 200 words: two strengths that showed, the one change that would raise the result most with an example of how an answer could have sounded, and how to practise. Use no headings. Take every figure from the standing and calculate none yourself. Cite the material. ${MANNERS[input.manner]}`;
  return prompt('advice', 'full', persona, taskMessage(task, { ...about(input, 'full'), days: input.days, minutes_per_day: input.minutes_per_day }, [standing, ...material], 2500), 0.3);
}
