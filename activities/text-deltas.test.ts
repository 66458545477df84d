import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TEXT_DELTA_BATCH_MS } from '#contracts/limits';
import { TextDeltas } from './text-deltas.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });
const batch = () => vi.advanceTimersByTimeAsync(TEXT_DELTA_BATCH_MS);

describe('streamed text', () => {
  it('is handed on in batches, in order, numbered from 1', async () => {
    const written: [string, number][] = [];
    const deltas = new TextDeltas(async (text, number) => { written.push([text, number]); }, () => undefined);
    for (const part of ['Ag', 'ents ', 'call']) deltas.push(part);
    expect(written).toEqual([]);
    await batch();
    deltas.push(' tools.');
    await batch();
    await batch();
    expect(written).toEqual([['Agents call', 1], [' tools.', 2]]);
  });

  it('one batch is written at a time, and what comes meanwhile joins the next', async () => {
    const written: string[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    let running = 0;
    let peak = 0;
    const deltas = new TextDeltas(async (text) => { running += 1; peak = Math.max(peak, running); written.push(text); if (written.length === 1) await gate; running -= 1; }, () => undefined);
    deltas.push('a');
    await batch();
    deltas.push('b');
    await batch();
    deltas.push('c');
    await batch();
    expect(written).toEqual(['a']);
    open();
    await vi.advanceTimersByTimeAsync(0);
    expect(written).toEqual(['a', 'bc']);
    expect(peak).toBe(1);
  });

  it('stop waits for the write under way and nothing comes after it', async () => {
    const written: string[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const deltas = new TextDeltas(async (text) => { await gate; written.push(text); }, () => undefined);
    deltas.push('under way');
    await batch();
    deltas.push('dropped');
    let stopped = false;
    const stopping = deltas.stop().then(() => { stopped = true; });
    await batch();
    expect(stopped).toBe(false);
    open();
    await stopping;
    await batch();
    expect(written).toEqual(['under way']);
  });

  it('a batch that cannot be written is reported and does not stop the next', async () => {
    const errors: unknown[] = [];
    const written: string[] = [];
    const deltas = new TextDeltas(async (text) => { if (text === 'a') throw new Error('away'); written.push(text); }, (error) => { errors.push(error); });
    deltas.push('a');
    await batch();
    deltas.push('b');
    await batch();
    await deltas.stop();
    expect(errors).toHaveLength(1);
    expect(written).toEqual(['b']);
  });
});
