import type { RJSFSchema } from '@rjsf/utils';

/** A small table as a form field: rows are objects, columns the properties of their schema. */
export type Row = Record<string, unknown>;
export interface Column { key: string; title: string; kind: 'text' | 'number' | 'flag' | 'choice'; choices: { value: string; label: string }[]; required: boolean; fallback: unknown; help: string | undefined }

export function columnsOf(schema: RJSFSchema): Column[] {
  const items = (schema.items ?? {}) as RJSFSchema;
  return Object.entries(items.properties ?? {}).map(([key, property]) => {
    const one = property as RJSFSchema;
    const labels = (one['x-enum-labels'] ?? {}) as Record<string, string>;
    const kind = Array.isArray(one.enum) ? 'choice' : one.type === 'boolean' ? 'flag' : one.type === 'number' || one.type === 'integer' ? 'number' : 'text';
    return { key, kind, title: one.title ?? key.replaceAll('_', ' '), choices: (one.enum ?? []).map((value) => ({ value: String(value), label: labels[String(value)] ?? String(value) })), required: (items.required ?? []).includes(key) && one.default === undefined, fallback: one.default, help: one.description };
  });
}

export const newRow = (columns: readonly Column[]): Row => Object.fromEntries(columns.filter(({ fallback }) => fallback !== undefined).map(({ key, fallback }) => [key, fallback]));

/** The text of a cell as the value that its column wants; what does not fit stays as it was written, for the check to name. */
export function cellValue(column: Column, text: string): unknown {
  if (text === '') return undefined;
  if (column.kind === 'number') return Number.isFinite(Number(text)) && text.trim() !== '' ? Number(text) : text;
  if (column.kind === 'flag') return /^(true|yes|1|x)$/i.test(text.trim());
  if (column.kind === 'choice') return column.choices.find(({ value, label }) => [value, label].some((word) => word.toLowerCase() === text.trim().toLowerCase()))?.value ?? text;
  return text;
}

export function setCell(rows: readonly Row[], index: number, key: string, value: unknown): Row[] {
  return rows.map((row, at) => {
    if (at !== index) return row;
    const rest = Object.fromEntries(Object.entries(row).filter(([name]) => name !== key));
    return value === undefined ? rest : { ...rest, [key]: value };
  });
}

/** Cells of a spreadsheet, from the clipboard: lines and tabs. Null when the text is one cell. */
export function pastedCells(text: string): string[][] | null {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n').map((line) => line.split('\t'));
  return lines.length === 1 && lines[0]?.length === 1 ? null : lines;
}

/** Puts cells in from one place on, to the right and down; rows are added as far as `most` allows. */
export function pasteCells(rows: readonly Row[], columns: readonly Column[], at: { row: number; column: number }, cells: readonly (readonly string[])[], most: number): Row[] {
  let result = [...rows];
  for (const [down, line] of cells.entries()) {
    const row = at.row + down;
    if (row >= most) break;
    if (row >= result.length) result = [...result, newRow(columns)];
    for (const [right, text] of line.entries()) {
      const column = columns[at.column + right];
      if (column) result = setCell(result, row, column.key, cellValue(column, text.trim()));
    }
  }
  return result;
}
