import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { ExplainPaperInput } from './definition.ts';
import { claimCount, keptCharacters, mapCharacters, questionCount, readCharacters, SIZES, type Level } from './sizes.ts';

/** The words of the playbook. Tokens follow the stage; the paper is material, never instruction. */
type WorkStage = 'test' | 'full';
const COPY = 'Copy quotations letter by letter from the material; do not translate, shorten or mend them.';

function about(input: ExplainPaperInput, stage: WorkStage): Record<string, unknown> {
  const { question, language, reader_level: reader, emphasis } = input;
  return { ...(question ? { question: clip(question, keptCharacters(stage)) } : {}), reader_level: reader, language, ...(emphasis.length > 0 ? { emphasis } : {}) };
}
const prompt = (key: keyof typeof SIZES, stage: WorkStage, persona: string, part: string, user: ReturnType<typeof taskMessage>, temperature: number): Prompt => ({ messages: [systemMessage(persona, part), user], maxOutputTokens: outputOf(SIZES[key], stage), temperature });
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

export function mapPrompt(input: ExplainPaperInput, sections: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Map these ${counted(sections.length, 'section')} of a paper: for each, its role and what it says in one sentence, in ${input.language}. Keep the order.`;
  return prompt('map', stage, persona, '', taskMessage(task, { language: input.language }, sections, mapCharacters(stage)), 0.1);
}

export function claimsPrompt(input: ExplainPaperInput, sections: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Find the ${counted(claimCount(input.claims, stage), 'claim')} on which this paper stands, the most important first; at least one of them about its limits when the paper names any. For each give the quotation that makes it, the claim in plain words in ${input.language}, and what the paper shows for it. ${COPY}`;
  return prompt('claims', stage, persona, 'You are a careful reader who trusts nothing that is not in the text.', taskMessage(task, about(input, stage), sections, readCharacters(stage)), 0.1);
}

/** @param missing  claims whose quotation does not stand in the paper */
export function againPrompt(input: ExplainPaperInput, missing: readonly { claim: string; quote: string }[], sections: readonly MaterialItem[], persona: string): Prompt {
  const task = `The quotations of these ${counted(missing.length, 'claim')} do not stand in the paper. Give each claim again, in the same order, with a sentence that does, or another claim of the paper in its place. ${COPY}`;
  const inputs = { ...about(input, 'full'), claims_without_quotation: missing.map(({ claim, quote }) => `${clip(claim, 240)} (given: “${clip(quote, 200)}”)`) };
  return prompt('again', 'full', persona, 'You are a careful reader who trusts nothing that is not in the text.', taskMessage(task, inputs, sections, readCharacters('full')), 0);
}

const FOR: Record<Level, { who: string; how: string; words: string }> = {
  newcomer: { who: 'somebody new to the field', how: 'the problem first, without its solution; then the one idea; one everyday comparison; what it does not show. No term without its meaning', words: '180 words' },
  student: { who: 'a student of the field', how: 'the question, how it was examined, what came out with its figures, and why it follows. Use level-3 headings', words: '320 words' },
  practitioner: { who: 'somebody who works in the field', how: 'what could be used tomorrow, under which conditions, how strong baseline and evidence are, and what to check first. Use level-3 headings', words: '320 words' },
};

export function explainPrompt(input: ExplainPaperInput, level: Level, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const { who, how, words } = FOR[level];
  const dwell = input.emphasis.length > 0 ? ` Dwell on: ${input.emphasis.join(', ')}.` : '';
  const answer = input.question ? ' Answer the reader’s question in one sentence first, or say that the paper does not.' : '';
  const task = `Explain this paper in ${input.language} to ${who}: ${stage === 'test' ? 'the idea, what is claimed, and what is left open. Use no headings' : how}.${answer}${dwell} About ${stage === 'test' ? '110 words' : words}. Cite the material after each sentence that rests on it.`;
  return prompt('explain', stage, persona, '', taskMessage(task, { ...about(input, stage), reader_level: level }, material, readCharacters(stage)), 0.4);
}

export function figuresPrompt(input: ExplainPaperInput, captions: readonly MaterialItem[], persona: string): Prompt {
  const task = `Put these ${counted(captions.length, 'figure')} and tables in words, in ${input.language} and in the order given: what is to be seen, how to read it, and what it does not show. You have the captions and what the text says, not the pictures: say nothing beyond that.`;
  return prompt('figures', 'full', persona, '', taskMessage(task, { language: input.language }, captions, 900), 0.2);
}

export function glossaryPrompt(input: ExplainPaperInput, terms: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Define these ${counted(terms.length, 'term')} as the paper uses them, in ${input.language} and in the order given, for this reader: one or two sentences each.`;
  return prompt('glossary', stage, persona, '', taskMessage(task, { reader_level: input.reader_level, language: input.language }, terms, stage === 'test' ? 220 : 700), 0.1);
}

export function selfTestPrompt(input: ExplainPaperInput, sections: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Make a self-test of exactly ${counted(questionCount(input.self_test_questions, stage), 'question')} on this paper in ${input.language}: what is claimed, why it follows, where it stops. Each has two to four options, one right answer (answer_index counts from 0), an explanation that teaches, and the sentence of the paper that decides. ${COPY}`;
  return prompt('self_test', stage, persona, '', taskMessage(task, about(input, stage), sections, readCharacters(stage)), 0.3);
}
