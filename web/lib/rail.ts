import type { RunView, StageView } from '#contracts/run-reducer';
import { isTerminal, stagesOf, type RunMode, type RunStatus, type Stage } from '#contracts/runs';

export type NodeState = 'pending' | 'running' | 'waiting' | 'done' | 'capped' | 'failed' | 'skipped';
export interface RailNode { key: string; title: string; state: NodeState; startedAt: string | null; endedAt: string | null; note?: string | null }
export interface RailStage { stage: Stage; state: NodeState; startedAt: string | null; endedAt: string | null; nodes: RailNode[] }

const STAGE_STATE: Record<StageView['status'], NodeState> = { running: 'running', passed: 'done', capped: 'capped', failed: 'failed', skipped: 'skipped' };

/** The stage rail of a run: the stages its mode promises, with the steps that have begun. What will never happen any
 * more (the run has ended) is `skipped`, not `pending`. */
export function railOf(view: RunView): RailStage[] {
  const ended = isTerminal(view.status);
  return stagesOf(view.mode ?? 'validate_only').map((stage): RailStage => {
    const seen = view.stages.findLast((candidate) => candidate.stage === stage);
    if (!seen) return { stage, state: ended ? 'skipped' : 'pending', startedAt: null, endedAt: null, nodes: [] };
    const live = !ended && seen.status === 'running';
    const steps = seen.steps.map((step): RailNode => ({ key: step.step, title: step.title, state: step.status === 'running' && view.status === 'waiting' ? 'waiting' : step.status, startedAt: step.startedAt, endedAt: step.endedAt }));
    const checks = seen.checks.map((check): RailNode => ({ key: `check-${check.check}`, title: check.title, state: check.outcome === 'failed' ? 'failed' : check.outcome === 'warning' ? 'capped' : 'done', startedAt: null, endedAt: null }));
    return { stage, state: live && view.status === 'waiting' ? 'waiting' : STAGE_STATE[seen.status], startedAt: seen.startedAt, endedAt: seen.endedAt, nodes: stage === 'validate' ? checks : steps };
  });
}

/** The rail of a row in a list, where only mode and status are known. */
export function miniRail(mode: RunMode, status: RunStatus): NodeState[] {
  const stages = stagesOf(mode);
  switch (status) {
    case 'completed': return stages.map(() => 'done');
    case 'queued': return stages.map(() => 'pending');
    case 'validating': return stages.map((_, index) => (index === 0 ? 'running' : 'pending'));
    case 'running': return stages.map((_, index) => (index === 0 ? 'done' : 'running'));
    case 'waiting': return stages.map((_, index) => (index === 0 ? 'done' : 'waiting'));
    // The list does not know at which stage a run broke, so the whole rail says it.
    case 'failed': case 'timed_out': return stages.map(() => 'failed');
    case 'cancelled': return stages.map(() => 'skipped');
  }
}
