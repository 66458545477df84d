import { expect, it } from 'vitest';
import { isWritten } from './refusals.ts';

it('a million refused requests within an hour are fifteen rows', () => {
  const written = Array.from({ length: 1_000_000 }, (_, index) => index + 1).filter(isWritten);
  expect(written).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1000, 10_000, 100_000, 1_000_000]);
});
