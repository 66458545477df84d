/** The 7 checks before a release, 6 during it and 5 after it. What a program can see it looks at; what only a person can say is
 * printed as a line to tick, with what to do. */
export type State = 'ok' | 'failed' | 'by hand';
export interface Finding { state: State; /** what was seen, or what to do */ detail: string }
export interface Check { phase: 'before' | 'during' | 'after'; name: string; look(world: World): Promise<Finding> }

/** All that the checks ask; null = nobody told us where it is. */
export interface World {
  version: string;
  /** the last commit, and whether files differ from it; null in an archive without its history */
  commit: { id: string; changed: boolean } | null;
  /** of the last whole npm test */
  testReport: { commit: string | null; passed: number; failed: number } | null;
  /** name and SQL of each migration */
  migrations: { name: string; sql: string }[];
  changelog: string;
  chartVersion: string;
  /** names that the configuration reads and that .env.example does not hold, and the other way round */
  environment: { missing: string[]; unread: string[] };
  /** age of the newest archive, ms */
  backupAgeMs: number | null;
  /** packages of the lock file below their floor */
  belowFloor: string[];
  staging: Target | null;
  production: Target | null;
  /** names of alerts that fire now; null without Prometheus */
  firing: string[] | null;
}

/** An installation that can be asked. */
export interface Target {
  url: string;
  get(path: string): Promise<{ status: number; text: string }>;
  /** starts a run on the demo provider. @returns its status at its end */
  run(mode: 'validate_only' | 'test_run'): Promise<string>;
}

const ok = (detail: string): Finding => ({ state: 'ok', detail });
const failed = (detail: string): Finding => ({ state: 'failed', detail });
const byHand = (detail: string): Finding => ({ state: 'by hand', detail });
const when = (good: boolean, yes: string, no: string): Finding => (good ? ok(yes) : failed(no));
const HOUR = 3_600_000;
/** Statements that take away what the release before still uses. */
const CONTRACTS = /\b(?:DROP\s+(?:TABLE|COLUMN)|RENAME\s+(?:COLUMN\s+\S+\s+)?TO)\b/i;

/** @returns sum of a metric's samples in a page of Prometheus' text form, null when it is not there */
export function sumOf(page: string, name: string, label = ''): number | null {
  const lines = page.split('\n').filter((line) => new RegExp(`^${name}(?:\\{[^}]*${label}[^}]*\\}|${label === '' ? '' : '(?!)'}) `).test(line));
  return lines.length === 0 ? null : lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function onTarget(target: Target | null, option: string, look: (target: Target) => Promise<Finding>): Promise<Finding> {
  if (target === null) return byHand(`give ${option} to have it looked at`);
  try {
    return await look(target);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return failed(`${target.url}: ${code === undefined ? error instanceof Error ? error.message : String(error) : `nobody answers there (${code})`}`);
  }
}

const LIVE = '--url and --token';
const metrics = async (target: Target) => {
  const { status, text } = await target.get('/metrics');
  if (status !== 200) throw new Error(`/metrics answered ${status}`);
  return text;
};

export const CHECKS: readonly Check[] = [
  { phase: 'before', name: 'tests are green on this commit', look: async ({ testReport, commit }) => {
    if (commit === null) return failed('this is no clone: a release is made from a commit');
    if (testReport === null) return failed('no whole npm test has ended here: run npm test, without names of parts, on this machine');
    if (testReport.failed > 0) return failed(`${testReport.failed} failed in the last npm test`);
    if (testReport.commit !== commit.id) return failed(`the last npm test was of ${testReport.commit?.slice(0, 8) ?? 'no commit'}, this is ${commit.id.slice(0, 8)}: npm test`);
    return when(!commit.changed, `${testReport.passed} passed on ${commit.id.slice(0, 8)}`, 'files differ from the commit that was tested: commit or remove them (git status), then npm test');
  } },
  { phase: 'before', name: 'scan: no package below its floor', look: async ({ belowFloor }) => when(belowFloor.length === 0, 'lock file holds the floors; images are scanned by the release workflow', belowFloor.join(', ')) },
  { phase: 'before', name: 'migrations only add', look: async ({ migrations }) => {
    const taking = migrations.filter(({ sql }) => CONTRACTS.test(sql)).map(({ name }) => name);
    return taking.length === 0 ? ok(`${migrations.length} migrations; npm run test:deploy runs them on an empty database`) : byHand(`take something away: ${taking.join(', ')}. Right only when the release before no longer uses it; try them on a copy`);
  } },
  { phase: 'before', name: 'configuration and .env.example agree', look: async ({ environment: { missing, unread } }) => when(missing.length + unread.length === 0, 'in both directions', `not in the example: ${missing.join(', ') || '–'}; read by nobody: ${unread.join(', ') || '–'}`) },
  { phase: 'before', name: 'keys are rotated where it is due', look: async () => byHand('master key older than a year: docs/security/access.md#keys; provider keys by your vendors\' rules') },
  { phase: 'before', name: 'there is a fresh backup', look: async ({ backupAgeMs }) => (backupAgeMs === null ? byHand('give --backups FOLDER, or look at the snapshots of your database') : when(backupAgeMs < 24 * HOUR, `${(backupAgeMs / HOUR).toFixed(1)} h old`, `the newest is ${(backupAgeMs / HOUR).toFixed(0)} h old: npm run backup`)) },
  { phase: 'before', name: 'people know: notes of this version are written', look: async ({ changelog, version, chartVersion }) => {
    const section = changelog.split(/^## /m).find((part) => part.startsWith(version)) ?? '';
    if (!/^- /m.test(section)) return failed(`CHANGELOG.md has no lines under ${version}`);
    return when(chartVersion === version, `${section.match(/^- /gm)?.length ?? 0} lines under ${version}; send them before the window`, `the chart is ${chartVersion}, the product ${version}`);
  } },
  { phase: 'during', name: 'staging runs this version', look: ({ staging, version }) => onTarget(staging, '--staging-url and --staging-token', async (target) => {
    const found = (JSON.parse((await target.get('/')).text) as { version?: string }).version;
    return when(found === version, `${target.url} says ${version}`, `${target.url} says ${found ?? 'nothing'}`);
  }) },
  { phase: 'during', name: 'smoke: a Validate run on staging', look: ({ staging }) => onTarget(staging, '--staging-url and --staging-token', async (target) => { const status = await target.run('validate_only'); return when(status === 'completed', 'completed', `the run is ${status}`); }) },
  { phase: 'during', name: 'roll-out pod by pod, or canary', look: async () => byHand('helm upgrade --atomic; kubectl rollout status; the job awp-promote lets the new build take runs (workerVersioning)') },
  { phase: 'during', name: 'error rate below 1 %', look: ({ production }) => onTarget(production, LIVE, async (target) => {
    const page = await metrics(target);
    const all = sumOf(page, 'http_request_duration_seconds_count') ?? 0;
    const bad = sumOf(page, 'http_request_duration_seconds_count', 'status="5') ?? 0;
    return when(all === 0 || bad / all < 0.01, `${bad} of ${all} requests`, `${bad} of ${all} requests were answered with 5xx`);
  }) },
  { phase: 'during', name: 'health and readiness', look: ({ production }) => onTarget(production, LIVE, async (target) => {
    const states = [(await target.get('/health')).status, (await target.get('/ready')).status];
    return when(states.every((status) => status === 200), '/health and /ready answer 200', `/health ${states[0]}, /ready ${states[1]}`);
  }) },
  { phase: 'during', name: 'critical flow: a Test run to its end', look: ({ production }) => onTarget(production, LIVE, async (target) => { const status = await target.run('test_run'); return when(status === 'completed', 'completed on the demo provider', `the run is ${status}`); }) },
  { phase: 'after', name: 'no alert fires', look: async ({ firing }) => (firing === null ? byHand('give --prometheus URL, or look at Grafana for an hour') : when(firing.length === 0, 'quiet now; look again in an hour', firing.join(', '))) },
  { phase: 'after', name: 'no errors in the logs', look: ({ production }) => onTarget(production, LIVE, async (target) => { const errors = sumOf(await metrics(target), 'log_lines_total', 'level="error"') ?? 0; return when(errors === 0, 'none since the API started', `${errors} lines of level error since the API started`); }) },
  { phase: 'after', name: 'cost is as before', look: async () => byHand('dashboard "AWP: cost": spend of the last hour against the same hour of seven days') },
  { phase: 'after', name: 'no backlog, nothing stuck', look: ({ production }) => onTarget(production, LIVE, async (target) => {
    const page = await metrics(target);
    const [backlog, oldest] = [sumOf(page, 'temporal_task_queue_backlog') ?? 0, sumOf(page, 'oldest_live_run_seconds', 'status="queued"') ?? 0];
    return when(backlog < 100 && oldest < 300, `${backlog} tasks wait; the oldest queued run is ${Math.round(oldest)} s old`, `${backlog} tasks wait; the oldest queued run is ${Math.round(oldest)} s old`);
  }) },
  { phase: 'after', name: 'notes are published, the release is tagged', look: async ({ version }) => byHand(`git tag v${version}; the lines of CHANGELOG.md to the people who use it; what went wrong into a runbook`) },
];
