'use client';
import { startTransition, useEffect, useState } from 'react';
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
/** A log longer than this is read to its end before its pictures are drawn. */
const LONG = 1000;
const BULK_REST_MS = 200;
/** Pictures a second: twenty while it is live, four while a long log is read. */
const LIVE_DRAW_MS = 50;
const BULK_DRAW_MS = 250;

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

export interface RunLog { view: RunView; events: RunEvent[] }
/** `settled` is what pictures are drawn from: it stands still while a long log is read, and is the run itself otherwise. */
export interface LiveRun extends RunLog { link: LinkState; settled: RunLog }

const NOTHING: RunLog = { view: EMPTY_RUN_VIEW, events: [] };

/** The run as its event log tells it. A reload reads the same log through the same reducer, so it shows the same.
 * Events are folded in once per animation frame, not once per token; drawing them gives way to what the person does. */
export function useRunView(runId: string): LiveRun {
  const [state, setState] = useState<{ log: RunLog; settled: RunLog }>({ log: NOTHING, settled: NOTHING });
  const [link, setLink] = useState<LinkState>({ kind: 'connecting' });

  useEffect(() => {
    let pending: RunEvent[] = [];
    let log = NOTHING;
    let frame = 0;
    let drawn = { at: 0, log: NOTHING, reading: false };
    let bulk = { events: 0, until: 0 };
    let hasText = false;

    const fold = (): number => {
      const { view, count } = foldSlice(pending, log.view);
      if (count === 0) return 0;
      const batch = pending.slice(0, count);
      pending = pending.slice(count);
      const events = [...log.events, ...batch];
      hasText ||= batch.some(({ type }) => type === 'text-delta');
      const prunes = hasText && batch.some(({ type }) => type === 'completion-end');
      log = { view, events: prunes ? pruneDeltas(events) : events };
      if (prunes) hasText = log.events.some(({ type }) => type === 'text-delta');
      return count;
    };
    const draw = (reading: boolean): void => {
      drawn = { at: performance.now(), log, reading };
      const next = log;
      startTransition(() => setState((before) => ({ log: next, settled: reading ? before.settled : next })));
    };
    const flush = (): void => {
      frame = 0;
      const count = fold();
      const now = performance.now();
      if (count > BULK || pending.length > 0) bulk = { events: (now < bulk.until ? bulk.events : 0) + count, until: now + BULK_REST_MS };
      const inBulk = now < bulk.until;
      const reading = inBulk && bulk.events + pending.length > LONG;
      const fresh = log !== drawn.log || reading !== drawn.reading;
      const due = now - drawn.at >= (inBulk ? BULK_DRAW_MS : LIVE_DRAW_MS) || (drawn.reading && !reading);
      if (fresh && due) draw(reading);
      if (pending.length > 0 || reading || (fresh && !due)) frame = requestAnimationFrame(flush);
    };
    // A hidden page gets no frames: fold in at once, so that its title and announcements stay true.
    const flushHidden = (): void => {
      while (pending.length > 0) fold();
      draw(false);
    };
    const stop = streamHub().follow(runId, {
      onEvents: (fresh) => {
        pending.push(...fresh);
        if (document.hidden) flushHidden();
        else frame ||= requestAnimationFrame(flush);
      },
      onLink: setLink,
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
      pending = [];
      setState({ log: NOTHING, settled: NOTHING });
      setLink({ kind: 'connecting' });
    };
  }, [runId]);

  return { ...state.log, settled: state.settled, link };
}
