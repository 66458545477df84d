import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { Document } from './corpus.ts';
import type { RagCorpusEvalInput } from './definition.ts';
import { shownCharacters, SIZES } from './sizes.ts';

type WorkStage = 'test' | 'full';

export function questionsPrompt(input: RagCorpusEvalInput, document: Document, count: number, stage: WorkStage, persona: string): Prompt {
  const task = `Write ${count} questions that people of this purpose would ask and that this document answers. Use other words than the document: whoever asks has not read it. Beside each question copy the words that answer it exactly as they stand in the document.`;
  const material = [{ id: document.id, title: document.title, url: null, text: document.text }];
  return { messages: [systemMessage(persona), taskMessage(task, { purpose: clip(input.purpose, 300) }, material, shownCharacters(stage))], maxOutputTokens: outputOf(SIZES.questions, stage), temperature: 0.5 };
}

export function readingPrompt(input: RagCorpusEvalInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'Write a short reading in 200 words for the one who builds the search: what the recommended variant finds and misses, which cause of misses matters most and what would mend it, and how far the question set can be trusted. Figures come from the material only. Use no headings. Cite the material.';
  return { messages: [systemMessage(persona), taskMessage(task, { question: `retrieval recall and misses: ${clip(input.purpose, 300)}` }, material, stage === 'test' ? 1500 : 5000)], maxOutputTokens: outputOf(SIZES.reading, stage), temperature: 0.2 };
}
