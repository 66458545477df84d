import { expect, it } from 'vitest';
import { batchesOf, operationsIn, type BareOperation } from './plan.ts';

const file = (fileName: string): BareOperation => ({ kind: 'file', fileName, content: '' });
const done = (stage: string, ...steps: string[]) => steps.map((step, index) => ({ stage, step, operation: file(`${step}/${index}`) }));

it('topics go on side by side, their steps in the order of the log', () => {
  const batches = batchesOf([...done('test', 'syllabus', 'find-1', 'find-2', 'find-1', 'note-2', 'note-1', 'quiz', 'gaps'), ...done('full', 'find-1', 'find-2')]);
  expect(batches.map(({ lanes }) => lanes.map((lane) => lane.length))).toEqual([[1], [2, 1], [1, 1], [1], [1], [1, 1]]);
  expect(operationsIn(batches)).toBe(10);
});

it('the same phase of another stage is another batch', () => {
  expect(batchesOf([...done('test', 'find-1'), ...done('full', 'find-1')])).toHaveLength(2);
});
