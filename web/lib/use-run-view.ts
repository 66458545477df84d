'use client';
import { useEffect, useRef, useState } from 'react';
import { EMPTY_RUN_VIEW, reduceRunEvents, type RunView } from '#contracts/run-reducer';
import type { RunEvent } from '#contracts/run-events';
import { pruneDeltas } from './run-events';
import type { LinkState } from './run-stream';
import { streamHub } from './browser-stream';

/** A batch is folded in slices of this length, so that a long log never holds up a click. */
const SLICE_MS = 8;
const SLICE_EVENTS = 100;
/** More at once than anything live brings. */
const BULK = 50;
const DRAW_EVERY_MS = 250;

/** Folds events in until the time is up. @returns how many */
function foldSlice(events: readonly RunEvent[], from: RunView): { view: RunView; count: number } {
  const until = performance.now() + SLICE_MS;
  let view = from;
  let count = 0;
  while (count < events.length && performance.now() < until) {
    view = reduceRunEvents(events.slice(count, count + SLICE_EVENTS), view);
    count = Math.min(events.length, count + SLICE_EVENTS);
  }
  return { view, count };
}

export interface LiveRun { view: RunView; events: RunEvent[]; link: LinkState }

/** The run as its event log tells it. A reload reads the same log through the same reducer, so it shows the same.
 * Events are folded in once per animation frame, not once per token. */
export function useRunView(runId: string): LiveRun {
  const [state, setState] = useState<LiveRun>({ view: EMPTY_RUN_VIEW, events: [], link: { kind: 'connecting' } });
  const pending = useRef<RunEvent[]>([]);

  useEffect(() => {
    let frame = 0;
    let drawnAt = 0;
    let view = EMPTY_RUN_VIEW;
    let events: RunEvent[] = [];
    const flush = (): void => {
      frame = 0;
      const folded = foldSlice(pending.current, view);
      const batch = pending.current.slice(0, folded.count);
      pending.current = pending.current.slice(folded.count);
      view = folded.view;
      events = [...events, ...batch];
      if (batch.some((event) => event.type === 'completion-end')) events = pruneDeltas(events);
      const more = pending.current.length > 0;
      if (document.hidden) { if (more) return flush(); } else if (more || (batch.length > BULK && performance.now() - drawnAt < DRAW_EVERY_MS)) frame = requestAnimationFrame(flush);
      // While a long log is being read, the page is drawn a few times a second and not with every slice.
      if (frame !== 0 && performance.now() - drawnAt < DRAW_EVERY_MS) return;
      drawnAt = performance.now();
      setState((before) => ({ ...before, view, events }));
    };
    const stop = streamHub().follow(runId, {
      onEvents: (fresh) => {
        pending.current.push(...fresh);
        // A hidden page gets no frames: fold in at once, so that its title and announcements stay true.
        if (document.hidden) flush();
        else frame ||= requestAnimationFrame(flush);
      },
      onLink: (link) => setState((before) => ({ ...before, link })),
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
      pending.current = [];
      setState({ view: EMPTY_RUN_VIEW, events: [], link: { kind: 'connecting' } });
    };
  }, [runId]);

  return state;
}
