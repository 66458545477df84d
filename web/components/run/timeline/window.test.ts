import { expect, it } from 'vitest';
import { fitted, moved, widened } from './window';

it('zoom keeps its middle, never leaves the axis, and ends at the narrowest', () => {
  expect(widened(fitted(1000), 0.5, 1000)).toEqual({ from: 250, to: 750 });
  expect(widened({ from: 900, to: 1000 }, 2, 1000)).toEqual({ from: 800, to: 1000 });
  expect(widened({ from: 500, to: 530 }, 0.5, 1000)).toEqual({ from: 505, to: 525 });
  expect(widened({ from: 250, to: 750 }, 4, 1000)).toEqual({ from: 0, to: 1000 });
});
it('moving stops at both ends', () => {
  expect(moved({ from: 0, to: 300 }, 1, 1000)).toEqual({ from: 100, to: 400 });
  expect(moved({ from: 0, to: 300 }, -1, 1000)).toEqual({ from: 0, to: 300 });
  expect(moved({ from: 650, to: 950 }, 1, 1000)).toEqual({ from: 700, to: 1000 });
});
