/** Tables as CSV (RFC 4180). Pure and without imports: the sandbox uses it. */
export type CsvCell = string | number | boolean | null | undefined;

/** A spreadsheet runs such a text as a formula; a plain number keeps its sign. */
const FORMULA = /^(?:\s*[=+\-@]|[\t\r\n])/;
const PLAIN_NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

/** Lines end in CRLF; a cell is quoted where it has to be; a text that a spreadsheet could take for a formula gets a leading
 * apostrophe. Empty for null, undefined, NaN and infinities. Rows shorter than the header are filled up.
 * @returns header and rows, with a line end after the last */
export function toCsv(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  const width = header.length;
  const lines = [header, ...rows].map((row) => Array.from({ length: Math.max(width, row.length) }, (_, index) => csvCell(row[index])).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** Objects as rows, in the order of `columns`. */
export function objectsToCsv<Row extends object>(columns: readonly (keyof Row & string)[], rows: readonly Row[]): string {
  return toCsv(columns, rows.map((row) => columns.map((column) => row[column] as CsvCell)));
}

export function csvCell(value: CsvCell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'boolean') return String(value);
  const guarded = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
