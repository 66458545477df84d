import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from './ports.ts';
import { isSameProcess, processIdentity } from './process-identity.ts';

export interface StackUrls {
  web: string;
  api: string;
  apiDocs: string;
  /** Null when the Temporal server is somebody else's and its address is unknown. */
  temporalUi: string | null;
}

export interface RunningStack {
  pid: number;
  identity: string | null;
  /** Null while it is still starting. */
  urls: StackUrls | null;
}

const lockPath = (home: string) => join(home, 'launcher.lock');

/** The launcher that uses this AWP_HOME now, or null. A lock whose process is gone does not count. */
export function runningStack(home: string): RunningStack | null {
  try {
    const lock = JSON.parse(readFileSync(lockPath(home), 'utf8')) as RunningStack;
    return lock.identity !== null && isSameProcess(lock.pid, lock.identity) ? lock : null;
  } catch {
    return null;
  }
}

/** Takes AWP_HOME for this process. @throws LaunchError when another launcher has it, with its address */
export function takeLock(home: string): { announce(urls: StackUrls): void; release(): void } {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const own: RunningStack = { pid: process.pid, identity: processIdentity(process.pid), urls: null };
  const path = lockPath(home);
  for (let attempt = 0; ; attempt += 1) {
    try {
      writeFileSync(path, JSON.stringify(own), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST') || attempt > 3) throw error;
      const other = runningStack(home);
      if (other !== null) throw new LaunchError(alreadyRunning(other, home));
      rmSync(path, { force: true });
    }
  }
  return {
    announce(urls) {
      writeFileSync(`${path}.new`, JSON.stringify({ ...own, urls }), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    release: () => rmSync(path, { force: true }),
  };
}

function alreadyRunning(other: RunningStack, home: string): string {
  const where = other.urls === null ? 'still starting' : `at ${other.urls.web}`;
  return `already running ${where} (process ${other.pid}, data in ${home}). Stop it there with Ctrl-C, or set AWP_HOME to start a second one.`;
}
