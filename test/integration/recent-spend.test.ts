import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uuidv7 } from '#platform/ids';
import { recentSpend } from '#platform/repositories/usage';
import { openTestRows, type TestRows } from '../support/rows.ts';

/** The mean that today's money is compared with: of the seven days before, and of fewer where the person was not there for seven. */
const TODAY = new Date('2026-11-27T00:00:00Z');
const daysAgo = (days: number, hour = 12): Date => new Date(TODAY.getTime() - days * 86_400_000 + hour * 3_600_000);
let rows: TestRows;
let runId: string;
beforeAll(async () => { rows = await openTestRows(); runId = await rows.run(); });
afterAll(() => rows.close());
beforeEach(() => rows.db.completion.deleteMany());

const came = (at: Date) => rows.db.user.update({ where: { id: rows.userId }, data: { createdAt: at } });
async function spent(costUsdMicros: number, createdAt: Date): Promise<void> {
  const id = uuidv7();
  await rows.db.completion.create({ data: { id, runId, userId: rows.userId, stage: 'test', step: id, ordinal: 1, requestDigest: 'd', provider: 'openai', model: 'm', state: 'done', request: {}, maxOutputTokens: 1, costUsdMicros: BigInt(costUsdMicros), createdAt } });
}

describe('recent spend', () => {
  it('of who was there for weeks, days without a run count too', async () => {
    await came(daysAgo(40));
    await spent(7_000_000, daysAgo(1));
    await spent(9_000_000, daysAgo(8));
    await spent(2_000_000, daysAgo(0));
    expect(await recentSpend(rows.db, rows.userId, TODAY)).toEqual({ today: 2_000_000, meanOfDays: 1_000_000 });
  });

  it('of who came two days ago, it is the mean of two days', async () => {
    await came(daysAgo(2, 23));
    await spent(2_000_000, daysAgo(1));
    await spent(2_000_000, daysAgo(0));
    expect(await recentSpend(rows.db, rows.userId, TODAY)).toEqual({ today: 2_000_000, meanOfDays: 1_000_000 });
  });

  it('on the first day there is none', async () => {
    await came(daysAgo(0, 1));
    await spent(2_000_000, daysAgo(0));
    expect(await recentSpend(rows.db, rows.userId, TODAY)).toEqual({ today: 2_000_000, meanOfDays: null });
  });
});
