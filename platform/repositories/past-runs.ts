import type { Stage } from '#contracts/runs';
import type { Database } from '../db.ts';

export interface StageUse { stage: Exclude<Stage, 'validate'>; inputs: Record<string, unknown>; inputTokens: number; outputTokens: number; /** of work; waiting is taken off */ seconds: number }

/** The newest runs that estimates learn from. */
const NEWEST = 20;

/** What finished Test and Full stages of this person's runs used: same workflow version, provider and model. Re-runs are left
 * out, because part of what they did was free. The provider is part of the search, so the demo never speaks for a real one. */
export async function pastStageUse(db: Database, want: { userId: string; slug: string; version: number; provider: string; model: string }): Promise<StageUse[]> {
  const runs = await db.run.findMany({
    where: {
      userId: want.userId, workflowSlug: want.slug, provider: want.provider, model: want.model, simulated: want.provider === 'demo', status: 'completed', runMode: { in: ['test_run', 'full_run'] }, forkKind: null, workflowVersion: { version: want.version },
    },
    orderBy: { createdAt: 'desc' }, take: NEWEST, select: { id: true, inputs: true },
  });
  if (runs.length === 0) return [];
  const ids = runs.map((run) => run.id);
  const [tokens, events] = await Promise.all([
    db.completion.groupBy({ by: ['runId', 'stage'], where: { runId: { in: ids }, state: 'done' }, _sum: { inputTokens: true, outputTokens: true } }),
    db.runEvent.findMany({ where: { runId: { in: ids }, type: { in: ['stage-start', 'stage-end', 'wait-start', 'wait-end'] } }, orderBy: { sequence: 'asc' }, select: { runId: true, type: true, stage: true, at: true, data: true } }),
  ]);
  return runs.flatMap((run) => (['test', 'full'] as const).flatMap((stage): StageUse[] => {
    const seconds = secondsOf(events.filter((event) => event.runId === run.id), stage);
    const sum = tokens.find((row) => row.runId === run.id && row.stage === stage)?._sum;
    return seconds === null || !sum ? [] : [{ stage, inputs: run.inputs as Record<string, unknown>, inputTokens: sum.inputTokens ?? 0, outputTokens: sum.outputTokens ?? 0, seconds }];
  }));
}

/** @returns null when the stage was skipped, failed or never there */
function secondsOf(events: readonly { type: string; stage: string | null; at: Date; data: unknown }[], stage: string): number | null {
  const start = events.findLast((event) => event.type === 'stage-start' && event.stage === stage);
  const end = events.findLast((event) => event.type === 'stage-end' && event.stage === stage);
  const outcome = (end?.data as { outcome?: string } | undefined)?.outcome;
  if (!start || !end || (outcome !== 'passed' && outcome !== 'capped')) return null;
  let waited = 0;
  let since: number | null = null;
  for (const event of events) {
    const at = event.at.getTime();
    if (at < start.at.getTime() || at > end.at.getTime()) continue;
    if (event.type === 'wait-start') since ??= at;
    if (event.type === 'wait-end' && since !== null) { waited += at - since; since = null; }
  }
  return Math.max(0, (end.at.getTime() - start.at.getTime() - waited) / 1000);
}
