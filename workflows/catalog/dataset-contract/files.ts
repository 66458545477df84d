import { barChart, histogramChart } from '#contracts/charts';
import type { ProfileData, ValidateData } from '#contracts/data-tools';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { columnsTable, countOf, findings } from '../../steps/table-data.ts';
import type { DatasetContractInput, Meaning } from './definition.ts';
import { keyColumn, ruleWords, type Rule } from './rules.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft { profile: ProfileData | null; rules: Rule[]; proof: ValidateData | null; spread: { column: string; values: number[] } | null; reading: string; meaning: Meaning | null; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ profile: null, rules: [], proof: null, spread: null, reading: '', meaning: null, trouble: [], sources: new Sources() });

type Stage = 'test' | 'full';
const OUTCOMES = { passed: 'holds', failed: 'broken', error: 'could not be tried' } as const;

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: DatasetContractInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  if (!draft.profile && !draft.reading && draft.trouble.length === 0) return [];
  const { profile, spread } = draft;
  const files: OutputFile[] = [{ key: 'profile', fileName: 'profile.md', mimeType: 'text/markdown', content: report(request, input, draft, stage, remark), summary: profile ? `${profile.row_count} rows, ${profile.column_count} columns, ${findings(profile).length} findings` : 'The table could not be profiled' }];
  if (!profile) return files;
  files.push({ key: 'contract', fileName: 'contract.json', mimeType: 'application/json', content: `${JSON.stringify(contract(request, input, draft, profile), null, 2)}\n`, summary: `${draft.rules.length} rules, ${draft.proof ? `${draft.proof.passed} hold` : 'not tried'}` });
  files.push({ key: 'empty', fileName: 'empty-cells.svg', mimeType: 'image/svg+xml', content: barChart({ title: 'Empty cells by column', yLabel: 'Share of rows in %' }, profile.columns.map((column) => ({ label: column.name, value: Math.round(column.null_share * 1000) / 10 }))), summary: 'Share of empty cells by column' });
  if (spread) files.push({ key: 'distribution', fileName: 'distribution.svg', mimeType: 'image/svg+xml', content: histogramChart({ title: `How ${spread.column} is spread`, xLabel: spread.column }, spread.values), summary: `${spread.values.length} values of ${oneLine(spread.column)}` });
  return files;
}

function report(request: Pick<RunRequest, 'provider'>, input: DatasetContractInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { profile, proof } = draft;
  const broken = proof?.rules.filter((rule) => rule.outcome === 'failed') ?? [];
  return page([
    `# Profile: ${oneLine(input.purpose)}`,
    stamps(request, stage, 'the first 100 rows, a short reading. A Full run profiles all rows and describes every column.', remark),
    bullets(draft.trouble),
    profile && `${profile.row_count} rows, ${profile.column_count} columns.${profile.limited ? ' Only the first rows were read.' : ''}${proof ? ` ${proof.passed} of ${proof.rules.length} rules hold.` : ''}`,
    profile && section('Findings', bullets(findings(profile)) || 'Nothing stands out.'),
    section('What it means for the use', draft.reading && body(draft.reading)),
    profile && section('Columns', columnsTable(profile.columns)),
    section('What the columns mean', table(['Column', 'Meaning'], (draft.meaning?.fields ?? []).map((field) => [field.column_title, field.meaning]))),
    section('Rules, tried on the data', table(['Rule', 'Weight', 'Outcome', 'Rows that break it', 'First such rows'], draft.rules.map((rule) => {
      const tried = proof?.rules.find((result) => result.id === rule.id);
      return [ruleWords(rule), rule.severity, tried ? OUTCOMES[tried.outcome] : 'not tried', tried?.violations, tried?.examples.slice(0, 3).map((example) => example.row).join(', ') || '—'];
    }))),
    draft.sources.markdown([body(draft.reading)]),
    nextSteps([
      stage === 'test' && 'Run Full to profile all rows.',
      !profile && 'Put right what is said above, then run again; nothing here is about your rows yet.',
      ...broken.slice(0, 5).map((rule) => `Repair what breaks “${rule.title}” (${countOf(rule.violations, 'row')}), or loosen the rule if it is right.`),
      profile && profile.pii.length > 0 && 'Decide who may see the personal data before the table is shared.',
      profile && (profile.leakage ?? []).length > 0 && 'Leave the columns that leak the target out of training.',
      profile && 'Put contract.json into the pipeline that fills the table, and check it on every load.',
    ]),
  ]);
}

function contract(request: Pick<RunRequest, 'provider'>, input: DatasetContractInput, draft: Draft, profile: ProfileData): object {
  return {
    version: '1.0.0', status: 'draft', purpose: input.purpose, use: input.use, owner: input.owner || null, simulated: request.provider === 'demo',
    key: keyColumn(profile, input.key_column),
    fields: profile.columns.map((column) => ({
      name: column.name, type: column.type, required: column.nulls === 0, personal_data: profile.pii.filter((found) => found.column === column.name).map((found) => found.kind),
      description: draft.meaning?.fields.find((field) => field.column_title === column.name)?.meaning ?? null,
    })),
    rules: draft.rules,
    evidence: draft.proof ? { rows: draft.proof.row_count, passed: draft.proof.passed, failed: draft.proof.failed, valid: draft.proof.valid, results: draft.proof.rules.map(({ id, outcome, checked, violations }) => ({ id, outcome, checked, violations })) } : null,
  };
}
