import { describe, expect, it } from 'vitest';
import type { RunWire } from './queries';
import { hiddenCount, isNarrowed, newerThan, runsCsv, runsHref, toQuery, type RunFilterState } from './run-filters.ts';

const none: RunFilterState = { status: null, workflow: null, mode: null, provider: null, model: null, rating: null, live: null, demo: null, from: null, to: null, q: '' };
const run = (change: Partial<RunWire>): RunWire => ({ id: 'r1', workflow_title: 'Learn', workflow_version: 1, status: 'completed', run_mode: 'test_run', provider: 'demo', model: 'm', simulated: true, started_at: null, completed_at: null, totals: { input_tokens: 1, output_tokens: 2, total_tokens: 3, cost_usd_micros: 40_000 }, rating: 'good', headline: '=1+1', inputs: { goal: 'a, b' }, created_at: '2026-11-02T00:00:00Z', ...change }) as RunWire;

describe('filters of the list of runs', () => {
  it('are sent in the words of the API', () => {
    expect(toQuery({ ...none, live: false, demo: true, from: new Date('2026-11-01'), q: 'x' })).toMatchObject({ live: 'false', simulated: 'true', from: '2026-11-01', to: null, search: 'x' });
  });
  it('are counted, also those that stand behind a fold', () => {
    expect([isNarrowed(none), isNarrowed({ ...none, live: false }), isNarrowed({ ...none, q: 'x' })]).toEqual([false, true, true]);
    expect(hiddenCount({ ...none, live: false, model: 'm', status: 'failed' })).toBe(2);
  });
  it('make an address for the runs behind a number', () => {
    expect([runsHref({}), runsHref({ model: 'a/b', from: null, live: 'true' })]).toEqual(['/runs', '/runs?model=a%2Fb&live=true']);
  });
  it('runs become CSV that no spreadsheet takes for a formula', () => {
    const [header, line] = runsCsv([run({})]).split('\r\n');
    expect(header?.startsWith('run,workflow,version')).toBe(true);
    expect(line).toBe(`r1,Learn,1,completed,test_run,demo,m,true,,,1,2,0.04,good,'=1+1,"goal: a, b"`);
  });
  it('what is newer than the reader has seen is counted', () => {
    expect([newerThan([run({})], null), newerThan([run({})], '2026-11-01T00:00:00Z'), newerThan([run({})], '2026-11-02T00:00:00Z')]).toEqual([0, 1, 0]);
  });
});
