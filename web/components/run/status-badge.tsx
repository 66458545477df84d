import type { RunStatus, WaitReason } from '#contracts/runs';
import { cn } from '../../lib/class-names';
import { STATUS_LOOK, statusWord } from '../../lib/status';
import { StatusShape } from './status-shape';

export interface StatusBadgeProps { status: RunStatus; waitReason?: WaitReason | null; cancelRequested?: boolean; retries?: number; className?: string }

/** Shape and word, always both. */
export function StatusBadge({ status, className, ...extra }: StatusBadgeProps) {
  const look = STATUS_LOOK[status];
  return (
    <span data-slot="badge" data-status={status} title={look.sentence} className={cn('inline-flex h-6 items-center gap-1.5 rounded-sm px-2 text-sm font-medium whitespace-nowrap', look.text, look.paper, className)}>
      <StatusShape status={status} />
      {statusWord(status, extra)}
    </span>
  );
}
