import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import { keptCharacters, materialCharacters, questionCount, SIZES } from './sizes.ts';
import type { AiOpportunityBriefInput } from './definition.ts';

/** The words of the playbook. Every figure is in the material, worked out by code; the model words them and adds none. */
type WorkStage = 'test' | 'full';
const NO_FIGURES = 'Take every figure from the material as it is written and calculate none.';
const AUDIENCES = { board: 'the board', management: 'the management team', works_council: 'the representatives of the employees' } as const;
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function about(input: AiOpportunityBriefInput, sector: string, stage: WorkStage): Record<string, unknown> {
  return { organisation: clip(input.organisation, keptCharacters(stage)), sector: clip(sector, 60), goals: input.goals.length > 0 ? input.goals : 'not said', appetite_for_risk: input.appetite, audience: AUDIENCES[input.audience] };
}
const prompt = (key: keyof typeof SIZES, stage: WorkStage, persona: string, part: string, user: ReturnType<typeof taskMessage>, temperature: number): Prompt => ({ messages: [systemMessage(persona, part), user], maxOutputTokens: outputOf(SIZES[key], stage), temperature });

/** For the agent that looks for evidence; it has the tools that the person allowed. */
export function scanPrompt(input: AiOpportunityBriefInput, sector: string, persona: string): Prompt {
  const task = `Find evidence on what language models brought in processes like these: measured results of comparable organisations, and failures. Search the library first, then whatever else you may use; read the page that tells most before you rely on it; search with other words when little comes. Stop when nothing new comes. Then write a note of at most 150 words without headings: one point for each finding, with its figure as the source gives it, and one sentence on what you found nothing about. Cite the material.`;
  const processes = input.processes.map((process) => process.name);
  return prompt('scan', 'full', persona, 'You are the analyst who looks for evidence: results that somebody measured, never promises.', taskMessage(task, { topic: `${clip(sector, 60)}: generative AI productivity measured in a pilot`, ...about(input, sector, 'full'), processes }), 0.2);
}

/** @param guidance  text of the library on what suits a model */
export function casesPrompt(input: AiOpportunityBriefInput, sector: string, processes: readonly MaterialItem[], guidance: string, stage: WorkStage, persona: string): Prompt {
  const task = `Describe the opportunity in ${processes.length === 1 ? 'this process' : `each of these ${processes.length} processes`}, in the order given: how well a language model suits it, what changes for whom, and what has to be true before a pilot. ${NO_FIGURES}`;
  return prompt('cases', stage, persona, '', taskMessage(task, { ...about(input, sector, stage), ...(guidance ? { guidance: clip(guidance, materialCharacters(stage)) } : {}) }, processes, materialCharacters(stage)), 0.3);
}

/** @param scores  one line a case, 1 to 5 each, 5 is good */
export function reviewPrompt(input: AiOpportunityBriefInput, sector: string, cases: readonly MaterialItem[], scores: readonly string[], stage: WorkStage, persona: string): Prompt {
  const task = `Review the scores of ${counted(cases.length, 'case')}, in the order given. They follow from rules; you may take one point off feasibility or risk where the rules are too kind, never add one. Give the strongest objection to each.`;
  return prompt('review', stage, persona, 'You are the sceptic: you have seen such programmes fail.', taskMessage(task, { ...about(input, sector, stage), scores_of_5: scores.join('; ') }, cases, materialCharacters(stage)), 0.2);
}

/** @param unknown  figures of an earlier try that stand in no material */
export function briefPrompt(input: AiOpportunityBriefInput, sector: string, material: readonly MaterialItem[], unknown: readonly string[], stage: WorkStage, persona: string): Prompt {
  const task = `Write a short brief for ${AUDIENCES[input.audience]}, in about ${stage === 'test' ? '110' : '260'} words and without headings: the decision to take first, what is started and why, what it may bring as a range, what is not started, the largest risk, and what would change this advice. No jargon. ${NO_FIGURES} Cite the material after each figure.${unknown.length > 0 ? ` An earlier try used figures that stand nowhere: ${unknown.slice(0, 10).join(', ')}. Leave them out.` : ''}`;
  return prompt('brief', stage, persona, '', taskMessage(task, about(input, sector, stage), material, materialCharacters(stage)), 0.3);
}

export function rehearsalPrompt(input: AiOpportunityBriefInput, sector: string, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = `Rehearse: write the ${counted(questionCount(input.questions, stage), 'question')} that ${AUDIENCES[input.audience]} will ask, the uncomfortable ones first (jobs, errors, dependence on a vendor, what happens if it does not pay), and a short honest answer to each. ${NO_FIGURES}`;
  return prompt('rehearsal', stage, persona, '', taskMessage(task, about(input, sector, stage), material, materialCharacters(stage)), 0.4);
}
