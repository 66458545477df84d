import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident memory in MB of each service with all its child processes. Pages that PostgreSQL's processes share are counted
 * once where the system tells them apart (Linux: Pss), else in each. */
export function memoryOf(pids: ReadonlyMap<string, number>): Map<string, number> {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const total = (pid: number): number => {
    const own = table.find(([id]) => id === pid);
    if (own === undefined) return 0;
    return (proportional(pid) ?? own[2]) + table.filter(([, parent]) => parent === pid).reduce((sum, [child]) => sum + total(child), 0);
  };
  return new Map([...pids].map(([name, pid]) => [name, total(pid) / 1024]));
}

/** KB, or null where the kernel does not say. */
function proportional(pid: number): number | null {
  try {
    const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return found?.[1] === undefined ? null : Number(found[1]);
  } catch {
    return null;
  }
}
