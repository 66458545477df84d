import { describe, expect, it, vi } from 'vitest';
import { gathered, oneFor } from './gather.ts';

/** A source that answers when it is told to. */
function source() {
  const loads: { keys: readonly string[]; answer: (values: Record<string, number>) => void; fail: (error: Error) => void }[] = [];
  const read = gathered<string, number>((keys) => new Promise((resolve, reject) => { loads.push({ keys, answer: (values) => resolve(new Map(Object.entries(values))), fail: reject }); }));
  return { loads, read };
}
const turns = () => new Promise((resolve) => { setImmediate(resolve); });

describe('gathered reads', () => {
  it('the first goes at once; what comes meanwhile shares the next, each key once', async () => {
    const { loads, read } = source();
    const first = read('a');
    const rest = [read('a'), read('b'), read('b')];
    expect(loads.map(({ keys }) => keys)).toEqual([['a']]);
    loads[0]?.answer({ a: 1 });
    expect(await first).toBe(1);
    await turns();
    expect(loads.map(({ keys }) => keys)).toEqual([['a'], ['a', 'b']]);
    // Asked after the first had begun: the newer answer counts.
    loads[1]?.answer({ a: 2 });
    expect(await Promise.all(rest)).toEqual([2, undefined, undefined]);
  });

  it('none is kept, and each begins after it was asked for', async () => {
    const { loads, read } = source();
    for (const value of [1, 2]) {
      const reading = read('a');
      loads.at(-1)?.answer({ a: value });
      expect(await reading).toBe(value);
      await turns();
    }
    const early = read('a');
    const waiting = read('b');
    loads[2]?.answer({});
    await early;
    await turns();
    const late = read('b');
    expect(loads).toHaveLength(4);
    loads[3]?.answer({ b: 3 });
    expect(await waiting).toBe(3);
    await turns();
    loads[4]?.answer({ b: 4 });
    expect(await late).toBe(4);
  });

  it('one that hangs keeps only those waiting that share it', async () => {
    vi.useFakeTimers();
    try {
      const { loads, read } = source();
      const hanging = read('a');
      const next = read('b');
      await vi.advanceTimersByTimeAsync(999);
      expect(loads).toHaveLength(1);
      await vi.advanceTimersByTimeAsync(1);
      loads[1]?.answer({ b: 1 });
      expect(await next).toBe(1);
      loads[0]?.answer({ a: 2 });
      expect(await hanging).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('fails all that shared it, and the next are read again', async () => {
    const { loads, read } = source();
    const failing = Promise.allSettled([read('a'), read('b')]);
    loads[0]?.fail(new Error('away'));
    await turns();
    loads[1]?.answer({ b: 1 });
    expect((await failing).map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason)))).toEqual(['Error: away', 1]);
    await turns();
    const again = Promise.allSettled([read('a'), read('b'), read('c')]);
    loads[2]?.answer({ a: 1 });
    await turns();
    loads[3]?.fail(new Error('away'));
    expect((await again).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });
});

it('there is one for each owner', () => {
  const thingOf = oneFor((owner: { name: string }) => ({ of: owner.name }));
  const [a, b] = [{ name: 'a' }, { name: 'b' }];
  expect(thingOf(a)).toBe(thingOf(a));
  expect(thingOf(b)).toEqual({ of: 'b' });
});
