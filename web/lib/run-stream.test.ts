import { beforeEach, describe, expect, it } from 'vitest';
import type { RunEventWire } from '#contracts/api/runs.schema';
import type { RunEvent } from '#contracts/run-events';
import { runEventFromWire } from '#contracts/wire';
import { pruneDeltas } from './run-events';
import { createRunsStream, POLL_MS, reconnectDelayMs, type EventSourceLike, type LinkState } from './run-stream';

const R1 = '0199aaaa-0000-7000-8000-000000000001';
const R2 = '0199aaaa-0000-7000-8000-000000000002';
const wire = (sequence: number, type: RunEventWire['type'] = 'log-write', more: Partial<RunEventWire> = {}): RunEventWire => ({ run_id: R1, sequence, position: sequence, type, stage: null, step: null, ordinal: null, attempt: null, data: { level: 'info', message: `event ${sequence}` }, at: '2026-11-23T12:00:00.000Z', ...more });

class FakeSource implements EventSourceLike {
  closed = false;
  readonly #listeners = new Map<string, (event: { data?: unknown }) => void>();
  readonly url: string;
  constructor(url: string) { this.url = url; }
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void { this.#listeners.set(type, listener); }
  close(): void { this.closed = true; }
  fire(type: string, data?: unknown): void { this.#listeners.get(type)?.({ data }); }
  send(event: RunEventWire): void { this.fire(event.type, JSON.stringify(event)); }
}

/** A clock and timers of our own: nothing in here waits. */
class Bench {
  sources: FakeSource[] = [];
  seen: number[] = [];
  links: LinkState['kind'][] = [];
  timers: { callback: () => void; ms: number; live: boolean }[] = [];
  polled: number[] = [];
  pages: RunEvent[][] = [];
  time = 0;
  after: number[] = [];
  readonly stream = createRunsStream({
    openStream: (url) => { const source = new FakeSource(url); this.sources.push(source); return source; },
    onEvents: (_run, after, events) => { this.after.push(after); this.seen.push(...events.map(({ sequence }) => sequence)); }, onLink: ({ kind }) => this.links.push(kind),
    fetchEvents: async (_run, after) => { this.polled.push(after); const page = this.pages.shift(); if (!page) throw new Error('the API is away'); return page; },
    schedule: (callback, ms) => { const timer = { callback, ms, live: true }; this.timers.push(timer); return () => { timer.live = false; }; }, now: () => this.time,
  });
  constructor() { this.stream.want(new Map([[R1, 0]])); }
  get source(): FakeSource { return this.sources.at(-1) as FakeSource; }
  tick(): number { const timer = this.timers.findLast(({ live }) => live); if (!timer) throw new Error('no timer is set'); timer.live = false; this.time += timer.ms; timer.callback(); return timer.ms; }
}
const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

let bench: Bench;
beforeEach(() => { bench = new Bench(); });

describe('following a run', () => {
  it('reads from the start and tells when it is live', () => {
    bench.source.fire('open');
    bench.source.send(wire(1, 'run-queue'));
    bench.source.send(wire(4));
    expect([bench.source.url, bench.seen, bench.links]).toEqual([`/api/v1/runs/stream?runs=${R1}:0`, [1, 4], ['connecting', 'live']]);
  });
  it('goes on after the last event when the connection breaks, without a gap or a double', () => {
    bench.source.send(wire(7));
    bench.source.fire('error');
    expect(bench.links.at(-1)).toBe('interrupted');
    expect(bench.tick()).toBe(1000);
    expect(bench.source.url).toBe(`/api/v1/runs/stream?runs=${R1}:7`);
    bench.source.send(wire(7));
    bench.source.send(wire(8));
    expect(bench.seen).toEqual([7, 8]);
  });
  it('waits longer before each reconnect, and at most 8 seconds', () => expect([1, 2, 3, 4, 9].map(reconnectDelayMs)).toEqual([1000, 2000, 4000, 8000, 8000]));
  it('a good connection forgets earlier failures', () => {
    bench.source.fire('error'); bench.tick(); bench.source.fire('error'); bench.tick();
    bench.source.fire('open');
    bench.source.fire('error');
    expect(bench.links.at(-1)).toBe('interrupted');
  });
  it('asks instead of listening after three failures, says so, and later tries the stream again', async () => {
    bench.pages = [[runEventFromWire(wire(3))], []];
    bench.source.fire('error'); bench.tick(); bench.source.fire('error'); bench.tick(); bench.source.fire('error');
    await settle();
    expect([bench.links.at(-1), bench.seen, bench.polled]).toEqual(['polling', [3], [0]]);
    expect(bench.tick()).toBe(POLL_MS);
    await settle();
    expect(bench.polled).toEqual([0, 3]);
    const before = bench.sources.length;
    for (let polls = 0; bench.sources.length === before && polls < 30; polls += 1) { bench.tick(); await settle(); }
    expect(bench.source.url).toBe(`/api/v1/runs/stream?runs=${R1}:3`);
    bench.source.fire('open');
    expect(bench.links.at(-1)).toBe('live');
  });
  it('ends with the run and opens nothing any more', () => {
    bench.source.send(wire(9, 'run-end', { data: { status: 'completed' } }));
    bench.source.fire('error');
    expect([bench.links.at(-1), bench.source.closed, bench.timers.filter(({ live }) => live).length]).toEqual(['ended', true, 0]);
  });
  it('takes no notice of broken frames and heartbeats', () => {
    bench.source.fire('message', '{"half":');
    bench.source.fire('message', '{}');
    bench.source.fire('message');
    expect(bench.seen).toEqual([]);
  });
  it('a second run comes by the same connection, opened anew where the first one is', () => {
    bench.source.fire('open');
    bench.source.send(wire(5));
    bench.stream.want(new Map([[R1, 0], [R2, 0]]));
    expect(bench.source.url).toBe(`/api/v1/runs/stream?runs=${R1}:0,${R2}:0`);
    bench.source.send(wire(5));
    bench.source.send(wire(2, 'log-write', { run_id: R2 }));
    bench.stream.want(new Map([[R1, Infinity], [R2, Infinity]]));
    expect([bench.sources.length, bench.sources[0]?.closed, bench.seen, bench.after]).toEqual([2, true, [5, 5, 2], [0, 0, 0]]);
  });
  it('the end of one run leaves the other live; without any the connection is closed', () => {
    bench.stream.want(new Map([[R1, 0], [R2, 0]]));
    bench.source.send(wire(9, 'run-end', { data: { status: 'completed' } }));
    expect(bench.source.closed).toBe(false);
    bench.stream.want(new Map());
    expect([bench.source.closed, bench.links.at(-1)]).toEqual([true, 'ended']);
  });
  it('stops when the page is left', () => {
    bench.stream.close();
    bench.source.send(wire(1));
    expect([bench.seen, bench.source.closed]).toEqual([[], true]);
  });
});

it('streamed text leaves the list once its call has ended, as it leaves the log', () => {
  const call = { stage: 'test', step: 'note-1', ordinal: 1 } as const;
  const usage = { usage: { input_tokens: 1, output_tokens: 1 } };
  const events = [wire(1, 'text-delta', call), wire(2, 'text-delta', { ...call, ordinal: 2 }), wire(3, 'completion-end', { ...call, data: usage })].map(runEventFromWire);
  expect(pruneDeltas(events).map(({ sequence }) => sequence)).toEqual([2, 3]);
  expect(pruneDeltas(events.slice(0, 2))).toHaveLength(2);
});
