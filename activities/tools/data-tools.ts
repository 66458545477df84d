import type { z } from 'zod';
import type { Cell, ProfileData, QueryData, ValidateData } from '#contracts/data-tools';
import { ProfileDataArgs, QueryDataArgs, ValidateDataArgs } from '#contracts/data-tools.schema';
import { runJob, type JobSpec } from './child/run-job.ts';
import type { DataJob } from './data/job.ts';
import { withTableFiles, type NamedTable, type Source } from './data/table-file.ts';
import type { Tool, ToolContext, ToolItem } from './tool.ts';
import type { FindUpload } from './uploads.ts';

/** Tools over a table: DuckDB in a process of its own, without network and without other files. */
const SPEC = { main: new URL('./data/main.ts', import.meta.url), heapMb: 256, residentMb: 1_024, addons: true };
const availability = (): { available: true; detail: string; remedy: null } => ({ available: true, detail: 'Reads CSV, JSON and Parquet in a process of its own.', remedy: null });

// oxlint-disable-next-line no-unnecessary-type-parameters -- the caller names what the job gives
async function onTables<Value>(what: string, timeMs: number, sources: readonly Source[], find: FindUpload | undefined, context: ToolContext, jobOf: (tables: NamedTable[]) => DataJob): Promise<{ value: Value; tables: NamedTable[] }> {
  return withTableFiles(sources, find, context, async (tables, folder) => {
    // DuckDB keeps what it unpacks of itself in the same private folder.
    const spec: JobSpec = { ...SPEC, what, timeMs, reads: [`${folder}/*`] };
    return { value: await runJob<Value>(spec, jobOf(tables), context.signal), tables };
  });
}

export function createProfileData({ find }: { find?: FindUpload | undefined }): Tool<z.output<typeof ProfileDataArgs>> {
  return {
    name: 'profile_data', title: 'Data profile', networked: false, timeoutMs: 75_000, args: ProfileDataArgs, availability,
    description: 'Looks at a table (an upload, or CSV text): types, gaps, spread, frequent values and outliers of each column, duplicates, constant columns, personal data, and with a target also columns that give it away.',
    async run(args, context) {
      const { value, tables: [table] } = await onTables<ProfileData>('The profile', 60_000, [args], find, context, ([first]) => ({ operation: 'profile', table: first as NamedTable, args }));
      const trouble = [value.rejected_rows > 0 ? `${value.rejected_rows} lines could not be read` : '', value.limited ? `only the first ${args.limit_rows} rows were read` : '', value.encoding === 'repaired' ? 'some lines were in an older encoding' : ''].filter(Boolean);
      const lines = value.columns.map((one) => `| ${one.name} | ${one.type} | ${(one.null_share * 100).toFixed(1)} % | ${one.distinct} | ${shown(one.min)} | ${shown(one.max)} | ${one.mean === null ? '' : shown(one.mean)} | ${one.sd === null ? '' : shown(one.sd)} | ${one.outliers?.count ?? ''} |`);
      const notes = [
        `${value.row_count} rows, ${value.column_count} columns, ${value.duplicate_rows} duplicate rows.`,
        value.constant_columns.length > 0 ? `Constant: ${value.constant_columns.join(', ')}.` : '',
        ...value.pii.map((finding) => `Personal data: ${finding.column} looks like ${finding.kind} in ${(finding.share * 100).toFixed(0)} % of its values.`),
        ...(value.leakage ?? []).map((finding) => `Leakage: ${finding.column}. ${finding.reason}`),
        ...value.rejected_examples.map((reject) => `Line ${reject.line} was left out: ${reject.error}`),
      ];
      const summary = `${table?.fileName ?? 'The table'} has ${value.row_count} rows and ${value.column_count} columns${trouble.length > 0 ? `; ${trouble.join(', ')}` : ''}.`;
      return { outcome: value.row_count === 0 ? 'empty' : 'ok', summary, items: [item(table, 'profile', 'Profile', `${notes.filter(Boolean).join('\n')}\n\n| column | type | empty | distinct | min | max | mean | sd | outliers |\n|---|---|---|---|---|---|---|---|---|\n${lines.join('\n')}`)], data: value };
    },
  };
}

/** @param timeMs  for tests */
export function createQueryData({ find, timeMs = 30_000 }: { find?: FindUpload | undefined; timeMs?: number }): Tool<z.output<typeof QueryDataArgs>> {
  return {
    name: 'query_data', title: 'Data query', networked: false, timeoutMs: 45_000, args: QueryDataArgs, availability,
    description: 'Answers one SELECT (DuckDB SQL) over a table (an upload, or CSV text) named data. Returns columns and rows. Nothing else can be read or changed.',
    async run(args, context) {
      const { value, tables: [table] } = await onTables<QueryData>('The query', timeMs, [args], find, context, ([first]) => ({ operation: 'query', table: first as NamedTable, args }));
      const head = `| ${value.columns.map((one) => one.name).join(' | ')} |\n|${value.columns.map(() => '---').join('|')}|`;
      const summary = value.row_count === 0 ? 'The query found no rows.' : `The query found ${value.truncated ? 'more than ' : ''}${value.row_count} ${value.row_count === 1 ? 'row' : 'rows'}.`;
      return { outcome: value.row_count === 0 ? 'empty' : 'ok', summary, items: [item(table, 'query', 'Query', `${args.sql}\n\n${head}\n${value.rows.slice(0, 100).map((row) => `| ${row.map(shown).join(' | ')} |`).join('\n')}`)], data: value };
    },
  };
}

export function createValidateData({ find }: { find?: FindUpload | undefined }): Tool<z.output<typeof ValidateDataArgs>> {
  return {
    name: 'validate_data', title: 'Data contract check', networked: false, timeoutMs: 75_000, args: ValidateDataArgs, availability,
    description: 'Proves rules (type, not_null, unique, range, length, allowed, pattern, compare, reference, columns, row_count) on a table and gives for each how many rows break it, with examples.',
    async run(args, context) {
      const sources = args.reference ? [args, args.reference] : [args];
      const { value, tables: [table] } = await onTables<ValidateData>('The check', 60_000, sources, find, context, ([first, second]) => ({ operation: 'validate', table: first as NamedTable, reference: second ?? null, args }));
      const lines = value.rules.map((rule) => `- ${rule.outcome === 'passed' ? 'passed' : rule.outcome === 'failed' ? `FAILED (${rule.violations} of ${rule.checked})` : 'NOT CHECKED'}: ${rule.title}${rule.detail ? `. ${rule.detail}` : ''}${rule.examples.length > 0 ? ` Rows ${rule.examples.map((example) => `${example.row} (${shown(example.value)})`).join(', ')}` : ''}`);
      const summary = `${value.passed} of ${value.rules.length} rules hold on ${value.row_count} rows${value.rejected_rows > 0 ? `; ${value.rejected_rows} lines could not be read` : ''}.`;
      return { outcome: 'ok', summary, items: [item(table, 'contract', 'Contract check', `${summary}\n${lines.join('\n')}`)], data: value };
    },
  };
}

const shown = (cell: Cell): string => (cell === null ? '' : typeof cell === 'number' ? String(Number(cell.toPrecision(6))) : String(cell).replaceAll('|', '\\|').replace(/\s+/g, ' ').slice(0, 120).toWellFormed());

function item(table: NamedTable | undefined, kind: string, title: string, text: string): ToolItem {
  const [snippet = ''] = text.split('\n');
  return { id: `${kind}-${(table?.sourceId ?? 'table').slice(-6)}`, title: `${title} of ${table?.fileName ?? 'the table'}`, url: null, source: 'data', snippet, text };
}
