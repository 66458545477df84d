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

export function csvCell(value: CsvCell): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'boolean') return String(value);
  const guarded = disarmed(value);
  return /[",\r\n]|^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** A text that no spreadsheet runs, without the quotes of a cell. */
export const disarmed = (text: string): string => (FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text);

/** A table with commas that somebody else wrote, the same cells again with formulas disarmed. */
export function disarmedCsv(text: string): string {
  const rows: string[][] = [];
  for (let rest = text.replace(BEFORE, ''); rest !== '';) {
    const { cells, end } = recordAt(rest, ',', Number.POSITIVE_INFINITY);
    rows.push(cells);
    rest = rest.slice(end);
  }
  const [header, ...below] = rows;
  return header ? toCsv(header, below) : '';
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** More is a file that is no table, or one that nobody chooses a column of from a list. */
const MOST_COLUMNS = 200;
const LONGEST_NAME = 120;
/** Control signs, or bytes that were not UTF-8. */
const UNREADABLE = /[\p{Cc}\uFFFD]/u;
/** The mark of a byte order, and empty lines. */
const BEFORE = /^\uFEFF?(?:[ \t]*\r?\n)*/;

/** Names of the columns, from the first line of a table that a person pasted or uploaded, as the data tools call them: one without a
 * name is `column` and its place, one that is there again gets `_1`. The delimiter is the one that divides the line most often.
 * @param text  the table or its beginning @returns trimmed; [] when it is no table of 1 to 200 columns with readable names of at most
 * 120 characters, or its second line has another number of cells (a title or a remark above the header) */
export function csvHeader(text: string): string[] {
  const table = text.replace(BEFORE, '');
  const [{ cells, end, delimiter }] = DELIMITERS.map((sign) => ({ ...recordAt(table, sign), delimiter: sign })).toSorted((a, b) => b.cells.length - a.cells.length) as [ReturnType<typeof recordAt> & { delimiter: string }];
  const names = cells.map((name) => name.trim());
  const below = table.slice(end).replace(BEFORE, '');
  const widths = (names.length === 1 ? DELIMITERS : [delimiter]).map((sign) => recordAt(below, sign));
  // A line that does not end here may be cut.
  if (widths.some((second) => second.end < below.length && second.cells.length !== names.length)) return [];
  if (names.length > MOST_COLUMNS || names.every((name) => name === '') || names.some((name) => name.length > LONGEST_NAME || UNREADABLE.test(name))) return [];
  return unique(names);
}

/** Columns are told apart without regard to case, as SQL does. */
export const sameColumn = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((given, place) => {
    const name = given === '' ? `column${place}` : given;
    const times = seen.get(name.toLowerCase()) ?? 0;
    seen.set(name.toLowerCase(), times + 1);
    return times === 0 ? name : `${name}_${times}`;
  });
}

/** @returns the cells of the first line, and where the next begins */
function recordAt(text: string, delimiter: string, most = MOST_COLUMNS): { cells: string[]; end: number } {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  let at = 0;
  for (; at < text.length; at += 1) {
    const sign = text[at] as string;
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') { cell += '"'; at += 1; }
      else quoted = false;
    } else if (sign === '"' && cell.trim() === '') { quoted = true; cell = ''; }
    else if (sign === '\n' || sign === '\r') break;
    else if (sign === delimiter) { cells.push(cell); cell = ''; }
    else cell += sign;
    if (cells.length > most) break;
  }
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return { cells: [...cells, cell], end: at + (text.startsWith('\r\n', at) ? 2 : 1) };
}
