import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pythonTool } from '../deploy/tools.ts';
import { ensureChromium } from '../launch/chromium.ts';
import { projectRoot } from '../launch/paths.ts';
import { generateClient } from '../launch/prisma.ts';
import { temporalBinary } from '../launch/temporal-binary.ts';
import { buildWeb } from '../launch/web-build.ts';
import { runTool } from './run-tool.ts';

export interface StepResult {
  passed: number;
  failed: number;
  /** One line for the checklist. */
  summary: string;
  /** Printed in full when something failed. */
  output: string;
}

export interface TestStep {
  name: string;
  /** Names by which `npm test -- NAME` selects it; empty: always runs. */
  filters: readonly string[];
  /** Needs more than a bare machine gets quickly (Go builds, Python packages): not part of a plain `npm test`. */
  onlyWhenNamed?: boolean;
  run(context: StepContext): Promise<StepResult>;
}

export interface StepContext {
  env: NodeJS.ProcessEnv;
  /** Names given on the command line; empty = everything. */
  selected: ReadonlySet<string>;
  tell: (detail: string) => void;
}

const modules = (path: string) => join(projectRoot, 'node_modules', path);
const resultsFolder = join(projectRoot, 'test-results');
export const testHome = join(projectRoot, '.awp-test');
const VITEST_PROJECTS = ['unit', 'replay', 'integration', 'faults', 'security'] as const;
type VitestProject = (typeof VITEST_PROJECTS)[number] | 'deploy';
const oneCheck = (summary: string): StepResult => ({ passed: 1, failed: 0, summary, output: '' });

function toolStep(name: string, filter: string, program: string, args: readonly string[]): TestStep {
  return {
    name,
    filters: [filter],
    run: async ({ env }) => {
      const { code, output } = await runTool(modules(program), args, env);
      return code === 0 ? oneCheck('') : { passed: 0, failed: 1, summary: 'see below', output };
    },
  };
}

function runVitest(context: StepContext): Promise<StepResult> {
  return vitest(context, VITEST_PROJECTS.filter((project) => context.selected.size === 0 || context.selected.has(project)));
}

/** @param files  only these, by their paths */
export async function vitest({ env, tell }: Pick<StepContext, 'env' | 'tell'>, projects: readonly VitestProject[], only: readonly string[] = []): Promise<StepResult> {
  const whole = projects.length === VITEST_PROJECTS.length;
  const file = join(resultsFolder, 'vitest.json');
  mkdirSync(resultsFolder, { recursive: true });
  rmSync(file, { force: true });
  const args = ['run', '--silent=passed-only', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, '--no-color', ...projects.flatMap((project) => ['--project', project]), ...only];
  let files = 0;
  const { code, output } = await runTool(modules('vitest/vitest.mjs'), whole ? [...args, '--coverage'] : args, env, (line) => {
    if (/^ [✓❯] \|\w+\| /.test(line)) tell(`${(files += 1)} files`);
  });
  if (!existsSync(file)) return { passed: 0, failed: 1, summary: 'vitest did not finish', output };
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  const missing = projects.filter((project) => !report.testResults.some((result) => belongsTo(project, relative(projectRoot, result.name))));
  const suitesFailed = report.testResults.filter((result) => result.status === 'failed' && result.assertionResults.every((test) => test.status !== 'failed')).length;
  const testsFailed = report.numFailedTests + suitesFailed;
  // Green tests and yet a failure: the coverage gate, or an error outside every test.
  const besides = code !== 0 && testsFailed === 0 ? 1 : 0;
  const counts = `${report.numPassedTests} passed in ${report.testResults.length} files${whole ? `, lines covered ${linesCovered()} %` : ''}`;
  return {
    passed: report.numPassedTests + (whole && besides === 0 ? 1 : 0),
    failed: testsFailed + besides + missing.length,
    summary: [counts, ...missing.map((project) => `no ${project} tests found`), besides > 0 ? 'coverage gate or stray error' : ''].filter(Boolean).join(', '),
    output: withoutSuccesses(output),
  };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

function belongsTo(project: VitestProject, path: string): boolean {
  if (project === 'replay') return /^test[\\/](replay|histories)[\\/]/.test(path);
  if (project === 'integration') return /^test[\\/]integration[\\/]/.test(path);
  if (project === 'deploy') return /^test[\\/]deploy[\\/]/.test(path);
  if (project === 'security') return /^test[\\/]security[\\/]/.test(path);
  if (project === 'faults') return /^test[\\/]faults[\\/]/.test(path);
  return !/^test[\\/].+[\\/]/.test(path);
}

function linesCovered(): string {
  const path = join(projectRoot, 'coverage/coverage-summary.json');
  if (!existsSync(path)) return '?';
  return String((JSON.parse(readFileSync(path, 'utf8')) as { total: { lines: { pct: number } } }).total.lines.pct);
}

const withoutSuccesses = (output: string) => output.split('\n').filter((line) => !/^\s*✓/.test(line)).join('\n');

async function runEndToEnd({ env, tell }: StepContext): Promise<StepResult> {
  const file = join(resultsFolder, 'playwright.json');
  rmSync(file, { force: true });
  const { code, output } = await runTool(modules('@playwright/test/cli.js'), ['test'], { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file }, (line) => {
    if (line.trim() !== '') tell(line.trim().slice(0, 60));
  });
  if (!existsSync(file)) return { passed: 0, failed: 1, summary: 'Playwright did not finish', output };
  const { stats } = JSON.parse(readFileSync(file, 'utf8')) as { stats: { expected: number; unexpected: number; flaky: number; skipped: number } };
  const nothingRan = stats.expected + stats.flaky === 0 ? 1 : 0;
  const besides = code !== 0 && stats.unexpected === 0 ? 1 : 0;
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + Math.max(nothingRan, besides),
    summary: `${stats.expected + stats.flaky} passed${stats.flaky > 0 ? `, ${stats.flaky} of them at the second try` : ''}${stats.skipped > 0 ? `, ${stats.skipped} skipped` : ''}`,
    output,
  };
}

/** In order. A part that is missing on this machine and cannot be got is a failure, never a skipped step. */
export const TEST_STEPS: readonly TestStep[] = [
  {
    name: 'database client',
    filters: [],
    run: async ({ env }) => oneCheck((await generateClient(env)) ? 'generated' : 'up to date'),
  },
  toolStep('types', 'types', 'typescript/bin/tsc', ['--noEmit']),
  toolStep('types of web', 'types', 'typescript/bin/tsc', ['--noEmit', '-p', 'web']),
  toolStep('types of end-to-end tests', 'types', 'typescript/bin/tsc', ['--noEmit', '-p', 'test/e2e']),
  toolStep('lint', 'lint', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']),
  {
    name: 'Temporal server',
    filters: ['integration', 'faults', 'security', 'e2e', 'deploy'],
    run: async ({ env, tell }) => oneCheck((await temporalBinary(env, tell)).origin),
  },
  {
    name: 'Schemathesis',
    filters: ['security'],
    run: async ({ env, tell }) => oneCheck(await pythonTool('schemathesis', env, tell).then(() => '')),
  },
  { name: 'unit, replay, integration, fault and security tests', filters: VITEST_PROJECTS.filter((project) => project !== 'security'), run: runVitest },
  {
    name: 'web pages',
    filters: ['build', 'e2e'],
    run: async ({ env, tell }) => oneCheck((await buildWeb(env, testHome, tell)) ? 'built' : 'up to date'),
  },
  {
    name: 'Chromium',
    filters: ['e2e'],
    run: async ({ env, tell }) => oneCheck(await ensureChromium(env, tell).then(() => '')),
  },
  { name: 'end-to-end tests', filters: ['e2e'], run: runEndToEnd },
];
