import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import type { ProviderId } from '#contracts/providers';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { LiteratureReviewInput } from './definition.ts';
import type { Paper } from './papers.ts';
import { abstractCharacters, criteriaCharacters, fullTextCharacters, queryCount, questionCharacters, SIZES, synthesisCharacters } from './sizes.ts';

type WorkStage = 'test' | 'full';
type Input = LiteratureReviewInput;
const question = (input: Input, stage: WorkStage): string => clip(input.question, questionCharacters(stage));

export function queriesPrompt(input: Input, stage: WorkStage, persona: string): Prompt {
  const count = queryCount(stage);
  const task = `Write ${count} search ${count === 1 ? 'query' : 'queries'} for a registry of papers: other words for the same things, broader and narrower. The question itself is searched anyway.`;
  return { messages: [systemMessage(persona), taskMessage(task, { question: question(input, stage) })], maxOutputTokens: outputOf(SIZES.queries, stage), temperature: 0.3 };
}

/** The first screener asks whether the paper answers the question, the second whether it meets the criteria: two views, no talk. */
export function screenPrompt(input: Input, paper: Paper, voice: 'first' | 'second', stage: WorkStage, persona: string): Prompt {
  const criteria = { inclusion: clip(oneLine(input.inclusion), criteriaCharacters(stage)), exclusion: clip(oneLine(input.exclusion) || 'none', criteriaCharacters(stage)) };
  const part = voice === 'first' ? 'You screen papers for a review; a paper that may answer the question stays in.' : 'You screen papers for a review and hold each strictly against the criteria.';
  const task = 'Decide on this paper from its title and abstract alone. Say unclear when they do not tell.';
  const inputs = voice === 'first' ? { question: question(input, stage), ...criteria } : { ...criteria, review: question(input, stage) };
  const [provider, ...name] = input.second_screener.split(' ');
  const target = voice === 'second' && input.second_screener !== 'own' ? { target: { provider: provider as ProviderId, model: name.join(' ') } } : {};
  return { messages: [systemMessage(persona, part), taskMessage(task, inputs, [record(paper, stage)], abstractCharacters(stage))], maxOutputTokens: outputOf(SIZES.screen, stage), temperature: 0, ...target };
}

export function extractPrompt(input: Input, paper: Paper, stage: WorkStage, persona: string): Prompt {
  const task = 'Extract what this abstract says, in its own words. Leave a field empty when the abstract is silent; do not fill it from what you know.';
  return { messages: [systemMessage(persona), taskMessage(task, { question: question(input, stage) }, [record(paper, stage)], abstractCharacters(stage))], maxOutputTokens: outputOf(SIZES.extract, stage), temperature: 0 };
}

/** @param text  the full text as sections, or the record where there is none */
export function quotedExtractPrompt(input: Input, paper: Paper, text: readonly MaterialItem[], persona: string): Prompt {
  const task = `Extract what this ${text.length > 0 ? 'text' : 'abstract'} says, in its own words, and copy the sentence that holds the main result letter by letter. Leave a field empty when it is silent; do not fill it from what you know.`;
  return { messages: [systemMessage(persona), taskMessage(task, { question: question(input, 'full') }, text.length > 0 ? text : [record(paper, 'full')], fullTextCharacters)], maxOutputTokens: outputOf(SIZES.extract_full, 'full'), temperature: 0 };
}

export function synthesisPrompt(input: Input, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = stage === 'test'
    ? 'Write a short answer to the question from these papers. Use no headings. Cite each sentence.'
    : 'Write the synthesis of a review from these papers alone, under these level-3 headings:\n### What was studied\n### What was found\n### Where the papers differ\n### What is missing\nName figures with their conditions. Cite each sentence. Do not count papers: the counts are in the flow.';
  const titled = material.map((item) => ({ ...item, title: clip(item.title, 110) }));
  return { messages: [systemMessage(persona, 'You write for readers who will check each citation.'), taskMessage(task, { question: question(input, stage) }, titled, synthesisCharacters(stage))], maxOutputTokens: outputOf(SIZES.synthesis, stage), temperature: 0.3 };
}

const oneLine = (text: string): string => text.replace(/\s*\n+\s*/g, '. ').trim();
const record = (paper: Paper, stage: WorkStage): MaterialItem => ({ id: paper.id, title: clip(paper.title, 110), url: null, text: clip(paper.abstract || 'No abstract was given.', abstractCharacters(stage)) });
