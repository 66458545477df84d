import { outputOf } from '#contracts/call-sizes';
import { clip, type MaterialItem } from '#contracts/material';
import type { ColumnProfile } from '#contracts/data-tools';
import { systemMessage, taskMessage } from '../../stages/prompting.ts';
import type { Prompt } from '../../stages/step.ts';
import type { DatasetContractInput } from './definition.ts';
import { describedColumns, profileCharacters, SIZES } from './sizes.ts';

type WorkStage = 'test' | 'full';
const about = (input: DatasetContractInput) => ({ purpose: input.purpose, use: input.use, target_column: input.target_column ?? 'none' });

export function readingPrompt(input: DatasetContractInput, material: readonly MaterialItem[], stage: WorkStage, persona: string): Prompt {
  const task = 'Write a short reading of the profile for this use: which findings matter, which do not, and what to repair first. Figures come from the profile only. Use no headings. Cite the material.';
  return { messages: [systemMessage(persona), taskMessage(task, about(input), material, profileCharacters(stage))], maxOutputTokens: outputOf(SIZES.reading, stage), temperature: 0.2 };
}

export function meaningPrompt(input: DatasetContractInput, columns: readonly ColumnProfile[], stage: WorkStage, persona: string): Prompt {
  const shown = columns.slice(0, describedColumns(stage));
  const task = `Say in one sentence each what the ${shown.length} columns mean, as far as their name and figures show. Do not guess beyond that.`;
  const material = shown.map((column, index) => ({ id: `c${index + 1}`, title: column.name, url: null, text: columnText(column) }));
  return { messages: [systemMessage(persona), taskMessage(task, { purpose: input.purpose }, material, 300)], maxOutputTokens: outputOf(SIZES.meaning, stage), temperature: 0.1 };
}

const columnText = (column: ColumnProfile): string => clip(`${column.name} is a column of type ${column.type} with ${column.distinct} different values${column.top.length > 0 ? `, most often ${column.top.slice(0, 3).map(({ value }) => String(value)).join(', ')}` : ''}.`, 300);
