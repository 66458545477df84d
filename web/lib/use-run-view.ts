'use client';
import { useEffect, useRef, useState } from 'react';
import type { RunEventWire } from '#contracts/api/runs.schema';
import { EMPTY_RUN_VIEW, reduceRunEvents, type RunView } from '#contracts/run-reducer';
import type { RunEvent } from '#contracts/run-events';
import { runEventFromWire } from '#contracts/wire';
import { api } from './api-client';
import { pruneDeltas } from './run-events';
import { followRun, type LinkState } from './run-stream';

const PAGE = 200;

/** All events after a sequence, page by page. */
async function fetchEvents(runId: string, after: number): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for (;;) {
    const from = events.at(-1)?.sequence ?? after;
    const page = await api<RunEventWire[]>(`/api/v1/runs/${runId}/events?after=${from}&limit=${PAGE}`);
    events.push(...page.map(runEventFromWire));
    if (page.length < PAGE) return events;
  }
}

export interface LiveRun { view: RunView; events: RunEvent[]; link: LinkState }

/** The run as its event log tells it. A reload reads the same log through the same reducer, so it shows the same.
 * Events are folded in once per animation frame, not once per token. */
export function useRunView(runId: string): LiveRun {
  const [state, setState] = useState<LiveRun>({ view: EMPTY_RUN_VIEW, events: [], link: { kind: 'connecting' } });
  const pending = useRef<RunEvent[]>([]);

  useEffect(() => {
    let frame = 0;
    const flush = (): void => {
      frame = 0;
      const batch = pending.current;
      pending.current = [];
      const settled = batch.some((event) => event.type === 'completion-end');
      setState((before) => {
        const events = [...before.events, ...batch];
        return { ...before, view: reduceRunEvents(batch, before.view), events: settled ? pruneDeltas(events) : events };
      });
    };
    const stop = followRun({
      runId,
      onEvents: (events) => {
        pending.current.push(...events);
        // A hidden page gets no frames: fold in at once, so that its title and announcements stay true.
        if (document.hidden) flush();
        else frame ||= requestAnimationFrame(flush);
      },
      onLink: (link) => setState((before) => ({ ...before, link })),
      openStream: (url) => new EventSource(url),
      fetchEvents: (after) => fetchEvents(runId, after),
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
