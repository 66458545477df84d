import type { SpanState } from '../../../lib/run-spans';

/** A sign and a word for each state, so that colour never speaks alone. */
export const STATE_MARK: Record<SpanState, string> = { running: '◐', done: '✓', warning: '!', failed: '×', skipped: '–', waiting: '…', queued: '≡' };
export const STATE_WORDS: Record<SpanState, string> = { running: 'running', done: 'done', warning: 'done with a remark', failed: 'failed', skipped: 'not run', waiting: 'waiting', queued: 'queued' };
