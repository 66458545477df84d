import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { canQuery } from '#scripts/launch/postgres';
import { isSameProcess } from '#scripts/launch/process-identity';
import { namespaceAnswers } from '#scripts/launch/temporal-server';
import { projectRoot } from '#scripts/launch/paths';

interface Launcher {
  process: ChildProcess;
  output(): string;
  exited: Promise<number | null>;
}

let home: string;
let launchers: Launcher[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'awp-launcher-'));
  launchers = [];
});

afterEach(async () => {
  for (const { process: child, exited } of launchers) {
    child.kill('SIGTERM');
    await exited;
  }
  rmSync(home, { recursive: true, force: true });
});

/** The real launcher with its two embedded servers, on free ports. */
function launch(env: NodeJS.ProcessEnv = {}): Launcher {
  const child = spawn(process.execPath, [join(projectRoot, 'scripts/launch/main.ts'), '--servers-only'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], AWP_HOME: home, POSTGRES_PORT: '0', TEMPORAL_PORT: '0', TEMPORAL_UI_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const launcher = { process: child, output: () => output, exited };
  launchers.push(launcher);
  return launcher;
}

const until = (condition: () => unknown) => vi.waitFor(condition, { timeout: 60_000, interval: 50 });

async function ready(launcher: Launcher): Promise<{ databaseUrl: string; temporalAddress: string }> {
  await until(() => expect(launcher.output()).toContain('are ready'));
  const lines = Object.fromEntries(readFileSync(join(home, 'servers.env'), 'utf8').split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  return { databaseUrl: lines['DATABASE_URL'] ?? '', temporalAddress: lines['TEMPORAL_ADDRESS'] ?? '' };
}

interface PidFile {
  pid: number;
  identity: string;
}

const pidFile = (name: string) => JSON.parse(readFileSync(join(home, 'run', `${name}.pid`), 'utf8')) as PidFile;
const isGone = ({ pid, identity }: PidFile) => !isSameProcess(pid, identity);

async function writeMark(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('create table mark (value int)');
  await client.end();
}

async function hasMark(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const found = await client.query("select to_regclass('mark') as name");
  await client.end();
  return found.rows[0].name === 'mark';
}

it('a killed server is restarted on its old port with its data, and SIGTERM leaves no process behind', async () => {
  const launcher = launch();
  const { databaseUrl, temporalAddress } = await ready(launcher);
  await writeMark(databaseUrl);
  for (const [name, answers] of [
    ['postgres', () => canQuery(databaseUrl)],
    ['temporal', () => namespaceAnswers(temporalAddress, 'default')],
  ] as const) {
    const before = pidFile(name);
    process.kill(before.pid, 'SIGKILL');
    await until(() => expect(launcher.output()).toMatch(new RegExp(`${name} is back`)));
    expect(pidFile(name).pid).not.toBe(before.pid);
    expect(await answers()).toBe(true);
  }
  expect(launcher.output()).toMatch(/postgres stopped, ended by SIGKILL; restarting/);
  expect(await hasMark(databaseUrl)).toBe(true);

  const running = [pidFile('postgres'), pidFile('temporal')];
  launcher.process.kill('SIGTERM');
  expect(await launcher.exited).toBe(0);
  expect(running.map(isGone)).toEqual([true, true]);
  expect(launcher.output().indexOf('stopping temporal')).toBeLessThan(launcher.output().indexOf('stopping postgres'));
  expect(existsSync(join(home, 'launcher.lock'))).toBe(false);
});

it('after kill -9 of the launcher itself the next start works and the data is there', async () => {
  const first = launch();
  await writeMark((await ready(first)).databaseUrl);
  const left = [pidFile('postgres'), pidFile('temporal')];
  first.process.kill('SIGKILL');
  await first.exited;

  rmSync(join(home, 'servers.env'));
  const { databaseUrl } = await ready(launch());
  expect(left.map(isGone)).toEqual([true, true]);
  expect(await hasMark(databaseUrl)).toBe(true);
});

it('a second start in the same home is told that one is running and harms nothing', async () => {
  const { databaseUrl } = await ready(launch());
  const second = launch();
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain('already running');
  expect(await canQuery(databaseUrl)).toBe(true);
});

it('a port set by hand that is taken is an error naming the variable', async () => {
  const blocker = createServer();
  const port = await new Promise<number>((resolve) => blocker.listen(0, '127.0.0.1', () => resolve((blocker.address() as { port: number }).port)));
  const launcher = launch({ TEMPORAL_PORT: String(port) });
  expect(await launcher.exited).toBe(1);
  expect(launcher.output()).toContain(`TEMPORAL_PORT=${port} is taken`);
  blocker.close();
});
