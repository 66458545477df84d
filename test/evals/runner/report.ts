import type { CaseResult, EvalReport } from './evaluate.ts';

/** Tables of an evaluation, as Markdown: for the terminal and for a file alike. */
const money = (micros: number | null): string => (micros === null ? 'unknown' : `$${(micros / 1_000_000).toFixed(4)}`);
const seconds = (value: number): string => `${value.toFixed(1)} s`;
const median = (values: readonly number[]): number => { const sorted = values.toSorted((a, b) => a - b); const middle = Math.floor(sorted.length / 2); return sorted.length === 0 ? 0 : sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2; };
const costOf = (results: readonly CaseResult[]): number | null => (results.some(({ costUsdMicros }) => costUsdMicros === null) ? null : results.reduce((sum, { costUsdMicros }) => sum + (costUsdMicros ?? 0), 0));
const rate = (results: readonly CaseResult[]): string => `${results.filter(({ passed }) => passed).length} of ${results.length} (${Math.round((100 * results.filter(({ passed }) => passed).length) / Math.max(1, results.length))} %)`;
export const nameOf = ({ target }: Pick<EvalReport, 'target'>): string => `${target.provider}${target.model ? `/${target.model}` : ''}`;

export function aligned(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...[headers, ...rows].map((row) => (row[column] ?? '').length));
  const line = (row: readonly string[]): string => `| ${headers.map((_, column) => (row[column] ?? '').padEnd(width(column))).join(' | ')} |`;
  return [line(headers), `|${headers.map((_, column) => '-'.repeat(width(column) + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

export function reportText(report: EvalReport): string {
  const { results } = report;
  const rows = results.map((result) => {
    const looked = result.checks.filter(({ outcome }) => outcome !== 'left out');
    const left = result.checks.length - looked.length;
    return [result.slug, result.name, result.passed ? 'passed' : 'FAILED', `${looked.filter(({ outcome }) => outcome === 'passed').length} of ${looked.length}${left > 0 ? `, ${left} left out` : ''}`, money(result.costUsdMicros), seconds(result.seconds), String(result.inputTokens + result.outputTokens)];
  });
  const failures = results.flatMap((result) => result.checks.filter(({ outcome }) => outcome === 'failed').map((check) => `- ${result.slug}, ${result.name}: ${check.name}\n${check.problems.slice(0, 8).map((problem) => `  - ${problem.slice(0, 400)}`).join('\n')}`));
  return [
    `# Evaluation of ${nameOf(report)}`,
    `${report.at}${report.commit ? `, commit ${report.commit.slice(0, 12)}` : ''}. ${rate(results)} of the cases passed; cost ${money(costOf(results))}, median time ${seconds(median(results.map((result) => result.seconds)))}.`,
    aligned(['workflow', 'case', 'result', 'checks', 'cost', 'time', 'tokens'], rows),
    ...(failures.length > 0 ? [`## What failed\n\n${failures.join('\n')}`] : []),
  ].join('\n\n');
}

/** Cases that passed in the first and do not in the second. */
export function regressions(before: EvalReport, after: EvalReport): CaseResult[] {
  return after.results.filter((result) => !result.passed && before.results.some((other) => same(other, result) && other.passed));
}

export function comparisonText(before: EvalReport, after: EvalReport): string {
  const [first, second] = [nameOf(before), nameOf(after)];
  const names = first === second ? [`${first} before`, `${second} after`] : [first, second];
  const all = [...before.results, ...after.results.filter((result) => !before.results.some((other) => same(other, result)))];
  const rows = all.map((each) => {
    const [a, b] = [before, after].map((report) => report.results.find((result) => same(result, each)));
    const told = (result: CaseResult | undefined): string => (result ? `${result.passed ? 'passed' : 'FAILED'} ${money(result.costUsdMicros)} ${seconds(result.seconds)}` : '–');
    const changed = a && b && a.digest !== b.digest ? 'definition changed' : '';
    const verdict = a && b ? (a.passed === b.passed ? 'same' : b.passed ? 'better' : 'WORSE') : 'one side only';
    return [each.slug, each.name, told(a), told(b), [verdict, changed].filter(Boolean).join(', ')];
  });
  const total = (report: EvalReport): string => `${rate(report.results)}, ${money(costOf(report.results))}, ${seconds(median(report.results.map((result) => result.seconds)))}`;
  const worse = regressions(before, after);
  return [
    `# ${names[0]} against ${names[1]}`,
    aligned(['workflow', 'case', names[0] ?? '', names[1] ?? '', 'verdict'], [...rows, ['all', '', total(before), total(after), worse.length > 0 ? `${worse.length} WORSE` : 'none worse']]),
    `Cases passed, cost, and median time. ${costOf(before.results) === null || costOf(after.results) === null ? 'A model without a known price makes the cost unknown.' : ''}`.trim(),
  ].join('\n\n');
}

const same = (a: CaseResult, b: CaseResult): boolean => a.slug === b.slug && a.name === b.name;
