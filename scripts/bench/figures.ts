import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export interface Figure {
  /** stays the same from version to version: `--against` compares by it */
  key: string;
  label: string;
  unit: 'ms' | 'µs' | 's' | '×' | 'MB' | 'events' | 'KB' | '/s' | '%' | 'runs' | 'calls';
  value: number;
  /** how it came about: samples, spread */
  detail: string;
  /** what the value should not exceed */
  budget?: number;
}

export interface BenchResult {
  taken_at: string;
  command: string;
  machine: { cores: number; processor: string; memory_gb: number; load_before: number; load_after: number };
  node: string;
  figures: Figure[];
}

export function machine(loadBefore: number): BenchResult['machine'] {
  const rounded = (value: number) => Math.round(value * 10) / 10;
  return { cores: availableParallelism(), processor: cpus()[0]?.model.trim() ?? 'unknown', memory_gb: Math.round(totalmem() / 2 ** 30), load_before: rounded(loadBefore), load_after: rounded(loadavg()[0] ?? 0) };
}

/** @throws Error when the file is not a result of --json */
export function readResult(file: string): BenchResult {
  const parsed = JSON.parse(readFileSync(file, 'utf8')) as Partial<BenchResult>;
  if (!Array.isArray(parsed.figures)) throw new Error(`${file} was not written by npm run bench -- --json`);
  return parsed as BenchResult;
}

export function formatted(figure: Pick<Figure, 'value' | 'unit'>): string {
  const digits = figure.unit === '×' ? 2 : figure.value < 10 && figure.unit !== 'events' && figure.unit !== 'runs' && figure.unit !== 'calls' ? 1 : 0;
  return `${figure.value.toFixed(digits)} ${figure.unit}`;
}

/** The figures as aligned lines. @param before an earlier result: adds a column with new/old */
export function table(figures: readonly Figure[], before: readonly Figure[] | null): string {
  const rows = figures.map((figure) => {
    const earlier = before?.find(({ key }) => key === figure.key);
    return [
      figure.label, formatted(figure),
      figure.budget === undefined ? '' : `${figure.value <= figure.budget ? 'within' : 'OVER'} ${formatted({ ...figure, value: figure.budget })}`,
      ...(before === null ? [] : [earlier === undefined || earlier.value === 0 ? 'new' : `${(figure.value / earlier.value).toFixed(2)} of before`]),
      figure.detail,
    ];
  });
  const header = ['figure', 'value', 'budget', ...(before === null ? [] : ['compared']), 'how'];
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) => `  ${row.map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd()}`).join('\n');
}
