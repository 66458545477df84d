import { describe, expect, it } from 'vitest';
import type { NewRunEvent } from '#contracts/run-events';
import type { CarriedEvents } from '#contracts/workflow';
import { EventLog } from './event-log.ts';

const RUN = { slug: 'learn_agentic_ai', mode: 'test_run', provider: 'demo', model: 'demo-1' } as const;
const line = (message: string): NewRunEvent => ({ type: 'log-write', data: { level: 'info', message } });
const numbers = (carried: CarriedEvents) => carried.entries.map((entry) => entry.n);

describe('events on their way to the log', () => {
  it('are carried until an activity that carried them has succeeded', async () => {
    const log = new EventLog('temporal-1', RUN);
    log.emit(line('one'));
    log.emit(line('two'));
    await expect(log.carry(async () => { throw new Error('away'); })).rejects.toThrow('away');
    const seen: CarriedEvents[] = [];
    await log.carry(async (before) => { seen.push(before); });
    await log.carry(async (before) => { seen.push(before); });
    expect(seen.map(numbers)).toEqual([[1, 2], []]);
    expect(seen[0]).toMatchObject({ keyPrefix: 'temporal-1', run: RUN });
  });

  it('what comes while calls are under way is never confirmed by them', async () => {
    const log = new EventLog('temporal-1', RUN);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    log.emit(line('one'));
    const slow = log.carry(async (before) => { await gate; return numbers(before); });
    log.emit(line('two'));
    expect(await log.carry(async (before) => numbers(before))).toEqual([1, 2]);
    log.emit(line('three'));
    open();
    expect(await slow).toEqual([1]);
    expect(await log.carry(async (before) => numbers(before))).toEqual([3]);
  });

  it('a failed twin does not lose what the other carried', async () => {
    const log = new EventLog('temporal-1', RUN);
    log.emit(line('one'));
    const failed = log.carry(async () => { throw new Error('no'); }).catch(() => undefined);
    const stored = log.carry(async (before) => numbers(before));
    await failed;
    expect(await stored).toEqual([1]);
    expect(await log.carry(async (before) => numbers(before))).toEqual([]);
  });
});
