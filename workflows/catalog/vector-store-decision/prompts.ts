import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { VectorStoreDecisionInput } from './definition.ts';
import { inputCharacters, materialCharacters, objectionCount, SIZES } from './sizes.ts';

/** The words of the playbook. Figures and the choice itself come as material: no model calculates or decides. */
type WorkStage = 'test' | 'full';
const about = (input: VectorStoreDecisionInput, stage: WorkStage) => ({ use_case: clip(input.use_case, inputCharacters(stage)), vectors: input.vectors, queries_per_second: input.queries_per_second, latency_limit_ms: input.p95_ms, filters: input.filtering, tenants: input.tenants });

export function evidencePrompt(input: VectorStoreDecisionInput, title: string, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Read what the material says about ${title} under this load: its strength, its weakness, and what has to be measured before it is trusted. One sentence each.`;
  return { messages: [systemMessage(persona), taskMessage(task, { ...about(input, stage), store: title }, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.evidence, stage), temperature: 0.1 };
}

export function planPrompt(input: VectorStoreDecisionInput, chosen: string, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const shape = stage === 'test' ? 'Two or three short paragraphs.' : 'Write under exactly these level-3 headings:\n\n### Before the move\n\n### The move\n\n### Proof that it works\n\n### Way out\n';
  const task = `Plan the move to ${chosen} and the way out of it again: building a second index beside the first, comparing both, switching, keeping the source of truth elsewhere, deletion and restore. Cite the material. ${shape}`;
  return { messages: [systemMessage(persona), taskMessage(task, { topic: `migration, rebuild, backup, deletion and exit of ${chosen}`, in_use_today: input.current_store, ...about(input, stage) }, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.plan, stage), temperature: 0.3 };
}

export function advocatePrompt(input: VectorStoreDecisionInput, chosen: string, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const count = objectionCount(stage);
  const task = `The decision is ${chosen}. Attack it with ${count} ${count === 1 ? 'objection' : 'objections'}, the most harmful first: why it may be wrong, what happens then, and the cheapest check that would show it.`;
  return { messages: [systemMessage(persona, 'You are the devil\'s advocate of a design review.'), taskMessage(task, { topic: `risks of ${chosen}: recall, filters, memory, growth, operations`, ...about(input, stage) }, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.advocate, stage), temperature: 0.4 };
}

export function decisionPrompt(input: VectorStoreDecisionInput, chosen: string, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Write a short reason for the record: why ${chosen} follows from load, constraints and weights, and what is given up with it. Take every figure from the material, calculate none, and cite it. Use no headings.`;
  return { messages: [systemMessage(persona), taskMessage(task, { question: `Why ${chosen}?`, ...about(input, stage) }, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES.decision, stage), temperature: 0.2 };
}
