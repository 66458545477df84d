import { cn } from '../../../lib/class-names';
import type { Span, SpanPart, SpanState } from '../../../lib/run-spans';
import type { TimeAxis } from '../../../lib/time-fold';
import type { Window } from './window';

/** Fillings speak where colour alone must not: dotted = in a line, outline = no words yet, solid = working. */
export const PART_LOOK: Record<SpanPart['kind'], string> = {
  queue: 'bar-dotted border border-dashed border-current', first: 'border border-current bar-light', work: 'bg-current', pause: 'border-y border-dashed border-current', wait: 'hatch border border-current',
};
export const PART_WORDS: Record<SpanPart['kind'], string> = { queue: 'in a line, nobody works on it', first: 'asked, no words yet', work: 'working', pause: 'pause before the next attempt', wait: 'waiting for somebody or something' };
export const STATE_INK: Record<SpanState, string> = { running: 'text-running', done: 'text-completed', warning: 'text-waiting', failed: 'text-failed', skipped: 'text-faint', waiting: 'text-waiting', queued: 'text-queued' };

/** One span over the clock. Whatever is too short to see is still three pixels wide. */
export function Bar({ span, axis, window }: { span: Span; axis: TimeAxis; window: Window }) {
  const width = window.to - window.from;
  const percent = (ms: number): number => Math.min(100, Math.max(0, ((axis.at(ms) - window.from) / width) * 100));
  return span.parts.map((part, index) => {
    const left = percent(part.from);
    const right = percent(part.to);
    const outside = axis.at(part.to) < window.from || axis.at(part.from) > window.to;
    if (outside || (right - left < 0.05 && span.parts.length > 1)) return null;
    return (
      <span
        key={index} data-part={part.kind} style={{ left: `min(${left}%, calc(100% - 3px))`, width: `max(${right - left}%, 3px)` }}
        className={cn('absolute top-1/2 -translate-y-1/2', span.kind === 'stage' ? 'h-1.5' : 'h-3', part.kind === 'queue' || part.kind === 'wait' ? 'text-waiting' : STATE_INK[span.state], span.kind === 'queue' && 'text-queued', PART_LOOK[part.kind])}
      />
    );
  });
}
