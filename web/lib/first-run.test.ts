import { expect, it } from 'vitest';
import { beginnings, examplesOf, startsOf } from './first-run.ts';
import type { CatalogEntryWire } from './workflow-words.ts';

const entry = (workflow_id: string, change: Partial<CatalogEntryWire> = {}): CatalogEntryWire => ({
  workflow_id, title: workflow_id, outcome: 'notes', description: '', tags: [], personas: ['student'], difficulty: 'beginner', tools: [], uploads: [], estimated_minutes: 5, is_active: true, typical: null, ...change,
});
const file = { field: 'f', title: 'File', accept: ['csv' as const], required: true };

it('begins with what is easy, needs no file and is switched on', () => {
  const all = [entry('hard', { difficulty: 'advanced' }), entry('filed', { uploads: [file] }), entry('off', { is_active: false }), entry('easy'), entry('theirs', { personas: ['executive'] })];
  expect(beginnings(all, 'student').map(({ workflow_id: id }) => id)).toEqual(['easy', 'hard']);
});

it('takes examples for all kinds of people in turn, each workflow once', () => {
  const all = [entry('a'), entry('b'), entry('c'), entry('d', { personas: ['student', 'executive'] }), entry('e', { personas: ['executive'] })];
  expect(examplesOf(all, 4)).toEqual([{ workflow_id: 'a', persona: 'student' }, { workflow_id: 'e', persona: 'executive' }, { workflow_id: 'b', persona: 'student' }, { workflow_id: 'd', persona: 'executive' }]);
  expect(examplesOf(all)).toHaveLength(5);
  expect(examplesOf([])).toEqual([]);
});

it('starts each kind of person with a workflow of their own', () => {
  const all = [entry('both', { personas: ['executive', 'student'] }), entry('theirs', { personas: ['student', 'executive'], difficulty: 'intermediate' })];
  expect(startsOf(all).map(({ workflow, persona }) => [persona, workflow.workflow_id])).toEqual([['student', 'theirs'], ['executive', 'both']]);
  expect(startsOf([entry('a'), entry('b')]).map(({ workflow }) => workflow.workflow_id)).toEqual(['a']);
});
