import { beforeEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '#contracts/run-events';
import type { LinkState, RunsStreamOptions } from './run-stream';
import { createStreamHub, type HubMessage, type StreamHub } from './stream-hub';

const event = (sequence: number, type: RunEvent['type'] = 'log-write') => ({ runId: 'r1', sequence, position: sequence, type, at: '2026-11-01T12:00:00.000Z', data: {} }) as unknown as RunEvent;

/** Several tabs of one browser: a lock that goes from one to the next, a channel, and the wishes at each tab's stream. */
class Browser {
  queue: (() => void)[] = [];
  tabs: Tab[] = [];
  time = 0;
  open(shared = true): Tab { const tab = new Tab(this, `tab-${this.tabs.length + 1}`, shared); this.tabs.push(tab); return tab; }
  /** The first in the line for the lock gets it. */
  grant(): void { this.queue.shift()?.(); }
  close(tab: Tab): void { tab.closed = true; this.tabs = this.tabs.filter((other) => other !== tab); this.grant(); }
}
class Tab {
  receive: (message: HubMessage) => void = () => {};
  wants: Map<string, number>[] = [];
  timers: { callback: () => void; ms: number; live: boolean }[] = [];
  stream!: Pick<RunsStreamOptions, 'onEvents' | 'onLink'>;
  closed = false;
  seen: number[] = [];
  links: LinkState['kind'][] = [];
  readonly hub: StreamHub;
  constructor(browser: Browser, name: string, shared: boolean) {
    this.hub = createStreamHub({
      tab: name, now: () => browser.time,
      channel: shared ? { post: (message) => { for (const other of browser.tabs) if (other !== this && !this.closed) other.receive(structuredClone(message)); }, listen: (receive) => { this.receive = receive; } } : null,
      lead: (leads) => { if (shared) browser.queue.push(leads); },
      createStream: (options) => { this.stream = options; return { want: (runs) => this.wants.push(new Map(runs)), close: () => {} }; },
      schedule: (callback, ms) => { const timer = { callback, ms, live: true }; this.timers.push(timer); return () => { timer.live = false; }; },
    });
  }
  follow(run = 'r1'): () => void { return this.hub.follow(run, { onEvents: (events) => this.seen.push(...events.map(({ sequence }) => sequence)), onLink: ({ kind }) => this.links.push(kind) }); }
  pass(ms: number): void { for (const timer of this.timers.filter((each) => each.live && each.ms === ms)) { timer.live = false; timer.callback(); } }
  get wanted(): unknown { return this.wants.at(-1) && Object.fromEntries(this.wants.at(-1)!); }
}

let browser: Browser;
let first: Tab;
let second: Tab;
beforeEach(() => {
  browser = new Browser();
  first = browser.open();
  second = browser.open();
  browser.grant();
  first.follow();
  first.stream.onLink({ kind: 'live' });
});

describe('one stream for all tabs', () => {
  it('a second tab opens none: the first one asks again from where the second is, and hands on', () => {
    first.stream.onEvents('r1', 0, [event(1), event(2)]);
    second.follow();
    first.pass(50);
    expect([first.wanted, second.wants]).toEqual([{ r1: 0 }, []]);
    expect(second.links.at(-1)).toBe('live');
    first.stream.onEvents('r1', 0, [event(1), event(2), event(3)]);
    expect([first.seen, second.seen]).toEqual([[1, 2, 3], [1, 2, 3]]);
  });
  it('events that leave out what a tab has not seen are not taken', () => {
    second.follow();
    first.stream.onEvents('r1', 5, [event(6)]);
    expect(second.seen).toEqual([]);
    first.pass(50);
    first.stream.onEvents('r1', 0, [event(1), event(6)]);
    expect(second.seen).toEqual([1, 6]);
  });
  it('saying again what is wanted does not start it again', () => {
    second.follow();
    first.pass(50);
    first.stream.onEvents('r1', 0, [event(1)]);
    second.pass(20_000);
    first.pass(50);
    expect(first.wanted).toEqual({ r1: 1 });
    expect(first.wants.slice(1).at(-1)?.get('r1')).toBe(1);
  });
  it('when the tab with the stream is closed another one takes up, without a gap or a double', () => {
    second.follow();
    first.pass(50);
    first.stream.onEvents('r1', 0, [event(1), event(2)]);
    browser.close(first);
    expect(second.wanted).toEqual({ r1: 2 });
    second.stream.onEvents('r1', 2, [event(3)]);
    expect(second.seen).toEqual([1, 2, 3]);
  });
  it('a tab that hears nobody has a stream of its own, and gives it up when somebody speaks', () => {
    const third = browser.open();
    browser.tabs = [third];
    third.follow();
    third.pass(3000);
    expect(third.wanted).toEqual({ r1: 0 });
    third.receive({ kind: 'lead' });
    expect(third.wanted).toEqual({});
  });
  it('without locks each tab is on its own', () => {
    const alone = browser.open(false);
    alone.follow();
    expect(alone.wanted).toEqual({ r1: 0 });
  });
  it('the end of the run ends it for every tab; nothing is wanted any more', () => {
    second.follow();
    first.pass(50);
    first.stream.onEvents('r1', 0, [event(4, 'run-end')]);
    expect([first.links.at(-1), second.links.at(-1)]).toEqual(['ended', 'ended']);
    second.pass(20_000);
    first.pass(20_000);
    first.pass(50);
    expect(first.wanted).toEqual({});
  });
  it('a tab out of sight wants nothing until it is looked at again', () => {
    first.stream.onEvents('r1', 0, [event(1)]);
    first.hub.rest(true);
    expect(first.wanted).toEqual({});
    first.hub.rest(false);
    expect(first.wanted).toEqual({ r1: 1 });
  });
  it('a tab that has not been heard of for long is forgotten', () => {
    second.follow('r2');
    first.pass(50);
    expect(first.wanted).toEqual({ r1: 0, r2: 0 });
    browser.time = 200_000;
    first.pass(20_000);
    expect(first.wanted).toEqual({ r1: 0 });
  });
});
