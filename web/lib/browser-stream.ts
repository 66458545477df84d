'use client';
import type { RunEventWire } from '#contracts/api/runs.schema';
import type { RunEvent } from '#contracts/run-events';
import { runEventFromWire } from '#contracts/wire';
import { api } from './api-client';
import { createRunsStream } from './run-stream';
import { createStreamHub, type HubMessage, type StreamHub } from './stream-hub';

const NAME = 'awp-live';
const PAGE = 200;
/** A tab out of sight this long lets the stream go; back in sight it takes up where it was. */
const HIDDEN_MS = 60_000;

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

let hub: StreamHub | null = null;

/** The one of this tab. Locks exist on https and on this machine; elsewhere each tab has a stream of its own. */
export function streamHub(): StreamHub {
  hub ??= openHub();
  return hub;
}

function openHub(): StreamHub {
  const shared = 'locks' in navigator && 'BroadcastChannel' in window;
  const channel = shared ? new BroadcastChannel(NAME) : null;
  const opened = createStreamHub({
    tab: `${Date.now()}-${Math.random()}`,
    channel: channel && {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin only
      post: (message) => channel.postMessage(message),
      listen: (receive) => { channel.addEventListener('message', (event: MessageEvent<HubMessage>) => receive(event.data)); },
    },
    lead: (leads) => { if (shared) void navigator.locks.request(NAME, () => { leads(); return new Promise(() => {}); }); },
    createStream: (options) => createRunsStream({ ...options, openStream: (url) => new EventSource(url), fetchEvents }),
    schedule: (callback, ms) => { const timer = setTimeout(callback, ms); return () => clearTimeout(timer); },
    now: Date.now,
  });
  let hiding: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(() => opened.rest(true), HIDDEN_MS);
    else opened.rest(false);
  });
  return opened;
}
