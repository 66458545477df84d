import type { FetchTableData, ProfileData, QueryData, ValidateData } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { findings, profileText, sqlName, tableArguments } from '../../steps/table-data.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import type { DatasetContractInput, Meaning } from './definition.ts';
import { assembleFiles, newDraft, type Draft } from './files.ts';
import { meaningPrompt, readingPrompt } from './prompts.ts';
import { rulesFrom } from './rules.ts';
import { describedColumns, rowLimit } from './sizes.ts';

type Context = StageContext<DatasetContractInput>;

/** Dataset profile and contract: profile → findings → rules from what is seen → rules tried on the data → reading → report. */
export async function datasetContract(request: RunRequest<DatasetContractInput>): Promise<RunResult> {
  return runStages<DatasetContractInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(6);
  const data = await tableOf(context, draft);
  draft.profile = await profile(context, draft, data);
  if (draft.profile) await prove(context, draft, draft.profile, data);
  const found = await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: `data quality contract checks for ${input.use}`, limit: stage === 'test' ? 1 : 3 }));
  const facts = draft.profile ? [draft.sources.addText('profile', 'Profile of the table', profileText(draft.profile), 'profile_data')] : [];
  const material = [...facts, ...draft.sources.add(found)].slice(0, stage === 'test' ? 2 : 5);
  draft.reading = await context.step('reading', 'Read the findings for the use', async (step) => {
    const text = await step.write(readingPrompt(input, material, stage, persona));
    step.summarise(draft.profile ? `${findings(draft.profile).length} findings weighed for ${input.use}.` : 'There was no profile to read, only the library.');
    return text;
  });
  const { columns } = draft.profile ?? { columns: [] };
  if (columns.length > 0) draft.meaning = await context.step('meaning', 'Say what the columns mean', async (step) => {
    const answer = await step.answer<Meaning>('meaning', meaningPrompt(input, columns, stage, persona), Math.min(columns.length, describedColumns(stage)));
    step.summarise(`${answer.fields.length} of ${columns.length} columns described.`);
    return answer;
  });
  await verifyCitations(context, draft.sources, [draft.reading]);
}

type Table = ReturnType<typeof tableArguments>;

/** The upload, else what the address holds in Full, else the pasted rows: also when the address cannot be read, and then that is said. */
async function tableOf({ input, stage, step: run }: Context, draft: Draft): Promise<Table> {
  const { data_url: url } = input;
  if (!url || input.data_file || stage !== 'full') return tableArguments(input);
  return run('fetch', 'Read the table', async (step): Promise<Table> => {
    const result = await step.tool('fetch_table', { url });
    step.summarise(result.summary);
    const data = result.outcome === 'ok' ? (result.data as FetchTableData | undefined) : undefined;
    if (data?.truncated) draft.trouble.push(`Only the first ${data.lines - 1} rows of the address were read: the file is longer. Upload it to look at all of it.`);
    if (!data) draft.trouble.push(`The address was not read, so this is about the pasted rows: ${result.summary}`);
    return data ? { csv: data.csv } : tableArguments(input);
  });
}

async function profile({ input, stage, step: run }: Context, draft: Draft, data: Table): Promise<ProfileData | null> {
  return run('profile', 'Profile the table', async (step) => {
    const target = input.use === 'training' && input.target_column ? { target: input.target_column } : {};
    const result = await step.tool('profile_data', { ...data, ...target, limit_rows: rowLimit(input.max_rows, stage) });
    step.summarise(result.summary);
    if (result.outcome === 'ok' && result.data) return result.data as ProfileData;
    draft.trouble.push(`The table could not be profiled: ${result.summary}`);
    return null;
  });
}

async function prove({ input, step: run }: Context, draft: Draft, seen: ProfileData, data: Table): Promise<void> {
  draft.rules = rulesFrom(seen, input);
  await run('prove', 'Prove the rules on the data', async (step) => {
    const result = await step.tool('validate_data', { ...data, rules: draft.rules });
    step.summarise(result.summary);
    if (result.outcome === 'ok' && result.data) draft.proof = result.data as ValidateData;
    else draft.trouble.push(`The rules were not tried on the data: ${result.summary}`);
  });
  const numeric = seen.columns.find((column) => column.mean !== null && column.distinct > 5 && column.distinct < seen.row_count) ?? seen.columns.find((column) => column.mean !== null);
  if (!numeric) return;
  await run('distribution', `See how ${numeric.name} is spread`, async (step) => {
    const result = await step.tool('query_data', { ...data, sql: `SELECT ${sqlName(numeric.name)} AS value FROM data WHERE ${sqlName(numeric.name)} IS NOT NULL`, max_rows: 1000 });
    step.summarise(result.summary);
    const values = ((result.data as QueryData | undefined)?.rows ?? []).map(([value]) => Number(value)).filter((value) => Number.isFinite(value));
    if (values.length > 0) draft.spread = { column: numeric.name, values };
  });
}
