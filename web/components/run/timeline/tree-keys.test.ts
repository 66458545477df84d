import { expect, it } from 'vitest';
import type { Span } from '../../../lib/run-spans';
import { treeMove } from './tree-keys';

const row = (id: string, parent: string | null, state: Span['state'] = 'done') => ({ id, parent, state }) as Span;
const rows = [row('test', null, 'failed'), row('a', 'test'), row('a1', 'a', 'failed'), row('b', 'test', 'failed')];
const parents = new Set(['test', 'a']);
const move = (key: string, current: number, closed: string[] = []) => treeMove(key, false, rows, current, parents, new Set(closed));

it('arrows walk, and open and close as in any tree', () => {
  expect(move('ArrowDown', -1)).toEqual({ kind: 'select', index: 0 });
  expect(move('ArrowDown', 3)).toEqual({ kind: 'select', index: 3 });
  expect(move('ArrowRight', 0)).toEqual({ kind: 'select', index: 1 });
  expect(move('ArrowRight', 0, ['test'])).toEqual({ kind: 'toggle' });
  expect(move('ArrowLeft', 1)).toEqual({ kind: 'toggle' });
  expect(move('ArrowLeft', 2)).toEqual({ kind: 'select', index: 1 });
  expect(move('ArrowLeft', 0, ['test'])).toBeNull();
});
it('the full stop goes to what failed itself, round and round', () => {
  expect(move('.', -1)).toEqual({ kind: 'select', index: 2 });
  expect(move('.', 2)).toEqual({ kind: 'select', index: 3 });
  expect(move('.', 3)).toEqual({ kind: 'select', index: 2 });
});
it('other keys are left to the page', () => expect(move('r', 1)).toBeNull());
