import { writeSync } from 'node:fs';

/** The side of the process that does one job: all of stdin in, one JSON line out, then the end. */
export async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function answer(result: unknown): never {
  // A pipe takes what it can; write on until all is out, then leave without waiting for a library's timers.
  const line = Buffer.from(`${JSON.stringify(result)}\n`);
  for (let at = 0; at < line.length;) {
    try { at += writeSync(1, line, at); } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error; }
  }
  process.exit(0);
}

/** What the person may read of a failed job. */
export class JobProblem extends Error {}

/** Does the job and answers `{ value }`, or `{ problem }` for what the person can change. Any other error ends the process with a
 * code, which the worker sees as `dead`. */
// oxlint-disable-next-line no-unnecessary-type-parameters -- the caller names what it is sent
export async function serveJob<Job>(work: (job: Job) => Promise<unknown>): Promise<never> {
  const job = JSON.parse((await readInput()).toString('utf8')) as Job;
  try {
    return answer({ value: await work(job) });
  } catch (error) {
    if (error instanceof JobProblem) return answer({ problem: error.message });
    process.exit(1);
  }
}
