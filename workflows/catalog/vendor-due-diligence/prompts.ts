import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import { MUST_HAVE_INFO, PART_INFO } from './criteria.ts';
import type { VendorDueDiligenceInput } from './definition.ts';
import { percents, strongest, type Sentence } from './evidence.ts';
import { SIZES, type Level, type Part } from './sizes.ts';

type WorkStage = 'test' | 'full';
const asMaterial = (sentences: readonly Sentence[]): MaterialItem[] => [...new Set(sentences.map(({ source }) => source))].map((source) => ({ id: source, title: sentences.find((sentence) => sentence.source === source)?.kind ?? source, url: null, text: sentences.filter((sentence) => sentence.source === source).map(({ text }) => text).join('\n\n') }));

/** For the investigator, who has the tools that the person allowed. @param open  parts that no independent sentence speaks of yet */
export function investigatePrompt(input: VendorDueDiligenceInput, vendor: { name: string; website?: string | undefined }, open: readonly Part[], persona: string): Prompt {
  const task = `Find what others show of this vendor: incidents, availability, certificates and their scope, terms of use, customers, tests, lawsuits. Look for what the parts below still need, first for the must-haves. Search with the vendor's name; read the page that tells most; do not rely on what the vendor says of itself. Stop when nothing new comes. Then write at most 80 words without headings: what is shown, by whom, and what you looked for and did not find. Cite the material.`;
  const asked = { topic: `${vendor.name}: ${open.map((part) => PART_INFO[part].title.toLowerCase()).join(', ')}`, vendor: vendor.name, ...(vendor.website ? { website: vendor.website } : {}), purpose: clip(input.purpose, 300), still_open: open.map((part) => PART_INFO[part].asks), must_haves: input.must_haves.map((must) => MUST_HAVE_INFO[must].title) };
  return { messages: [systemMessage(persona, 'You investigate vendors for a living and believe what can be shown.'), taskMessage(task, asked)], maxOutputTokens: outputOf(SIZES.investigate, 'full'), temperature: 0.2 };
}

export function assessPrompt(vendor: string, part: Part, found: readonly Sentence[], guess: Level, stage: WorkStage, persona: string): Prompt {
  const task = `How well is it shown that ${vendor} serves us in this part? Weigh the source before the words: what a vendor says of itself is a claim. The inputs hold the level and the sentence that the sources alone would allow; read before you agree. Copy the sentence that carries most, letter by letter.`;
  return { messages: [systemMessage(persona, 'You check vendors for a living and believe what can be shown.'), taskMessage(task, { topic: `${PART_INFO[part].title}: ${PART_INFO[part].asks}`, level: guess, evidence_quote: strongest(found)?.text ?? '' }, asMaterial(found), stage === 'test' ? 700 : 2500)], maxOutputTokens: outputOf(SIZES.assess, stage), temperature: 0 };
}

export function contradictionPrompt(vendor: string, part: Part, claim: Sentence, evidence: Sentence, sign: 'figures' | 'denial', persona: string): Prompt {
  const task = `${vendor} says one thing, somebody else another. Can both be true of the same product and time? The pair was picked because ${sign === 'figures' ? 'the figure falls short' : 'one denies what the other says'}.`;
  return { messages: [systemMessage(persona), taskMessage(task, { topic: PART_INFO[part].title, contradicts: 'true', why: sign === 'figures' ? `It says ${Math.max(...percents(claim.text))} %, others show ${Math.max(...percents(evidence.text))} %.` : 'One side denies what the other says.' }, asMaterial([claim, evidence]), 1000)], maxOutputTokens: outputOf(SIZES.contradiction, 'full'), temperature: 0 };
}

export function memoPrompt(input: VendorDueDiligenceInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = stage === 'test'
    ? 'Write a short note on this vendor for the one who decides: what is shown, what is only claimed, what to ask next. Take figures from the material only. Use no headings. Cite the material.'
    : 'Write the reasoning of the memo, under these level-3 headings:\n### Why this recommendation\n### What we do not know\n### What would change it\nPlain words, money and risk before detail. Take figures from the material only. Cite the material.';
  return { messages: [systemMessage(persona), taskMessage(task, { purpose: clip(input.purpose, stage === 'test' ? 300 : 500) }, material, stage === 'test' ? 1100 : 3500)], maxOutputTokens: outputOf(SIZES.memo, stage), temperature: 0.2 };
}
