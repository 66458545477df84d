import type { MaterialItem } from '#contracts/material';
import type { Prompt } from '../../stages/step.ts';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Diagnosis, LearnAgenticAiInput, Quiz, Syllabus } from './definition.ts';
import { quizLength, syllabusMinutes, topicCount } from './sizes.ts';

/** The words of the playbook. Each function returns one prompt with the tokens its answer may take; sizes follow the stage. */
type WorkStage = 'test' | 'full';
type Topic = Syllabus['topics'][number];

/** The survey only shows what there is: the opening of each document is enough. */
const SURVEY_CHARACTERS = 350;

const about = (input: LearnAgenticAiInput) => ({ learning_goal: input.learning_goal, difficulty: input.difficulty, agent_framework: input.agent_framework });

export function diagnosePrompt(input: LearnAgenticAiInput, survey: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'Diagnose the learner. Say in one or two sentences where someone of this level probably stands, then name what is missing for the goal, most important first.';
  return { messages: [systemMessage(persona), taskMessage(task, about(input), survey, SURVEY_CHARACTERS)], maxOutputTokens: stage === 'test' ? 120 : 400, temperature: 0.3 };
}

export function syllabusPrompt(input: LearnAgenticAiInput, diagnosis: Diagnosis, survey: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const topics = topicCount(input.timebox_minutes, stage);
  const minutes = syllabusMinutes(input.timebox_minutes, stage);
  const task = `Make a syllabus of exactly ${topics} ${topics === 1 ? 'topic' : 'topics'} that closes the gaps and fits into ${minutes} minutes in all. Prefer topics that the material covers. Order them so that each builds on the one before. Give each a search query of three to six words.`;
  const inputs = { ...about(input), timebox_minutes: minutes, gaps: diagnosis.gaps };
  return { messages: [systemMessage(persona), taskMessage(task, inputs, survey, SURVEY_CHARACTERS)], maxOutputTokens: stage === 'test' ? 130 : 900, temperature: 0.3 };
}

export function notePrompt(input: LearnAgenticAiInput, topic: Topic, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = stage === 'test'
    ? `Write a short note on "${topic.title}" for this learner: the idea, why it matters for the goal, one thing to try. Cite the material.`
    : `Write a note on "${topic.title}" for this learner: the idea in plain words, how it works, a small code sketch with ${input.agent_framework} where one helps, a common mistake, and one exercise that fits into ${topic.minutes} minutes. Use Markdown with level-3 headings. Cite the material.`;
  return { messages: [systemMessage(persona), taskMessage(task, { ...about(input), topic: topic.title }, material, stage === 'test' ? 2000 : 4000)], maxOutputTokens: stage === 'test' ? 380 : 1600, temperature: 0.5 };
}

export function quizPrompt(input: LearnAgenticAiInput, notes: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const questions = quizLength(input.timebox_minutes, stage);
  const task = `Make a multiple-choice quiz of exactly ${questions} ${questions === 1 ? 'question' : 'questions'} on these notes, at the learner's level. Each has two to four options, one right answer (answer_index counts from 0) and an explanation that teaches.`;
  return { messages: [systemMessage(persona), taskMessage(task, about(input), notes, stage === 'test' ? 1200 : 2500)], maxOutputTokens: stage === 'test' ? 220 : 300 * questions, temperature: 0.4 };
}

export function gapPrompt(input: LearnAgenticAiInput, notes: readonly MaterialItem[], quiz: Quiz, stage: WorkStage, persona: string): Prompt {
  const task = 'Check the notes against the learning goal. Say whether they serve it, and name at most two things that are still missing, each with a search query.';
  const inputs = { ...about(input), quiz_questions: quiz.questions.map((question) => question.question) };
  return { messages: [systemMessage(persona), taskMessage(task, inputs, notes, stage === 'test' ? 1200 : 2000)], maxOutputTokens: stage === 'test' ? 90 : 300, temperature: 0.2 };
}

export function fillPrompt(input: LearnAgenticAiInput, topic: string, material: readonly MaterialItem[], persona: string): Prompt {
  const task = `Write a short addition on "${topic}" that closes this gap for the learner: two or three paragraphs and one thing to try. Cite the material.`;
  return { messages: [systemMessage(persona), taskMessage(task, { ...about(input), topic }, material, 4000)], maxOutputTokens: 900, temperature: 0.5 };
}
