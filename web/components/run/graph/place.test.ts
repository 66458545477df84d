import { describe, expect, it } from 'vitest';
import type { RunGraph } from '../../../lib/run-graph';
import { NODE_HEIGHT, NODE_WIDTH, placed, viewportFor } from './place';

const graph = (edges: [string, string][]): RunGraph => ({
  nodes: [...new Set(edges.flat())].map((id) => ({ id, kind: 'step', label: id, state: 'done', note: '', stage: 'test', startedAt: null, endedAt: null })), edges: edges.map(([from, to]) => ({ from, to })), hidden: 0,
});

describe('the places of the graph', () => {
  it('what follows stands below, what went on together side by side, and nothing overlaps', () => {
    const { at, width, height } = placed(graph([['a', 'b'], ['a', 'c'], ['b', 'd'], ['c', 'd']]));
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => at.get(id)!);
    expect(b!.y).toBe(c!.y);
    expect(b!.y - a!.y).toBeGreaterThanOrEqual(NODE_HEIGHT);
    expect(Math.abs(b!.x - c!.x)).toBeGreaterThanOrEqual(NODE_WIDTH);
    expect(d!.y).toBeGreaterThan(b!.y);
    expect([width, height]).toEqual([2 * NODE_WIDTH + 24, d!.y + NODE_HEIGHT]);
  });
  it('steps one after the other stand in one column, as the layout would have them', () => {
    const { at, width, height } = placed(graph([['a', 'b'], ['b', 'c']]));
    const [first, second] = [at.get('a')!, at.get('b')!];
    expect([first.x, second.x, first.y]).toEqual([0, 0, 0]);
    const sideBySide = placed(graph([['a', 'b'], ['a', 'c']]));
    expect(second.y).toBe(sideBySide.at.get('b')!.y);
    expect([width, height]).toEqual([NODE_WIDTH, at.get('c')!.y + NODE_HEIGHT]);
  });
  it('begins at the top and stays readable, however long it is', () => {
    expect(viewportFor({ width: 216, height: 400 }, { width: 900, height: 600 })).toEqual({ x: 342, y: 20, zoom: 1 });
    expect(viewportFor({ width: 216, height: 4000 }, { width: 900, height: 600 }).zoom).toBe(0.9);
    expect(viewportFor({ width: 2000, height: 400 }, { width: 340, height: 600 })).toEqual({ x: 20, y: 20, zoom: 0.9 });
  });
});
