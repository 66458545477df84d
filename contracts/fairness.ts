import type { RunMode } from './runs.ts';
import type { RunRequest } from './workflow.ts';

/** Who goes first when work waits for workers (1 = first). A check answers a person who sits before a form, a Full run takes
 * its time anyway. Temporal hands this on from the run to all its activities. */
const MODE_PRIORITY: Record<RunMode, number> = { validate_only: 1, test_run: 2, full_run: 3 };

/** Within a mode people take turns, all with equal weight, however much each has queued. */
export function runPriority({ mode, userId }: Pick<RunRequest, 'mode' | 'userId'>): { priorityKey: number; fairnessKey: string; fairnessWeight: number } {
  return { priorityKey: MODE_PRIORITY[mode], fairnessKey: userId, fairnessWeight: 1 };
}
