import type { NewRunEvent, RunEvent } from '#contracts/run-events';

/** Events with the second since the start at which each happened. */
export function logAt(entries: readonly (readonly [number, NewRunEvent])[]): RunEvent[] {
  return entries.map(([second, event], index) => ({ ...event, runId: '01990000-0000-7000-8000-000000000001', sequence: index + 1, position: index + 1, at: new Date(Date.UTC(2026, 10, 1, 12) + second * 1000).toISOString() }));
}
const call = { stage: 'test', step: 'outline', ordinal: 1 } as const;
const by = { provider: 'openai', model: 'm-1' } as const;

/** 5 s in the queue, a call refused after 2 s, tried again 4 s later, then an hour of waiting for a person. */
export const RETRIED = logAt([
  [0, { type: 'run-queue', data: { mode: 'test_run', workflow_id: 'w', workflow_title: 'W', workflow_version: 1, simulated: false, ...by } }],
  [5, { type: 'run-start', data: { temporal_run_id: 't' } }],
  [5, { type: 'stage-start', stage: 'test', data: { stages: ['validate', 'test'] } }],
  [6, { type: 'step-start', stage: 'test', step: 'outline', data: { title: 'Outline', index: 1, total: 2 } }],
  [7, { type: 'completion-start', ...call, attempt: 1, data: { ...by, max_output_tokens: 100 } }],
  [9, { type: 'completion-retry', ...call, attempt: 1, data: { code: 'ProviderRateLimited', detail: 'wait 4 s', wait_ms: 4000 } }],
  [13, { type: 'completion-start', ...call, attempt: 2, data: { ...by, max_output_tokens: 100 } }],
  [18, { type: 'completion-end', ...call, attempt: 2, data: { ...by, model_served: 'm-1-2026', usage: { inputTokens: 10, outputTokens: 20 }, finish_reason: { unified: 'stop', raw: 'stop' }, cost_usd_micros: 5, text: 'abcdefghij', text_truncated: false, duration_ms: 3000, first_token_ms: 1000, reused: false, possibly_billed_attempts: 0 } }],
  [18, { type: 'step-end', stage: 'test', step: 'outline', data: { outcome: 'done', summary: 'Done.' } }],
  [18, { type: 'wait-start', stage: 'test', data: { wait_id: 'g1', reason: 'input', detail: 'Where do you stand?', until: null } }],
  [3618, { type: 'wait-end', stage: 'test', data: { wait_id: 'g1', reason: 'input', outcome: 'settled', detail: 'answered' } }],
  [3619, { type: 'stage-end', stage: 'test', data: { outcome: 'passed', cap: null, remark: null } }],
  [3620, { type: 'run-end', data: { status: 'completed', cap_reached: null, error: null, headline: 'The end.' } }],
]);
