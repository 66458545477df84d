import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { expect, vi } from 'vitest';
import { loadConfig } from '#platform/config';
import { openDatabase, type Database } from '#platform/db';
import { createKeyRing } from '#platform/secrets/key-ring';
import { createSecretStore } from '#platform/secrets/secret-store';
import { localKeys } from '#scripts/launch/keys';
import { runningStack } from '#scripts/launch/lock';
import { projectRoot } from '#scripts/launch/paths';
import { anyFreePort } from '#scripts/launch/ports';

/** What `npm start -- --no-web` makes of an empty place: the launcher's own processes on free ports in a folder of its own. */
export interface Installation {
  home: string;
  temporalAddress: string;
  /** for commands that are told where their servers are */
  servers(): { DATABASE_URL: string; TEMPORAL_ADDRESS: string };
  start(): Promise<void>;
  /** as Ctrl-C */
  stop(): Promise<void>;
  /** The disaster: SIGKILL of every process at once, then the folder is gone. @returns when it happened, ms */
  destroy(): Promise<number>;
  /** @throws AssertionError with the answer when it is not 2xx */
  api<Body>(path: string, json?: unknown): Promise<Body>;
  /** of an API answer @param token  another one than the administrator's */
  status(path: string, token?: string): Promise<number>;
  /** One of scripts/backup. @returns the JSON of its last line */
  command<Report>(file: string, args: string[], more?: Record<string, string>): Promise<Report>;
  database<T>(work: (db: Database, pool: pg.Pool) => Promise<T>): Promise<T>;
  /** the saved key, decrypted from its row */
  secret(provider: 'openai'): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface BackupReport { archive: string; bytes: number; taken_at: string; rows: number; files: number; keys: boolean; seconds: number; removed: number }
export interface RestoreReport { taken_at: string; rows: number; files: number; temporal: 'file' | 'none'; seconds: number }

/** No port answers here: a key is tried at once and in vain. */
const NOWHERE = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', AWP_KEY_TEST_TIMEOUT_MS: '500' };
const START_LIMIT_MS = 170_000;

/** @param more  environment of all its processes */
export async function newInstallation(more: Record<string, string> = {}): Promise<Installation> {
  const home = mkdtempSync(join(tmpdir(), 'awp-drill-'));
  const apiKey = randomBytes(32).toString('base64url');
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const temporalPort = String(await anyFreePort());
  const env = {
    PATH: process.env['PATH'], HOME: process.env['HOME'], AWP_HOME: home, AWP_BOOTSTRAP_API_KEY: apiKey, AWP_RUN_STARTS_PER_MINUTE: '0', ...NOWHERE,
    API_PORT: '0', DEMO_PORT: '0', POSTGRES_PORT: '0', TEMPORAL_UI_PORT: '0', WEB_PORT: '0', TEMPORAL_PORT: temporalPort, ...more,
  };
  let launcher: ChildProcess | null = null;
  let said = '';
  const address = (path: string) => `${runningStack(home)?.urls?.api}/api/v1${path}`;
  const servers = () => {
    const port = readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[3];
    return { DATABASE_URL: `postgresql://awp:${encodeURIComponent(localKeys(home).postgresPassword)}@127.0.0.1:${port}/awp`, TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}` };
  };
  const config = () => loadConfig({ DATABASE_URL: servers().DATABASE_URL, OPENAI_BASE_URL: NOWHERE.OPENAI_BASE_URL });

  const installation: Installation = {
    home, servers, temporalAddress: `127.0.0.1:${temporalPort}`,
    async start() {
      launcher = spawn(process.execPath, [join(projectRoot, 'scripts/launch/main.ts'), '--no-open', '--no-web'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [launcher.stdout, launcher.stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-10_000)));
      await vi.waitFor(() => expect(runningStack(home)?.urls?.api, said).toBeTruthy(), { timeout: START_LIMIT_MS, interval: 200 });
    },
    async stop() {
      if (launcher === null || launcher.exitCode !== null || launcher.signalCode !== null) return;
      const gone = once(launcher, 'exit');
      launcher.kill('SIGTERM');
      await gone;
    },
    async destroy() {
      const gone = once(launcher as ChildProcess, 'exit');
      const pids = globSync('run/*.pid', { cwd: home }).map((file) => (JSON.parse(readFileSync(join(home, file), 'utf8')) as { pid: number }).pid);
      for (const pid of [launcher?.pid as number, ...pids.map((group) => -group)]) process.kill(pid, 'SIGKILL');
      const at = Date.now();
      await gone;
      await vi.waitFor(() => expect(pids.filter(isThere)).toEqual([]), { timeout: 20_000, interval: 50 });
      rmSync(home, { recursive: true, force: true, maxRetries: 10 });
      return at;
    },
    async api<Body>(path: string, json?: unknown) {
      const response = await fetch(address(path), { method: json === undefined ? 'GET' : 'POST', headers, ...(json === undefined ? {} : { body: JSON.stringify(json) }) });
      expect(response.ok, `${path}: ${response.status} ${await response.clone().text()}`).toBe(true);
      return (await response.json()) as Body;
    },
    status: async (path, token) => (await fetch(address(path), { headers: token === undefined ? headers : { authorization: `Bearer ${token}` } })).status,
    async command<Report>(file: string, args: string[], extra: Record<string, string> = {}) {
      const { stdout } = await promisify(execFile)(process.execPath, [join(projectRoot, 'scripts/backup', file), ...args], { env: { ...env, ...extra }, maxBuffer: 64e6 });
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Report;
    },
    async database(work) {
      const { db, pool, close } = openDatabase(config());
      try { return await work(db, pool); } finally { await close(); }
    },
    secret: (provider) => installation.database(async (db) => {
      const { userId } = await db.providerSetting.findFirstOrThrow({ where: { provider }, select: { userId: true } });
      return (await createSecretStore(db, createKeyRing([Buffer.from(localKeys(home).masterKey, 'base64')]), config()).resolve(userId, provider))?.apiKey;
    }),
    async close() {
      await installation.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return installation;
}

function isThere(pid: number): boolean {
  try { return process.kill(pid, 0); } catch { return false; }
}

/** Each file in the artifacts' folder against its row. @returns their hashes, in the order of the rows */
export async function wholeArtifacts({ home, database }: Installation): Promise<string[]> {
  const rows = await database(async (_db, pool) => (await pool.query<{ key: string; sha256: string }>('select storage_key as key, sha256 from artifacts order by id')).rows);
  for (const { key, sha256 } of rows) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(home, 'artifacts', key))) hash.update(chunk as Buffer);
    expect(hash.digest('hex'), key).toBe(sha256);
  }
  return rows.map(({ sha256 }) => sha256);
}
