import { styleText } from 'node:util';

/** Where words go: data on stdout, talk on stderr. */
export interface Terminal {
  stdout: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  stderr: { write(text: string): unknown; isTTY?: boolean };
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  env: NodeJS.ProcessEnv;
}

export interface OutputOptions { json?: boolean | undefined; plain?: boolean | undefined; quiet?: boolean | undefined; input?: boolean | undefined }
type Colour = Parameters<typeof styleText>[0];

export class Output {
  readonly json: boolean;
  readonly plain: boolean;
  readonly quiet: boolean;
  /** may ask the person */
  readonly interactive: boolean;
  /** talk goes to a screen: streamed text and colours make sense */
  readonly live: boolean;
  readonly #terminal: Terminal;
  readonly #colour: boolean;

  constructor(terminal: Terminal, options: OutputOptions) {
    const { env, stderr, stdin } = terminal;
    this.#terminal = terminal;
    this.json = options.json === true;
    this.plain = options.plain === true || this.json;
    this.quiet = options.quiet === true;
    this.interactive = options.input !== false && stdin.isTTY === true && stderr.isTTY === true && !env['CI'];
    this.live = stderr.isTTY === true && !this.plain && !this.quiet;
    this.#colour = stderr.isTTY === true && !this.plain && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }

  /** One line of what was asked for. */
  data(text: string): void {
    this.#terminal.stdout.write(`${text}\n`);
  }

  /** A JSON document; streams write one a line. */
  document(value: unknown, pretty = true): void {
    this.data(JSON.stringify(value, null, pretty ? 2 : undefined));
  }

  /** A line beside the data; `--quiet` leaves it out. */
  say(text = ''): void {
    if (!this.quiet) this.#terminal.stderr.write(`${text}\n`);
  }

  /** Streamed text, without a line end of its own. */
  stream(text: string): void {
    this.#terminal.stderr.write(text);
  }

  /** An error is never quiet. */
  fail(lines: readonly string[]): void {
    this.#terminal.stderr.write(`${lines.map((line) => (line.startsWith('✗') ? this.paint('red', this.plain ? line.replace('✗', 'error:') : line) : line)).join('\n')}\n`);
  }

  paint(colour: Colour, text: string): string {
    return this.#colour ? styleText(colour, text, { validateStream: false }) : text;
  }

  /** A list: aligned columns for a person, tab-separated without heading for `--plain`, the rows themselves for `--json`. */
  table(rows: readonly object[], columns: readonly (readonly [heading: string, cell: (row: never) => string | number | null])[]): void {
    if (this.json) { this.document(rows); return; }
    const cells = rows.map((row) => columns.map(([, cell]) => String(cell(row as never) ?? '–').replaceAll(/[\t\n\r]+/g, ' ')));
    if (this.plain) { for (const line of cells) this.data(line.join('\t')); return; }
    if (cells.length === 0) { this.say('Nothing yet.'); return; }
    const headings = columns.map(([heading]) => heading);
    const widths = headings.map((heading, index) => Math.max(heading.length, ...cells.map((line) => (line[index] as string).length)));
    const joined = (line: readonly string[]) => line.map((text, index) => text.padEnd(widths[index] as number)).join('  ').trimEnd();
    this.data(joined(headings));
    for (const line of cells) this.data(joined(line));
  }
}

/** Control signs of a terminal must not come from a model's or a vendor's text. Line ends and tabs stay. */
export const printable = (text: string): string => text.replaceAll(/(?![\t\n])\p{Cc}/gu, '');
export const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`);
export const dollars = (micros: number | null): string => (micros === null ? 'cost unknown' : micros === 0 ? '$0' : micros < 10_000 ? `$${(micros / 1e6).toFixed(4)}` : `$${(micros / 1e6).toFixed(2)}`);
export const size = (bytes: number): string => (bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
export const between = (from: string | null, to: string | null): number | null => (from && to ? Date.parse(to) - Date.parse(from) : null);
