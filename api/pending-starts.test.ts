import { describe, expect, it } from 'vitest';
import { createPendingStarts } from './pending-starts.ts';

/** @returns a start that is over when told */
function start(): { over: Promise<void>; end: () => void } {
  let end = () => {};
  const over = new Promise<void>((resolve) => { end = resolve; });
  return { over, end };
}
const isOver = async (promise: Promise<unknown>) => Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => { setImmediate(() => resolve(false)); })]);

describe('starts under way', () => {
  it('answers with the start when it is quick', async () => {
    const pending = createPendingStarts({ patienceMs: 60_000 });
    const { over, end } = start();
    const answered = pending.answerAfter(over);
    expect(await isOver(answered)).toBe(false);
    end();
    await answered;
    await pending.settled();
  });

  it('answers after its patience when the start is slow, and still knows of it', async () => {
    const pending = createPendingStarts({ patienceMs: 1 });
    const { over, end } = start();
    await pending.answerAfter(over);
    const settled = pending.settled();
    expect(await isOver(settled)).toBe(false);
    end();
    await settled;
  });

  it('makes an answer wait for its start when too many are under way', async () => {
    const pending = createPendingStarts({ patienceMs: 1, most: 1 });
    const [first, second] = [start(), start()];
    await pending.answerAfter(first.over);
    const answered = pending.answerAfter(second.over);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    expect(await isOver(answered)).toBe(false);
    second.end();
    await answered;
    first.end();
    await pending.settled();
  });
});
