import { expect, it } from 'vitest';
import type { BundleLedgerRow } from './bundle.ts';
import type { RunEventWire } from './api/runs.schema.ts';
import { drillReport } from './drill.ts';

const KILLED = Date.UTC(2026, 10, 1, 12, 0, 10);
const at = (second: number): string => new Date(KILLED + second * 1000).toISOString();
type Try = [state: string, start: number, end: number | null];
const row = (step: string, completed: number | null, tries: Try[], digest = 'd'): BundleLedgerRow => ({
  stage: 'test', step, ordinal: 1, request_digest: digest, provider: 'demo', model: 'm', model_served: null, state: completed === null ? 'in_flight' : 'done', finish_reason: null, fallback_reason: null, input_tokens: 1, output_tokens: 1,
  cost_usd_micros: 0, max_output_tokens: 10, request: [], answer: null, created_at: at(tries[0]?.[1] ?? 0), completed_at: completed === null ? null : at(completed),
  attempts: tries.map(([state, start, end], index) => ({ attempt: index + 1, state, error_code: null, error_detail: null, worst_cost_usd_micros: null, started_at: at(start), ended_at: end === null ? null : at(end) })),
});
const event = (type: RunEventWire['type'], second: number): RunEventWire => ({ run_id: 'r', sequence: 1, position: 1, type, stage: 'test', step: 'a', ordinal: 1, attempt: 1, data: {}, at: at(second) });

it('a good drill: what was finished stays, the cut call is possibly billed, work goes on after 3 s', () => {
  const ledger = [row('a', -5, [['done', -6, -5]]), row('b', 5, [['possibly_billed', -1, 3], ['done', 3, 5]])];
  expect(drillReport(ledger, [event('completion-start', -1), event('text-delta', 0.1), event('completion-start', 3), event('run-end', 6)], KILLED)).toEqual({ finished_before: 1, called_again: 0, bought_twice: 0, possibly_billed: 1, seconds_to_recover: 3 });
});

it('sees a finished call that is asked again, under the same digest or another, and an answer bought twice', () => {
  expect(drillReport([row('a', -5, [['done', -6, -5], ['done', 2, 3]])], [], KILLED)).toMatchObject({ called_again: 1, bought_twice: 1, seconds_to_recover: null });
  expect(drillReport([row('a', -5, [['done', -6, -5]]), row('a', 3, [['done', 2, 3]], 'other')], [], KILLED)).toMatchObject({ finished_before: 1, called_again: 1, bought_twice: 1 });
});
