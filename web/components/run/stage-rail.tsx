import type { MouseEvent } from 'react';
import { cn } from '../../lib/class-names';
import { formatDuration } from '../../lib/format';
import type { NodeState, RailStage } from '../../lib/rail';
import { STAGE_WORDS } from '../../lib/status';

/** The signature of the logbook: a ruled line with numbered nodes and the time beside each. */
export const NODE_LOOK: Record<NodeState, string> = {
  pending: 'border-control bg-surface text-muted border-dashed',
  running: 'border-running bg-running-paper text-running',
  waiting: 'border-waiting bg-waiting-paper text-waiting',
  done: 'border-completed bg-completed-paper text-completed',
  capped: 'border-waiting bg-waiting-paper text-waiting',
  failed: 'border-failed bg-failed-paper text-failed',
  skipped: 'border-rule bg-sunken text-faint',
};

export const NODE_WORDS: Record<NodeState, string> = {
  pending: 'not started', running: 'running', waiting: 'waiting', done: 'done', capped: 'done with a remark', failed: 'failed', skipped: 'not run',
};

const MARK: Partial<Record<NodeState, string>> = { done: '✓', failed: '×', capped: '!', skipped: '–' };

export function RailNodeMark({ state, number, className }: { state: NodeState; number?: number; className?: string }) {
  return (
    <span aria-hidden className={cn('relative grid size-6 shrink-0 place-items-center overflow-hidden rounded-full border font-mono text-xs font-medium', NODE_LOOK[state], className)}>
      {state === 'running' ? <span className="rail-sweep absolute inset-x-0 top-0 h-1/3 bg-[color-mix(in_srgb,var(--running)_35%,transparent)]" /> : null}
      {MARK[state] ?? number ?? '·'}
    </span>
  );
}

function took(from: string | null, to: string | null, now: number): string | null {
  return from === null ? null : formatDuration((to === null ? now : Date.parse(to)) - Date.parse(from));
}

/** More steps than this, and the rail shows the last of them. */
const RAIL_STEPS = 40;

/** Vertical on a wide screen, a horizontal stepper on a phone. Each entry links to its place in the story.
 * @param onPick instead of the link, where another view than the story is open: gets the id of the span */
export function StageRail({ stages, now, ended, onPick }: { stages: RailStage[]; now: number; ended: boolean; onPick?: (span: string) => void }) {
  const picks = (span: string) => (onPick ? { onClick: (event: MouseEvent): void => { event.preventDefault(); onPick(span); } } : {});
  return (
    <ol data-slot="stage-rail" aria-label="Stages" className="flex gap-4 overflow-x-auto lg:block lg:overflow-visible">
      {stages.map((entry, index) => (
        <li key={entry.stage} aria-current={!ended && (entry.state === 'running' || entry.state === 'waiting') ? 'step' : undefined} className="relative max-lg:flex-1 lg:pb-5 lg:last:pb-0">
          <span aria-hidden className="absolute top-6 bottom-0 left-3 w-px bg-rule max-lg:hidden" />
          <a href={`#stage-${entry.stage}`} {...picks(entry.stage)} className="relative flex items-center gap-2.5 rounded-md py-0.5 hover:text-link">
            <RailNodeMark state={entry.state} number={index + 1} />
            <span className="font-semibold">{STAGE_WORDS[entry.stage]}</span>
            <span className="sr-only">{NODE_WORDS[entry.state]}</span>
            <span className="ml-auto font-mono text-xs whitespace-nowrap text-muted max-sm:hidden">{entry.state === 'skipped' && entry.endedAt ? 'skipped' : took(entry.startedAt, entry.endedAt, now)}</span>
          </a>
          {entry.nodes.length > 0 ? (
            <ol className="mt-1 ml-3 hidden border-l border-rule lg:block">
              {entry.nodes.length > RAIL_STEPS ? <li className="py-1 pl-4 text-sm text-faint">{entry.nodes.length - RAIL_STEPS} earlier steps</li> : null}
              {entry.nodes.slice(-RAIL_STEPS).map((node) => (
                <li key={node.key} className="relative">
                  <a href={`#${entry.stage}-${node.key}`} {...picks(`${entry.stage}/${node.key.replace(/^check-/, 'check:')}`)} className="flex min-h-7 items-start gap-2 rounded-md py-1 pl-4 text-sm text-muted hover:text-link">
                    <span aria-hidden className={cn('absolute top-2.5 -left-[4.5px] size-2 rounded-full border', NODE_LOOK[node.state])} />
                    <span className={cn('min-w-0 flex-1', node.state === 'running' && 'font-medium text-ink')}>{node.title}<span className="sr-only">, {NODE_WORDS[node.state]}</span></span>
                    <span className="font-mono text-xs leading-[1.125rem] text-faint">{took(node.startedAt, node.endedAt, now)}</span>
                  </a>
                </li>
              ))}
            </ol>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

/** The rail in a row: one tick a stage. The status badge beside it carries the words. */
export function MiniRail({ nodes }: { nodes: NodeState[] }) {
  return (
    <span aria-hidden data-slot="mini-rail" className="inline-flex items-center">
      {nodes.map((state, index) => (
        <span key={index} className="inline-flex items-center">
          {index > 0 ? <span className="h-px w-3 bg-control" /> : null}
          <span className={cn('size-2.5 rounded-full border', NODE_LOOK[state])} />
        </span>
      ))}
    </span>
  );
}
