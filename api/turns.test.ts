import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('lets so many of one asker go on at once, the next in their order, and nobody else wait', async () => {
  const turns = createTurns({ atOnce: 2, mayWait: 10, what: 'changes' });
  const first = [await turns.enter('eve'), await turns.enter('eve')];
  const order: number[] = [];
  const waiting = [1, 2].map((number) => turns.enter('eve').then((leave) => { order.push(number); return leave; }));
  (await turns.enter('rob'))();
  expect(order).toEqual([]);
  first[0]?.();
  first[0]?.();
  const second = await waiting[0];
  expect(order).toEqual([1]);
  second?.();
  (await waiting[1])?.();
  first[1]?.();
  expect(order).toEqual([1, 2]);
  // Nothing is left of anybody: as many as before go at once.
  await Promise.all([turns.enter('eve'), turns.enter('eve')]);
});

it('refuses what is too much even to wait', async () => {
  const turns = createTurns({ atOnce: 1, mayWait: 3, what: 'changes' });
  await turns.enter('eve');
  const waiting = Array.from({ length: 3 }, () => turns.enter('eve'));
  await expect(turns.enter('eve')).rejects.toMatchObject({ code: 'RateLimited', retryAfterSeconds: 1 });
  await expect(turns.enter('rob')).resolves.toBeTypeOf('function');
  expect(waiting).toHaveLength(3);
});
