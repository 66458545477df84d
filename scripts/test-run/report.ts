import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../launch/paths.ts';

/** What a whole `npm test` found, for `npm run release:check`: a run of single parts neither writes nor replaces it. */
export interface TestReport { /** id of the commit that was checked out; null in an archive without its history */ commit: string | null; passed: number; failed: number }

const file = join(projectRoot, 'test-results/npm-test.json');

export const forgetReport = (): void => { rmSync(file, { force: true }); };

export function writeReport({ passed, failed }: Pick<TestReport, 'passed' | 'failed'>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ commit: commitId(), passed, failed } satisfies TestReport));
}

export const readReport = (): TestReport | null => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as TestReport) : null);

export function commitId(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}
