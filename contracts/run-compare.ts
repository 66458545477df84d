import type { StageView, StepView } from './run-reducer.ts';
import type { Stage } from './runs.ts';
import { diffText, type TextDiff } from './text-diff.ts';

/** Sets runs, or the stages of one run, side by side: steps by their keys, each with what it made, used and took. The first
 * column is what the others are compared with. Pure: the API uses it on runs, the CLI on exported ones. */
export interface Column { id: string; stages: readonly StageView[]; /** request digest of a call's messages by call id, where the ledger is at hand */ prompts: ReadonlyMap<string, string> }

export interface Cell {
  status: StepView['status']; seconds: number | null; inputTokens: number; outputTokens: number; costUsdMicros: number | null; reused: number; edited: boolean;
  modelsServed: string[]; sources: string[];
  /** compared with the first column; null in it, and where one of both has no such step */
  diff: TextDiff | null;
  /** all its prompts are those of the first column; null when that is not known */
  promptsSame: boolean | null;
}
export interface Row { stage: Stage; step: string; title: string; cells: (Cell | null)[]; same: boolean }
export interface Divergence { stage: Stage; step: string; column: string; kind: 'missing' | 'prompt' | 'output' | 'status'; detail: string }

/** Rows in the order of the first column; steps that only others have follow where their stage is.
 * @param keyOf what makes two steps the same one: `stage/step` between runs, the step alone between stages */
export function alignSteps(columns: readonly Column[], keyOf: (stage: StageView, step: StepView) => string): Row[] {
  const tables = columns.map((column) => new Map(column.stages.flatMap((stage) => stage.steps.map((step): [string, { stage: StageView; step: StepView }] => [keyOf(stage, step), { stage, step }]))));
  const keys = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  return keys.map((key) => {
    const found = tables.map((table) => table.get(key));
    const first = found[0];
    const cells = found.map((entry, index) => (entry ? cellOf(entry, index === 0 ? undefined : first, columns[index] as Column, columns[0] as Column) : null));
    const named = found.find((entry) => entry !== undefined) as { stage: StageView; step: StepView };
    return { stage: named.stage.stage, step: named.step.step, title: named.step.title, cells, same: cells.every((cell, index) => cell !== null && (index === 0 || cell.diff?.same === true) && cell.status === cells[0]?.status) };
  });
}

function cellOf({ stage, step }: { stage: StageView; step: StepView }, first: { stage: StageView; step: StepView } | undefined, column: Column, base: Column): Cell {
  const ends = step.completions.flatMap((completion) => (completion.end ? [completion.end] : []));
  const prompts = promptsOf(column, stage, step);
  const others = first ? promptsOf(base, first.stage, first.step) : [];
  return {
    status: step.status, seconds: step.endedAt ? Math.round((Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 100) / 10 : null,
    inputTokens: ends.reduce((sum, end) => sum + end.usage.inputTokens, 0), outputTokens: ends.reduce((sum, end) => sum + end.usage.outputTokens, 0),
    costUsdMicros: ends.some((end) => end.cost_usd_micros === null) ? null : ends.reduce((sum, end) => sum + (end.cost_usd_micros ?? 0), 0),
    reused: ends.filter((end) => end.reused).length, edited: ends.some((end) => end.edited_by !== undefined), modelsServed: [...new Set(ends.map((end) => end.model_served))], sources: sourcesOf(step),
    diff: first ? diffText(textOf(first.step), textOf(step)) : null, promptsSame: first && prompts.length > 0 && others.length > 0 ? prompts.join() === others.join() : null,
  };
}

const promptsOf = (column: Column, stage: StageView, step: StepView): string[] => step.completions.flatMap((completion) => column.prompts.get(`${stage.stage}/${step.step}/${completion.ordinal}`) ?? []);
const sourcesOf = (step: StepView): string[] => [...new Set(step.tools.flatMap((tool) => tool.items.map((item) => item.url ?? `${item.source}: ${item.title}`)))];

/** What a step made: the last answer, or what its tools found. JSON is laid out, so that lines can be compared. */
function textOf(step: StepView): string {
  const answer = step.completions.findLast((completion) => completion.end !== null)?.text;
  if (answer === undefined) return step.tools.flatMap((tool) => [`${tool.tool}: ${tool.summary ?? tool.status}`, ...tool.items.map((item) => `- ${item.title}${item.url ? ` <${item.url}>` : ''}`)]).join('\n');
  try {
    return JSON.stringify(JSON.parse(answer), null, 2);
  } catch {
    return answer;
  }
}

/** Where the runs part for the first time, and by what. */
export function firstDivergence(rows: readonly Row[], columns: readonly Pick<Column, 'id'>[]): Divergence | null {
  for (const row of rows) {
    for (const [index, cell] of row.cells.entries()) {
      const column = columns[index]?.id ?? '';
      const where = { stage: row.stage, step: row.step, column };
      if (index === 0) { if (cell === null) return { ...where, kind: 'missing', detail: 'This step is not in the first.' }; continue; }
      if (cell === null) return { ...where, kind: 'missing', detail: 'This step is only in the first.' };
      if (cell.promptsSame === false) return { ...where, kind: 'prompt', detail: 'The model was asked something else.' };
      if (cell.diff && !cell.diff.same) return { ...where, kind: 'output', detail: cell.promptsSame === true ? `The same was asked, the answer differs${cell.edited ? ' (it was edited)' : ''}.` : 'What it made differs.' };
      if (cell.status !== row.cells[0]?.status) return { ...where, kind: 'status', detail: `It ended as ${cell.status}, in the first as ${row.cells[0]?.status ?? 'missing'}.` };
    }
  }
  return null;
}

export interface StageFigures { stage: Stage; status: StageView['status']; seconds: number | null; inputTokens: number; outputTokens: number; costUsdMicros: number | null; modelsServed: string[]; sources: string[] }

export function stageFigures(stage: StageView): StageFigures {
  const cells = alignSteps([{ id: stage.stage, stages: [stage], prompts: new Map() }], (_, step) => step.step).flatMap((row) => row.cells.filter((cell) => cell !== null));
  return {
    stage: stage.stage, status: stage.status, seconds: stage.endedAt ? Math.round((Date.parse(stage.endedAt) - Date.parse(stage.startedAt)) / 100) / 10 : null,
    inputTokens: cells.reduce((sum, cell) => sum + cell.inputTokens, 0), outputTokens: cells.reduce((sum, cell) => sum + cell.outputTokens, 0),
    costUsdMicros: cells.some((cell) => cell.costUsdMicros === null) ? null : cells.reduce((sum, cell) => sum + (cell.costUsdMicros ?? 0), 0),
    modelsServed: [...new Set(cells.flatMap((cell) => cell.modelsServed))], sources: [...new Set(cells.flatMap((cell) => cell.sources))],
  };
}

/** Where Full did otherwise than Test had promised, in words. */
export function promiseFlags(test: StageFigures, full: StageFigures, rows: readonly Row[]): string[] {
  const onlyTest = rows.filter((row) => row.cells[0] && !row.cells[1]).map((row) => row.step);
  const onlyFull = rows.filter((row) => !row.cells[0] && row.cells[1]).map((row) => row.step);
  const failed = rows.filter((row) => row.cells[0]?.status === 'done' && row.cells[1] && row.cells[1].status !== 'done').map((row) => row.step);
  const models = full.modelsServed.filter((model) => !test.modelsServed.includes(model));
  return [
    ...(models.length > 0 ? [`Full was answered by ${models.join(', ')}, which Test had not met.`] : []),
    ...(failed.length > 0 ? [`Done in Test, not in Full: ${failed.join(', ')}.`] : []),
    ...(onlyTest.length > 0 ? [`Only in Test: ${onlyTest.join(', ')}.`] : []),
    ...(onlyFull.length > 0 ? [`Only in Full, as the whole job has more of them: ${onlyFull.join(', ')}.`] : []),
  ];
}

/** Fields of the inputs beside each other. */
export function compareInputs(inputs: readonly Record<string, unknown>[]): { field: string; values: unknown[]; same: boolean }[] {
  const fields = [...new Set(inputs.flatMap((input) => Object.keys(input)))].sort();
  return fields.map((field) => {
    const values = inputs.map((input) => (Object.hasOwn(input, field) ? input[field] : null) ?? null);
    return { field, values, same: values.every((value) => JSON.stringify(value) === JSON.stringify(values[0])) };
  });
}

