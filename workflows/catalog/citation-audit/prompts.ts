import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import { passagesFor, type Claim } from './claims.ts';
import { claimCharacters, findingCharacters, passageCharacters, SIZES } from './sizes.ts';

type WorkStage = 'test' | 'full';

export function supportPrompt(claim: Pick<Claim, 'text'>, key: string, source: { id: string; text: string }, stage: WorkStage, persona: string): Prompt {
  const most = passageCharacters(stage);
  const task = 'Hold the claim against these passages of the source it cites. Look at figures, direction and limits. Copy the one sentence that decides it letter by letter. When the passages do not speak of it, say so; what you know from elsewhere does not count.';
  const material = [{ id: source.id, title: clip(key, 100), url: null, text: passagesFor(claim.text, source.text, most) }];
  return { messages: [systemMessage(persona, 'You check citations and give nobody the benefit of the doubt.'), taskMessage(task, { claim: clip(claim.text, claimCharacters(stage)) }, material, most)], maxOutputTokens: outputOf(SIZES.support, stage), temperature: 0 };
}

export function summaryPrompt(verdict: string, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'Write a short advice to the author: what has to be repaired before anybody sees the draft, in which order, and what may wait. Take every reference and figure from the findings. Use no headings. Cite the material.';
  const titled = material.map((item) => ({ ...item, title: clip(item.title, 120) }));
  return { messages: [systemMessage(persona), taskMessage(task, { goal: 'repair the critical and major findings of the citations', verdict }, titled, findingCharacters(stage))], maxOutputTokens: outputOf(SIZES.summary, stage), temperature: 0.2 };
}
