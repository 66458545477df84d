import { barChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import type { ProfileData } from '#contracts/data-tools';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { figure } from '../../steps/table-data.ts';
import type { Calculation, Settled } from './calculate.ts';
import type { AskMyDataInput, CalculationAnswer } from './definition.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft { calculation: Calculation | null; figures: Settled[]; second: string; differed: boolean; queries: string[]; memo: string; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ calculation: null, figures: [], second: '', differed: false, queries: [], memo: '', trouble: [], sources: new Sources() });
type Stage = 'test' | 'full';

/** The model's plan as far as the table has such columns; what the person fixed goes first, and a change is said. */
export function chosen(answer: CalculationAnswer, input: AskMyDataInput, profile: ProfileData, stage: Stage): { calculation: Calculation | null; remarks: string[] } {
  const remarks: string[] = [];
  const named = (wanted: string, use: string): string | null => {
    if (!wanted) return null;
    const found = profile.columns.find((column) => column.name === wanted) ?? profile.columns.find((column) => column.name.toLowerCase() === wanted.toLowerCase());
    if (!found) remarks.push(`There is no column “${oneLine(wanted)}”, so it was not used ${use}.`);
    return found?.name ?? null;
  };
  const aggregate = input.aggregate === 'choose' ? answer.aggregate : input.aggregate;
  const group = named(input.group_column ?? answer.group_column, 'to group by');
  const measure = aggregate === 'count' ? null : named(input.measure_column ?? answer.measure_column, 'to calculate with');
  if (aggregate !== 'count' && measure === null) return { calculation: null, remarks: [...remarks, 'No column of numbers was named, so nothing was calculated. Name one under Calculation.'] };
  return { calculation: { aggregate, measure, group: stage === 'test' ? null : group }, remarks };
}

export const words = ({ aggregate, measure, group }: Calculation): string => `${aggregate === 'count' ? 'number of rows' : `${aggregate} of ${measure}`}${group ? ` for each ${group}` : ' over all rows'}`;

/** The figures as sentences that the memo can cite. */
export function figuresText({ figures, calculation }: Draft): string {
  const measure = calculation ? words({ ...calculation, group: null }).replace(' over all rows', '') : '';
  const ranked = figures.filter(({ value }) => value !== null).toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0));
  return ranked.map(({ group, value, rows, agreed }, index) => `${group} has a ${measure} of ${figure(value)} from ${rows} rows${ranked.length > 1 && index === 0 ? ', the highest of all' : ''}${agreed ? '' : ', which the calculations do not agree on'}.`).join('\n');
}

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: AskMyDataInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  const { figures, calculation } = draft;
  if (!draft.memo && figures.length === 0 && draft.trouble.length === 0) return [];
  const files: OutputFile[] = [{ key: 'memo', fileName: 'memo.md', mimeType: 'text/markdown', content: memo(request, input, draft, stage, remark), summary: figures.length > 0 ? `${figures.length} figures, ${figures.filter((each) => each.agreed).length} confirmed` : 'No figures' }];
  if (draft.queries.length > 0) files.push({ key: 'code', fileName: 'analysis.sql', mimeType: 'application/sql', content: `${draft.queries.map((sql) => `${sql};`).join('\n\n')}\n`, summary: `${draft.queries.length} queries, as they ran on the table \`data\`` });
  if (figures.length === 0 || !calculation) return files;
  files.push({ key: 'figures', fileName: 'figures.csv', mimeType: 'text/csv', content: toCsv(['group', 'value', 'rows', 'confirmed'], figures.map((each) => [each.group, each.value, each.rows, each.agreed])), summary: words(calculation) });
  files.push({ key: 'chart', fileName: 'chart.svg', mimeType: 'image/svg+xml', content: barChart({ title: input.question, yLabel: words({ ...calculation, group: null }).replace(' over all rows', ''), ...(calculation.group ? { xLabel: calculation.group } : {}) }, figures.filter(({ value }) => value !== null).map(({ group, value }) => ({ label: group, value: value ?? 0 }))), summary: words(calculation) });
  return files;
}

function memo(request: Pick<RunRequest, 'provider'>, input: AskMyDataInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { calculation, figures } = draft;
  const open = figures.filter((each) => !each.agreed);
  return page([
    `# ${oneLine(input.question)}`,
    stamps(request, stage, 'one figure over all rows. A Full run calculates each group.', remark),
    bullets(draft.trouble),
    draft.memo && body(draft.memo),
    calculation && section(`Figures: ${words(calculation)}`, table([calculation.group ?? 'Rows', 'Value', 'Rows used', 'Confirmed'], figures.map((each) => [each.group, figure(each.value), each.rows, each.agreed ? 'yes' : 'no']))),
    figures.length > 0 && section('How it was calculated', `By grouped SQL, and again by ${draft.second}. ${draft.differed ? `They differed, so SQL with windows was the third way. ${open.length === 0 ? 'It settled every figure.' : `${open.length} figures stay open.`}` : 'Both gave the same figures.'} Rows with an empty or unreadable value are left out; "Rows used" counts the rest. The queries are in analysis.sql.`),
    draft.sources.markdown([body(draft.memo)]),
    nextSteps([
      stage === 'test' && 'Run Full for a figure of each group.',
      figures.length === 0 && 'Check the table and the names of the columns, then run again; nothing here is calculated yet.',
      open.length > 0 && `Look at the rows behind ${open.map((each) => each.group).slice(0, 5).join(', ')} before you use these figures.`,
      figures.some((each) => each.rows < 5) && stage === 'full' && 'Some figures stand on fewer than five rows; do not compare them.',
      figures.length > 0 && 'If you asked about some of the rows only (a month, one customer), leave the others out of the table and run again: all rows were used.',
      figures.length > 0 && 'Run the same queries on the newest data before a decision.',
    ]),
  ]);
}
