import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Start time of a process as the system tells it: a pid alone may have been given to another program since. Null when it is gone. */
export function processIdentity(pid: number): string | null {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
    } catch {
      return null;
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

export function isSameProcess(pid: number, identity: string): boolean {
  return processIdentity(pid) === identity;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

/** Ends a process that is not our child (left behind by a killed launcher): the signal, then SIGKILL after the grace. */
export async function endProcess(pid: number, identity: string, stopSignal: NodeJS.Signals, graceMs: number): Promise<void> {
  signal(pid, stopSignal);
  const deadline = Date.now() + graceMs;
  while (isSameProcess(pid, identity) && Date.now() < deadline) await pause(50);
  if (!isSameProcess(pid, identity)) return;
  signal(pid, 'SIGKILL');
  while (isSameProcess(pid, identity)) await pause(50);
}
