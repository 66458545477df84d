import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';

/** What `npm start` of this clone leaves for programs of the same person: where it listens, its token, its process ids. The
 * launcher (scripts/launch) writes these files, readable by their owner alone. */
export interface LocalStack { home: string; pid: number; api: string; web: string }

const clone = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** As the launcher finds it: the environment, else the clone's `.env`, else `.awp/`. */
export function awpHome(env: NodeJS.ProcessEnv): string {
  const file = join(clone, '.env');
  const home = env['AWP_HOME'] || (existsSync(file) && parseEnv(readFileSync(file, 'utf8'))['AWP_HOME']) || '.awp';
  return resolve(clone, home.replace(/^~(?=\/|$)/, homedir()));
}

function readJson(file: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The running stack of this AWP_HOME, or null when none runs or it is still starting. */
export function localStack(env: NodeJS.ProcessEnv): LocalStack | null {
  const home = awpHome(env);
  const lock = readJson(join(home, 'launcher.lock'));
  const urls = lock?.['urls'] as { api?: unknown; web?: unknown } | null | undefined;
  if (!lock || typeof lock['pid'] !== 'number' || typeof urls?.api !== 'string' || typeof urls.web !== 'string') return null;
  return isSameProcess(lock['pid'], lock['identity']) ? { home, pid: lock['pid'], api: urls.api, web: urls.web } : null;
}

/** The token that the launcher made for this person's own command line; null when AWP_BOOTSTRAP_API_KEY is used instead. */
export function localToken(home: string): string | null {
  try {
    return readFileSync(join(home, 'cli-token'), 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** The process of a service now (`worker`, `api` …), checked by its start time: a pid alone may be another program's. */
export function serviceProcess(home: string, name: string): number | null {
  const file = readJson(join(home, 'run', `${name}.pid`));
  return typeof file?.['pid'] === 'number' && isSameProcess(file['pid'], file['identity']) ? file['pid'] : null;
}

function isSameProcess(pid: number, identity: unknown): boolean {
  return typeof identity === 'string' && identity !== '' && processIdentity(pid) === identity;
}

/** Start time of a process as the system tells it, null when it is gone: the same reading as the launcher's. */
function processIdentity(pid: number): string | null {
  try {
    if (!existsSync('/proc/self/stat')) return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
