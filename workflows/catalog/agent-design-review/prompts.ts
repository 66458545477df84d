import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { AgentDesignReviewInput, Reviewer } from './definition.ts';
import { findingCount, keptCharacters, materialCharacters, missedCount, partCount, SIZES } from './sizes.ts';

/** The words of the playbook. Choice, numbers and risks come as material from code. */
type WorkStage = 'test' | 'full';
const about = (input: AgentDesignReviewInput, stage: WorkStage) => ({ system: input.system_name, requirements: clip(input.requirements, keptCharacters(stage)) });
const asked = (system: string, part: string, task: string, inputs: Record<string, unknown>, material: readonly MaterialItem[], size: keyof typeof SIZES, stage: WorkStage, temperature: number): Prompt =>
  ({ messages: [systemMessage(system, part), taskMessage(task, inputs, material, materialCharacters(stage))], maxOutputTokens: outputOf(SIZES[size], stage), temperature });

export function partsPrompt(input: AgentDesignReviewInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Divide the system into ${partCount(stage)} parts that can be built and tested alone: title, what each is answerable for, and how it fails.`;
  return asked(persona, '', task, { ...about(input, stage), topic: 'what each part is answerable for', path: input.path, autonomy: input.autonomy }, material, 'decompose', stage, 0.3);
}

export function optionPrompt(input: AgentDesignReviewInput, title: string, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Read the option "${title}" for this system: why it would serve the requirements, and when it breaks. One sentence each.`;
  return asked(persona, '', task, { option: title, ...about(input, stage) }, material, 'option', stage, 0.2);
}

export function frameworkPrompt(input: AgentDesignReviewInput, title: string, pattern: string, material: readonly MaterialItem[], persona: string): Prompt {
  const task = `Read what the material says about ${title} for the pattern "${pattern}": its strength and its weakness here. One sentence each.`;
  return asked(persona, '', task, { topic: title, pattern, ...about(input, 'full') }, material, 'framework', 'full', 0.2);
}

export function missedPrompt(input: AgentDesignReviewInput, known: readonly string[], material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const count = missedCount(stage);
  const task = `Some threats are known already, by rule from the powers of the system. Name at most ${count} ${count === 1 ? 'threat' : 'threats'} that the list misses, each with a control that code can enforce. An empty list is a fine answer.`;
  return asked(persona, 'You are the attacker.', task, { topic: 'attacks on tools, memory, users and operations', known_threats: known, ...about(input, stage) }, material, 'missed', stage, 0.4);
}

export function reviewPrompt(input: AgentDesignReviewInput, reviewer: Reviewer, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const count = findingCount(stage);
  const task = `Review the design from the side of ${reviewer} alone: ${count === 1 ? 'the most harmful finding' : `at most ${count} findings, the most harmful first`}, each with its severity, its consequence and a proposal.`;
  return asked(persona, `You are the reviewer for ${reviewer}. You do not hear the other reviewers.`, task, { topic: reviewer, ...about(input, stage) }, material, 'review', stage, 0.3);
}

export function designPrompt(input: AgentDesignReviewInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const shape = stage === 'test' ? 'Write three short paragraphs without headings.' : 'Write under exactly these level-3 headings:\n\n### The way of one request\n\n### When something fails\n\n### How quality is known\n\n### How it is run\n';
  const task = `Write the revised design after the review: take the pattern and the numbers as the material gives them, and work the findings of the panel in. Cite the material. ${shape}`;
  return asked(persona, '', task, { topic: 'request, failure, retries, evaluation, quality, deployment, monitoring', ...about(input, stage) }, material, 'design', stage, 0.3);
}

export function recordPrompt(input: AgentDesignReviewInput, question: string, material: readonly MaterialItem[], persona: string): Prompt {
  const task = 'Write a short reason for this decision record: what decided, and what is given up. Take figures from the material only and cite it. Use no headings.';
  return asked(persona, '', task, { question, ...about(input, 'full') }, material, 'record', 'full', 0.2);
}
