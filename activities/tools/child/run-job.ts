import { fileURLToPath } from 'node:url';
import { ToolProblem } from '../tool.ts';
import { runChild, type ChildLimits } from './run-child.ts';

export interface JobSpec extends ChildLimits { /** `new URL('./main.ts', import.meta.url)` */ main: URL; /** begins the sentences of what went wrong: "The query" */ what: string; reads?: readonly string[]; addons?: boolean }

/** Hands a job to a process of its own (the other side is serveJob) and gives its value.
 * @throws ToolProblem `failed` with the job's own words, or with the limit it broke; the signal's reason on cancel */
export async function runJob<Value>({ main, what, ...limits }: JobSpec, job: unknown, signal: AbortSignal): Promise<Value> {
  const end = await runChild({ ...limits, main: fileURLToPath(main), stdin: JSON.stringify(job) }, signal);
  if (end.ended === 'time') throw new ToolProblem('failed', `${what} took longer than ${limits.timeMs / 1000} s.`);
  if (end.ended === 'output') throw new ToolProblem('failed', `${what} gave more than 4 MB.`);
  if (end.ended !== 'done') throw new ToolProblem('failed', `${what} needs more than its ${limits.residentMb} MB of memory, or crashed.`);
  const answered = JSON.parse(end.output) as { value?: Value; problem?: string };
  if (answered.problem !== undefined) throw new ToolProblem('failed', answered.problem);
  return answered.value as Value;
}
