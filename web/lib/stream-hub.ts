import type { RunEvent } from '#contracts/run-events';
import type { LinkState, RunsStream, RunsStreamOptions } from './run-stream';

/** One live connection for all tabs of a browser. The tab that holds a lock (Web Locks) has the stream and hands the events
 * on by a BroadcastChannel; when it closes, the lock goes to another tab, which takes up where everybody is. A tab that
 * hears nobody within a moment, or whose browser has no locks, has a stream of its own. */
export type HubMessage =
  | { kind: 'want'; tab: string; runs: [runId: string, after: number][] }
  | { kind: 'lead' }
  | { kind: 'events'; runId: string; after: number; events: RunEvent[] }
  | { kind: 'link'; state: LinkState };

export interface HubIo {
  tab: string;
  /** null where the browser has none: then this tab is on its own */
  channel: { post(message: HubMessage): void; listen(receive: (message: HubMessage) => void): void } | null;
  /** calls back when this tab holds the lock, which it keeps until it is closed; never where there are no locks */
  lead(leads: () => void): void;
  createStream(options: Pick<RunsStreamOptions, 'onEvents' | 'onLink'>): RunsStream;
  schedule(callback: () => void, ms: number): () => void;
  now(): number;
}
interface Listener { runId: string; seen: number; ended: boolean; onEvents: (events: RunEvent[]) => void; onLink: (state: LinkState) => void }
export interface StreamHub {
  /** @returns how to stop */
  follow(runId: string, on: Pick<Listener, 'onEvents' | 'onLink'>): () => void;
  /** a tab that nobody has looked at for a while wants nothing until it is looked at again */
  rest(resting: boolean): void;
}

const SILENCE_MS = 3000;
const GATHER_MS = 50;
/** A tab says again what it wants at this pace (browsers slow timers of hidden tabs to once a minute). */
const RENEW_MS = 20_000;
const FORGOTTEN_MS = 150_000;

export function createStreamHub(io: HubIo): StreamHub {
  const listeners = new Set<Listener>();
  const others = new Map<string, { runs: Map<string, number>; /** not asked for yet */ fresh: Set<string>; at: number }>();
  let role: 'waiting' | 'following' | 'leading' | 'alone' = io.channel ? 'waiting' : 'alone';
  let resting = false;
  let link: LinkState = { kind: 'connecting' };
  let cancelSilence: () => void = () => {};
  let cancelSoon: () => void = () => {};

  const tell = (state: LinkState): void => {
    link = state;
    for (const listener of listeners) if (!listener.ended) listener.onLink(state);
  };
  const deliver = (runId: string, after: number, events: RunEvent[]): void => {
    for (const listener of listeners) {
      // Whoever has seen less waits for what lies between: it was asked for.
      if (listener.runId !== runId || listener.ended || after > listener.seen) continue;
      const fresh = events.filter(({ sequence }) => sequence > listener.seen);
      if (fresh.length === 0) continue;
      listener.seen = (fresh.at(-1) as RunEvent).sequence;
      listener.onEvents(fresh);
      if (fresh.some(({ type }) => type === 'run-end')) { listener.ended = true; listener.onLink({ kind: 'ended' }); }
    }
  };
  const own = (): Map<string, number> => {
    const runs = new Map<string, number>();
    if (!resting) for (const { runId, seen, ended } of listeners) if (!ended) runs.set(runId, Math.min(seen, runs.get(runId) ?? Infinity));
    return runs;
  };
  const stream = io.createStream({
    onEvents: (runId, after, events) => {
      if (role === 'leading' && [...others.values()].some(({ runs }) => runs.has(runId))) io.channel?.post({ kind: 'events', runId, after, events });
      deliver(runId, after, events);
    },
    onLink: (state) => {
      if (role === 'leading') io.channel?.post({ kind: 'link', state });
      // Nothing is open because nothing is wanted: each run has told its own end.
      if (state.kind !== 'ended') tell(state);
    },
  });
  const wantAll = (): void => {
    const runs = own();
    if (role === 'leading') for (const [tab, other] of others) {
      if (io.now() - other.at > FORGOTTEN_MS) { others.delete(tab); continue; }
      // What a tab said before it had heard the latest is no wish to hear it again: only a new wish goes back.
      for (const [id, after] of other.runs) runs.set(id, Math.min(other.fresh.has(id) ? after : Infinity, runs.get(id) ?? Infinity));
      other.fresh.clear();
    }
    stream.want(runs);
  };
  const changed = (): void => {
    if (role === 'leading' || role === 'alone') return wantAll();
    io.channel?.post({ kind: 'want', tab: io.tab, runs: [...own()] });
    cancelSilence();
    if (own().size > 0) cancelSilence = io.schedule(() => { if (role !== 'leading') { role = 'alone'; wantAll(); } }, SILENCE_MS);
  };
  const heard = (): void => {
    cancelSilence();
    if (role === 'leading') return;
    if (role === 'alone') stream.want(new Map());
    role = 'following';
  };

  io.channel?.listen((message) => {
    switch (message.kind) {
      case 'want': {
        if (role !== 'leading') return;
        const before = others.get(message.tab);
        const fresh = message.runs.filter(([id, after]) => before?.fresh.has(id) || after < (before?.runs.get(id) ?? Infinity)).map(([id]) => id);
        others.set(message.tab, { runs: new Map(message.runs), fresh: new Set(fresh), at: io.now() });
        io.channel?.post({ kind: 'link', state: link });
        // Several tabs speak at once when there is a new leader.
        cancelSoon();
        cancelSoon = io.schedule(wantAll, GATHER_MS);
        return;
      }
      case 'lead': if (role !== 'leading') { heard(); changed(); } return;
      case 'link': if (role !== 'leading') { heard(); if (message.state.kind !== 'ended') tell(message.state); } return;
      case 'events': if (role === 'following') deliver(message.runId, message.after, message.events);
    }
  });
  io.lead(() => {
    cancelSilence();
    role = 'leading';
    io.channel?.post({ kind: 'lead' });
    wantAll();
  });
  const renew = (): void => {
    if (listeners.size > 0 && role === 'following') io.channel?.post({ kind: 'want', tab: io.tab, runs: [...own()] });
    if (role === 'leading') wantAll();
    io.schedule(renew, RENEW_MS);
  };
  io.schedule(renew, RENEW_MS);

  return {
    follow(runId, on) {
      const listener: Listener = { runId, seen: 0, ended: false, ...on };
      listeners.add(listener);
      listener.onLink(link.kind === 'ended' ? { kind: 'connecting' } : link);
      changed();
      return () => { listeners.delete(listener); changed(); };
    },
    rest(now) {
      if (resting === now) return;
      resting = now;
      changed();
    },
  };
}
