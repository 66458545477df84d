import type { ReactNode } from 'react';
import type { RunStatus } from '#contracts/runs';
import { cn } from '../../lib/class-names';

const STROKE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, strokeLinecap: 'round', strokeLinejoin: 'round' } as const;

/** A shape of its own for each status, so that colour never speaks alone. */
const SHAPES: Record<RunStatus, ReactNode> = {
  queued: <g {...STROKE}><path d="M2.5 4h11M2.5 8h11M2.5 12h7" /></g>,
  validating: <circle cx="8" cy="8" r="5.6" {...STROKE} strokeDasharray="2.4 2.2" />,
  running: <g><circle cx="8" cy="8" r="5.8" {...STROKE} /><path d="M8 2.2a5.8 5.8 0 0 1 0 11.6Z" fill="currentColor" className="sweep" /></g>,
  waiting: <g {...STROKE}><path d="M5 8.6V4.4a1 1 0 0 1 2 0V3a1 1 0 0 1 2 0v1.2a1 1 0 0 1 2 0V5.8a1 1 0 0 1 2 0v3.7a4.4 4.4 0 0 1-4.4 4.4c-2 0-2.9-.7-4-2.4L2.7 9a1 1 0 0 1 1.6-1.1L5 8.6" /></g>,
  completed: <g><circle cx="8" cy="8" r="6.6" fill="currentColor" /><path d="m5 8.2 2.1 2.1L11 6.2" fill="none" className="stroke-surface" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" /></g>,
  failed: <g {...STROKE}><path d="M5.3 1.9h5.4l3.4 3.4v5.4l-3.4 3.4H5.3l-3.4-3.4V5.3Z" /><path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" /></g>,
  cancelled: <g {...STROKE}><circle cx="8" cy="8" r="6" /><path d="m3.9 12.1 8.2-8.2" /></g>,
  timed_out: <g {...STROKE}><path d="M4 2h8M4 14h8M5 2c0 3.5 6 4.500 6 6s-6 2.500-6 6M11 2c0 3.500-6 4.500-6 6s6 2.500 6 6" /></g>,
};

export function StatusShape({ status, className }: { status: RunStatus; className?: string }) {
  return <svg viewBox="0 0 16 16" aria-hidden className={cn('size-3.5 shrink-0', className)}>{SHAPES[status]}</svg>;
}
