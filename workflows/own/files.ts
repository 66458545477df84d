import { describeCitations, checkCitations } from '#contracts/citations';
import { csvCell, disarmed, disarmedCsv, toCsv, type CsvCell } from '#contracts/csv';
import type { OwnDefinition } from '#contracts/own/definition';
import { mimeTypeOf } from '#contracts/own/files';
import { parseTemplate } from '#contracts/own/templates';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../stages/run-stages.ts';
import { body, bullets, oneLine, page, section, stamps } from '../steps/report.ts';
import type { OwnDraft } from './interpreter.ts';
import { rendered, shown, type Values } from './values.ts';

/** The files of a stage, also of one that ended early. Pure: same draft, same bytes. */
type WorkStage = 'test' | 'full';
const SLICE = 'Every step once with short answers; not the whole work.';

export function assembleFiles(request: Pick<RunRequest, 'provider'>, definition: OwnDefinition, draft: OwnDraft, stage: WorkStage, remark: string | null): OutputFile[] {
  const texts = draft.texts.map(({ text }) => text);
  if (texts.length === 0 && draft.files.length === 0) return [];
  const outputs = definition.outputs.length > 0 ? definition.outputs.map((output) => ({ fileName: output.file_name, title: output.title, content: rendered(output.content, draft.values) })) : [whole(definition, draft)];
  const head = stamps(request, stage, SLICE, remark);
  return [...outputs, ...draft.files].map((file, index) => {
    const isMain = index === 0;
    const content = file.fileName.endsWith('.md') ? page([`# ${oneLine(file.title)}`, head, body(file.content) || 'Nothing was made for this part.', isMain && sourcesOf(draft, texts), isMain && nextSteps(stage)]) : `${file.content.trimEnd()}\n`;
    return { key: file.fileName.replace(/[^a-zA-Z0-9]+/g, '_').toLowerCase(), fileName: file.fileName, mimeType: mimeTypeOf(file.fileName), content, summary: oneLine(`${file.title}${remark ? `: ${remark}` : ''}`).slice(0, 200) };
  });
}

/** Without outputs of its own a definition gives all that its steps wrote. */
function whole(definition: OwnDefinition, draft: OwnDraft): { fileName: string; title: string; content: string } {
  return { fileName: 'result.md', title: definition.name, content: draft.texts.map(({ title, text }) => section(title, body(text))).filter(Boolean).join('\n\n') };
}

function sourcesOf(draft: OwnDraft, texts: readonly string[]): string {
  const report = checkCitations(texts.join('\n\n'), draft.sources.keys());
  const cited = [...draft.sources.values()].filter((source) => report.resolved.includes(source.id) || source.url !== null || source.source !== 'an earlier step');
  if (cited.length === 0 && report.unresolved.length === 0) return '';
  const unresolved = report.unresolved.length > 0 ? `**Unresolved:** ${report.unresolved.map((id) => `[${oneLine(id)}]`).join(', ')} — cited but never read in this run.` : '';
  return section('Sources', [bullets(cited.map((source) => `[${source.id}] ${source.title} — ${source.source}${source.url ? `, <${source.url}>` : ''}`)), describeCitations(report), unresolved].filter(Boolean).join('\n\n'));
}

const nextSteps = (stage: WorkStage): string => section('Recommended next steps', bullets([stage === 'test' ? 'Start the Full run when the slice above looks right.' : 'Read it against the sources above before it goes further.', 'Change a step of the workflow and compare the two runs when something is missing.']));

/** A value as a file of its kind: CSV from a list of objects (formulas are disarmed), JSON as JSON, else text. */
export function fileText(fileName: string, value: unknown): string {
  if (fileName.endsWith('.json')) return JSON.stringify(value ?? null, null, 2);
  if (!fileName.endsWith('.csv')) return shown(value);
  const rows = Array.isArray(value) ? value : [value];
  const columns = [...new Set(rows.flatMap((row) => (row !== null && typeof row === 'object' && !Array.isArray(row) ? Object.keys(row) : [])))];
  if (columns.length === 0) return toCsv(['value'], rows.map((row) => [shown(row)]));
  return toCsv(columns, rows.map((row) => columns.map((column) => cellOf((row as Record<string, unknown> | null)?.[column]))));
}

/** A text with its names filled in, as a file of its kind. In CSV a value is a cell, or within the author's quotes a part of one; a
 * table that a step wrote, with nothing around it, stays that table. No formula comes in by a value. */
export function contentText(fileName: string, template: string, values: Values): string {
  if (!fileName.endsWith('.csv')) return rendered(template, values);
  const bare = template.trim();
  const [only] = parseTemplate(bare).placeholders;
  if (only && only.start === 0 && only.end === bare.length) return disarmedCsv(rendered(bare, values));
  return rendered(template, values, (text, start) => (isQuoted(template, start) ? disarmed(text).replaceAll('"', '""') : csvCell(text)));
}

const isQuoted = (template: string, at: number): boolean => (template.slice(0, at).split('"').length - 1) % 2 === 1;

const cellOf = (value: unknown): CsvCell => (value === null || typeof value !== 'object' ? (value as CsvCell) : shown(value));
