import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateClient } from '#scripts/launch/prisma';
import { catalog } from '#workflows/catalog/index';
import { useServers } from '../../support/servers.ts';
import { startServers } from '../../support/start-servers.ts';
import { startBench } from './bench.ts';
import { evaluate, type EvalReport } from './evaluate.ts';
import { HELP, parseOptions, type EvalOptions } from './options.ts';
import { comparisonText, nameOf, regressions, reportText } from './report.ts';

/** `npm run eval`: every case of every workflow on the real engine, judged by code. Ends with 1 when a case failed, or, with
 * --compare, when the second side fails a case that the first passes. */
async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') { console.log(HELP); return 0; }
  const unknown = options.only.filter((slug) => !catalog.some((entry) => entry.slug === slug));
  if (unknown.length > 0) throw new Error(`there is no workflow ${unknown.join(', ')}`);
  const reports = await reportsOf(options);
  const [first, second] = reports as [EvalReport, EvalReport | undefined];
  if (!second) return first.results.every(({ passed }) => passed) ? 0 : 1;
  const text = comparisonText(first, second);
  console.log(`\n${text}\n`);
  write(options.folder, 'comparison.md', `${text}\n`);
  return regressions(first, second).length > 0 ? 1 : 0;
}

async function reportsOf(options: EvalOptions): Promise<EvalReport[]> {
  const earlier = options.sides.map((side) => (side.kind === 'report' ? (JSON.parse(readFileSync(side.file, 'utf8')) as EvalReport) : null));
  if (earlier.every((report) => report !== null)) return earlier;
  const providers = options.sides.flatMap((side) => (side.kind === 'target' ? [side.target.provider] : []));
  for (const provider of providers) if (provider !== 'demo' && !process.env[`${provider.toUpperCase()}_API_KEY`]) throw new Error(`set ${provider.toUpperCase()}_API_KEY to evaluate ${provider}`);
  await generateClient(process.env);
  const servers = await startServers();
  try {
    useServers(servers);
    const bench = await startBench(providers);
    try {
      const reports: EvalReport[] = [];
      for (const [index, side] of options.sides.entries()) reports.push(side.kind === 'target' ? await evaluated(bench, side.target, options) : (earlier[index] as EvalReport));
      return reports;
    } finally {
      await bench.close();
    }
  } finally {
    await servers.stop();
  }
}

async function evaluated(bench: Parameters<typeof evaluate>[0], target: EvalReport['target'], { only, concurrency, folder }: EvalOptions): Promise<EvalReport> {
  const entries = catalog.filter((entry) => only.length === 0 || only.includes(entry.slug));
  const results = await evaluate(bench, entries, target, { concurrency, tell: (result) => { console.error(`${result.passed ? 'passed' : 'FAILED'}  ${result.slug}, ${result.name} (${result.seconds.toFixed(1)} s)`); } });
  const report: EvalReport = { at: new Date().toISOString(), commit: commit(), target, results };
  const text = reportText(report);
  console.log(`\n${text}\n`);
  const name = `${report.at.replace(/[:.]/g, '-')}-${nameOf(report).replace(/[^\w.-]+/g, '_')}`;
  write(folder, `${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  write(folder, `${name}.md`, `${text}\n`);
  return report;
}

function write(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), text);
  console.error(`written: ${path.join(folder, name)}`);
}

/** Null outside a clone. */
function commit(): string | null {
  try { return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(); } catch { return null; }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`\n  ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
