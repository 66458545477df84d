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

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** More is a file that is no table, or one that nobody chooses a column of from a list. */
const MOST_COLUMNS = 200;
const LONGEST_NAME = 120;
/** Control signs, or bytes that were not UTF-8. */
const UNREADABLE = /[\p{Cc}\uFFFD]/u;

/** Names of the columns, from the first line of a table that a person pasted or uploaded. The delimiter is the one that divides the line
 * most often. @param text  the table or its beginning @returns trimmed, each once, without empty ones; [] when it is no table of
 * 1 to 200 columns with readable names of at most 120 characters */
export function csvHeader(text: string): string[] {
  const line = text.replace(/^\uFEFF/, '').replace(/^(?:[ \t]*\r?\n)+/, '');
  const [first = []] = DELIMITERS.map((delimiter) => firstRecord(line, delimiter)).toSorted((a, b) => b.length - a.length);
  const names = [...new Set(first.map((name) => name.trim()).filter((name) => name !== ''))];
  return names.length <= MOST_COLUMNS && names.every((name) => name.length <= LONGEST_NAME && !UNREADABLE.test(name)) ? names : [];
}

function firstRecord(text: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] as string;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; }
      else quoted = false;
    } else if (sign === '"' && cell.trim() === '') { quoted = true; cell = ''; }
    else if (sign === '\n' || sign === '\r') break;
    else if (sign === delimiter) { cells.push(cell); cell = ''; }
    else cell += sign;
    if (cells.length > MOST_COLUMNS) break;
  }
  return [...cells, cell];
}
