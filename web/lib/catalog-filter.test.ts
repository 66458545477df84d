import { describe, expect, it } from 'vitest';
import { filterWorkflows, sortWorkflows, tryNext, type CatalogFilters } from './catalog-filter.ts';
import type { CatalogEntryWire } from './workflow-words.ts';

const entry = (workflow_id: string, change: Partial<CatalogEntryWire> = {}): CatalogEntryWire => ({
  workflow_id, title: workflow_id, outcome: 'notes', description: '', tags: [], personas: ['student'], difficulty: 'beginner', tools: [], uploads: [], estimated_minutes: 5, is_active: true, typical: null, ...change,
});
const ALL: CatalogFilters = { persona: null, q: '', difficulty: null, tool: null, nofile: false, fav: false };
const ids = (list: readonly CatalogEntryWire[]) => list.map(({ workflow_id: id }) => id);
const file = { field: 'f', title: 'File', accept: ['csv' as const], required: true };
const list = [entry('b', { tools: ['calculate'], estimated_minutes: 9 }), entry('a', { uploads: [file], personas: ['executive'] }), entry('c', { difficulty: 'advanced', tags: ['graph'] })];

describe('the catalog', () => {
  it('narrows by every filter, and all of them together', () => {
    expect(ids(filterWorkflows(list, ALL, []))).toEqual(['b', 'a', 'c']);
    expect(ids(filterWorkflows(list, { ...ALL, persona: 'executive' }, []))).toEqual(['a']);
    expect(ids(filterWorkflows(list, { ...ALL, nofile: true }, []))).toEqual(['b', 'c']);
    expect(ids(filterWorkflows(list, { ...ALL, q: 'GRAPH notes' }, []))).toEqual(['c']);
    expect(ids(filterWorkflows(list, { ...ALL, tool: 'calculate', difficulty: 'advanced' }, []))).toEqual([]);
    expect(ids(filterWorkflows(list, { ...ALL, fav: true }, ['c']))).toEqual(['c']);
  });
  it('puts favourites first and keeps its own order among equals', () => {
    expect(ids(sortWorkflows(list, 'catalog', ['c']))).toEqual(['c', 'b', 'a']);
    expect(ids(sortWorkflows(list, 'title', []))).toEqual(['a', 'b', 'c']);
    expect(ids(sortWorkflows(list, 'time', []))).toEqual(['a', 'c', 'b']);
  });
  it('suggests what was not tried, needs no file and is easy; never what is switched off', () => {
    const done = entry('done', { typical: { run_mode: 'test_run', simulated: true, runs: 1, seconds: 1, cost_usd_micros: 0 } });
    expect(ids(tryNext([done, ...list, entry('off', { is_active: false })], 'student', 3))).toEqual(['b', 'c', 'done']);
  });
});
