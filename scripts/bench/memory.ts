import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

type Row = readonly [pid: number, parent: number, rssKb: number, cpuSeconds: number];

/** All processes as `ps` tells them; its cumulated time is `[days-]hh:mm:ss`, on macOS `mm:ss.cc`. */
function processes(): Row[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,time='], { encoding: 'utf8' }).trim().split('\n').map((line) => {
    const [pid = '', parent = '', rss = '', time = ''] = line.trim().split(/\s+/);
    const [clock = '', days = '0'] = time.split('-').toReversed();
    return [Number(pid), Number(parent), Number(rss), Number(days) * 86_400 + clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)];
  });
}

function sumOfTree(table: readonly Row[], pid: number, value: (row: Row) => number): number {
  const own = table.find(([id]) => id === pid);
  if (own === undefined) return 0;
  return value(own) + table.filter(([, parent]) => parent === pid).reduce((sum, [child]) => sum + sumOfTree(table, child, value), 0);
}

/** Processor seconds that each service with its child processes has used since it started. */
export function cpuOf(pids: ReadonlyMap<string, number>): Map<string, number> {
  const table = processes();
  return new Map([...pids].map(([name, pid]) => [name, sumOfTree(table, pid, ([, , , seconds]) => seconds)]));
}

/** Resident memory in MB of each service with all its child processes. Pages that PostgreSQL's processes share are counted
 * once where the system tells them apart (Linux: Pss), else in each. */
export function memoryOf(pids: ReadonlyMap<string, number>): Map<string, number> {
  const table = processes();
  return new Map([...pids].map(([name, pid]) => [name, sumOfTree(table, pid, ([id, , rssKb]) => proportional(id) ?? rssKb) / 1024]));
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
