import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepTrying } from './keep-trying.ts';

const away = () => Object.assign(new Error('x'), { code: 'ECONNREFUSED' });

describe('storing what was bought', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it('goes on until the database is back', async () => {
    const work = vi.fn<() => Promise<string>>().mockRejectedValueOnce(away()).mockRejectedValueOnce(away()).mockResolvedValue('stored');
    const kept = keepTrying(work);
    await vi.advanceTimersByTimeAsync(500);
    expect(work).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await kept).toBe('stored');
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('gives up after its limit and throws the last error', async () => {
    const work = vi.fn<() => Promise<string>>().mockRejectedValue(away());
    const kept = keepTrying(work, 2000).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await kept).toMatchObject({ code: 'ECONNREFUSED' });
    expect(work).toHaveBeenCalledTimes(3);
  });

  it('any other error is thrown at once', async () => {
    const work = vi.fn<() => Promise<string>>().mockRejectedValue(new Error('wrong query'));
    await expect(keepTrying(work)).rejects.toThrow('wrong query');
    expect(work).toHaveBeenCalledTimes(1);
  });
});
