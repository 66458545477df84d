import { describe, expect, it } from 'vitest';
import type { NewRunEvent, RunEvent } from '#contracts/run-events';
import { reduceRunEvents } from '#contracts/run-reducer';
import { DRAWN_STEPS, graphOf, nodeTook } from './run-graph';

const at = (second: number) => new Date(Date.UTC(2026, 10, 1, 12) + second * 1000).toISOString();
const step = (key: string, from: number, to: number): [number, NewRunEvent][] => [
  [from, { type: 'step-start', stage: 'test', step: key, data: { title: key.toUpperCase(), index: 1, total: 4 } }],
  [to, { type: 'step-end', stage: 'test', step: key, data: { outcome: 'done', summary: '' } }],
];
function viewOf(steps: [number, NewRunEvent][]) {
  const events: [number, NewRunEvent][] = [
    [0, { type: 'run-queue', data: { mode: 'test_run', workflow_id: 'w', workflow_title: 'W', workflow_version: 1, provider: 'demo', model: 'm', simulated: true } }],
    [0, { type: 'stage-start', stage: 'validate', data: { stages: ['validate', 'test'] } }], [1, { type: 'stage-end', stage: 'validate', data: { outcome: 'passed', cap: null, remark: null } }],
    [1, { type: 'stage-start', stage: 'test', data: { stages: ['validate', 'test'] } }], ...steps.toSorted((a, b) => a[0] - b[0]),
  ];
  return reduceRunEvents(events.map(([second, event], index): RunEvent => ({ ...event, runId: 'r', sequence: index + 1, position: index, at: at(second) })));
}

describe('the graph of a run', () => {
  it('steps that went on together stand side by side, and what came after hangs on all of them', () => {
    const { edges } = graphOf(viewOf([...step('plan', 2, 4), ...step('left', 4, 9), ...step('right', 4, 7), ...step('join', 9, 10)]));
    expect(edges.map(({ from, to }) => `${from} > ${to}`)).toEqual(['validate > test', 'test > test/plan', 'test/plan > test/left', 'test/plan > test/right', 'test/left > test/join', 'test/right > test/join']);
  });
  it('a stage that has not begun is drawn as what will come', () => {
    const { nodes } = graphOf({ ...viewOf([]), mode: 'full_run' });
    expect(nodes.map(({ id, state }) => [id, state])).toEqual([['validate', 'done'], ['test', 'running'], ['full', 'pending']]);
  });
  it('a stage that was left out says so, not that it took no time', () => {
    const view = viewOf([]);
    const { nodes } = graphOf({ ...view, stages: view.stages.map((stage) => (stage.stage === 'test' ? { ...stage, status: 'skipped' as const, endedAt: stage.startedAt } : stage)) });
    expect(nodes.map((node) => [node.id, nodeTook(node)])).toEqual([['validate', '1.0 s'], ['test', 'skipped']]);
  });
  it('of hundreds of steps the last are drawn, and the rest is counted', () => {
    const { nodes, hidden } = graphOf(viewOf(Array.from({ length: 200 }, (_, index) => step(`s${index}`, 2 + index, 3 + index)).flat()));
    expect(nodes.filter(({ kind }) => kind === 'step').length).toBeLessThanOrEqual(DRAWN_STEPS);
    expect(hidden).toBeGreaterThan(100);
    expect(nodes.find(({ kind }) => kind === 'more')?.label).toBe(`${hidden} earlier steps`);
  });
});
