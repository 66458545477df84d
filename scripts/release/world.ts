import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { environmentNames } from '#platform/config';
import { VERSION } from '#platform/version';
import { projectRoot } from '../launch/paths.ts';
import { commitId, readReport } from '../test-run/report.ts';
import floors from '../supply-chain-floors.json' with { type: 'json' };
import type { Target, World } from './checks.ts';

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
const END = new Set(['completed', 'failed', 'cancelled', 'timed_out']);
const RUN_LIMIT_MS = 180_000;

/** Versions below which a package has a hole that we know of; the release workflow scans for the others. */
export const FLOORS: Record<string, string> = Object.fromEntries(Object.entries(floors.packages).map(([name, [floor]]) => [name, floor as string]));
/** Set by the launcher for its own children, or read by it and by web alone. */
export const LAUNCHER_NAMES = ['AWP_SIGN_IN_TOKEN', 'WEB_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT', 'API_ORIGIN'];

/** What can be seen from here: the clone, the last test report, and whatever addresses were given. */
export async function lookAround(given: { backups?: string | undefined; staging: Target | null; production: Target | null; prometheus?: string | undefined }): Promise<World> {
  return {
    version: VERSION, commit: lastCommit(), testReport: readReport(), changelog: read('CHANGELOG.md'), chartVersion: (parse(read('helm/Chart.yaml')) as { appVersion: string }).appVersion,
    migrations: globSync('prisma/migrations/*/migration.sql', { cwd: projectRoot }).sort().map((path) => ({ name: dirname(path).split('/').at(-1) as string, sql: read(path) })),
    environment: compareEnvironment(read('.env.example')), belowFloor: belowFloor(JSON.parse(read('package-lock.json')) as Lock), backupAgeMs: given.backups === undefined ? null : newestAge(given.backups),
    staging: given.staging, production: given.production, firing: given.prometheus === undefined ? null : await firing(given.prometheus),
  };
}

function lastCommit(): World['commit'] {
  const id = commitId();
  return id === null ? null : { id, changed: execFileSync('git', ['status', '--porcelain'], { cwd: projectRoot, encoding: 'utf8' }) !== '' };
}

/** Both ways: what the configuration reads, and what the example shows. */
export function compareEnvironment(example: string): World['environment'] {
  const shown = [...example.matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] as string);
  const names = environmentNames();
  return { missing: names.known.filter((name) => !shown.includes(name) && !LAUNCHER_NAMES.includes(name)), unread: shown.filter((name) => !names.known.includes(name) && !LAUNCHER_NAMES.includes(name) && !names.pattern.test(name)) };
}

interface Lock { packages: Record<string, { version?: string }> }
export function belowFloor({ packages }: Lock, floors = FLOORS): string[] {
  const numbers = (version: string) => version.split(/[.-]/).slice(0, 3).map(Number);
  const below = (version: string, floor: string) => numbers(version).map((number, index) => number - (numbers(floor)[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  return Object.entries(packages).flatMap(([path, { version = '0' }]) => {
    const name = path.split('node_modules/').at(-1) as string;
    return floors[name] !== undefined && below(version, floors[name]) < 0 ? [`${name} ${version} is below ${floors[name]}`] : [];
  });
}

function newestAge(folder: string): number {
  const times = globSync('awp-*.tar', { cwd: folder }).map((file) => statSync(join(folder, file)).mtimeMs);
  return times.length === 0 ? Number.POSITIVE_INFINITY : Date.now() - Math.max(...times);
}

async function firing(prometheus: string): Promise<string[]> {
  const answer = (await (await fetch(new URL('/api/v1/alerts', prometheus))).json()) as { data: { alerts: { state: string; labels: { alertname: string } }[] } };
  return [...new Set(answer.data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname))];
}

/** @param token  an API token that may start runs; for /metrics in production one with settings:manage */
export function targetAt(url: string, token: string): Target {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(new URL(path, url), { ...init, headers, signal: AbortSignal.timeout(30_000) });
    return { status: answer.status, text: await answer.text() };
  };
  return {
    url, get: (path) => ask(path),
    async run(mode) {
      const started = await ask('/api/v1/runs', { method: 'POST', body: JSON.stringify({ workflow_id: 'learn_agentic_ai', provider: 'demo', run_mode: mode, inputs: { learning_goal: 'Check that this release works from end to end' } }) });
      if (started.status !== 201) throw new Error(`the run was answered with ${started.status}`);
      const { id } = JSON.parse(started.text) as { id: string };
      const deadline = Date.now() + RUN_LIMIT_MS;
      for (;;) {
        const { status } = JSON.parse((await ask(`/api/v1/runs/${id}`)).text) as { status: string };
        if (END.has(status) || Date.now() > deadline) return status;
        await new Promise((resolve) => { setTimeout(resolve, 500); });
      }
    },
  };
}
