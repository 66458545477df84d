import { expect, it } from 'vitest';
import { ERRORS } from '#contracts/errors';
import type { NewRunEvent, RunEvent } from '#contracts/run-events';
import { linesOf } from './log-of-events';

const events = (...list: NewRunEvent[]): RunEvent[] => list.map((event, index) => ({ ...event, runId: 'r', sequence: index + 1, position: index + 1, at: '2026-11-01T12:00:00.000Z' }));

it('every event but streamed text is a line in words, with the level of what it says', () => {
  const lines = linesOf(events(
    { type: 'stage-start', stage: 'test', data: { stages: ['validate', 'test'] } },
    { type: 'text-delta', stage: 'test', step: 'note', ordinal: 1, data: { text: 'half a sen' } },
    { type: 'completion-retry', stage: 'test', step: 'note', ordinal: 1, data: { code: 'ProviderRateLimited', detail: 'HTTP 429', wait_ms: 2000 } },
    { type: 'completion-retry', stage: 'test', step: 'note', ordinal: 1, data: { code: 'ProviderTimeout', detail: 'no byte for 20 s', wait_ms: null, possibly_billed_attempts: 1 } },
    { type: 'tool-result', stage: 'test', step: 'note', data: { tool: 'library_search', tool_call_id: 'a', outcome: 'failed', summary: 'no answer', items: [], duration_ms: 3 } },
    { type: 'log-write', data: { level: 'error', message: 'A file could not be stored.' } },
    { type: 'run-end', data: { status: 'failed', cap_reached: null, error: null, headline: 'Nothing was made.' } },
  ));
  expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'info Test begins', 'warn The provider asked us to slow down (HTTP 429); tried again after 2.0 s', `warn ${ERRORS.ProviderTimeout.title} (no byte for 20 s); the provider may have charged for it`, 'warn library_search: no answer', 'error A file could not be stored.', 'error Ended failed: Nothing was made.',
  ]);
  expect(lines[1]).toMatchObject({ stage: 'test', step: 'note', at: '2026-11-01T12:00:00.000Z' });
});
