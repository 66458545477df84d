import type { NewRunEvent } from '#contracts/run-events';
import { openDatabase } from '#platform/db';
import { appendRunEvents } from '#platform/repositories/run-events';

const BATCH = 500;
const BY = { provider: 'demo', model: 'demo-extractive-1' } as const;
const TEXT = 'An agent observes, decides and acts; what it may do is granted, and what it did is written down. '.repeat(3);

/** Seven events of one step as the platform writes them: a tool, a refused and a taken attempt, a log line. */
function step(index: number): NewRunEvent[] {
  const site = { stage: 'test', step: `bulk-${index}` } as const;
  const call = { ...site, ordinal: 1 };
  const id = `test/bulk-${index}/2`;
  return [
    { type: 'step-start', ...site, data: { title: `Step ${index} of a long run`, index, total: index } },
    { type: 'tool-call', ...site, ordinal: 2, data: { tool: 'library_search', tool_call_id: id, arguments: { query: `agents ${index}` } } },
    { type: 'tool-result', ...site, ordinal: 2, data: { tool: 'library_search', tool_call_id: id, outcome: 'ok', summary: 'Two items.', items: [], duration_ms: 20 } },
    { type: 'completion-start', ...call, attempt: 1, data: { ...BY, max_output_tokens: 300 } },
    ...(index % 10 === 0 ? [{ type: 'completion-retry', ...call, attempt: 1, data: { code: 'ProviderRateLimited', detail: 'wait 1 s', wait_ms: 1000 } } as const, { type: 'completion-start', ...call, attempt: 2, data: { ...BY, max_output_tokens: 300 } } as const] : []),
    { type: 'completion-end', ...call, attempt: index % 10 === 0 ? 2 : 1, data: { ...BY, model_served: BY.model, usage: { inputTokens: 400, outputTokens: 80 }, finish_reason: { unified: 'stop', raw: 'stop' }, cost_usd_micros: 0, text: TEXT, text_truncated: false, duration_ms: 1, first_token_ms: 1, reused: false, possibly_billed_attempts: 0 } },
    { type: 'log-write', ...site, data: { level: index % 25 === 0 ? 'warn' : 'info', message: `Step ${index} is done and everything is as it should be.` } },
    { type: 'step-end', ...site, data: { outcome: 'done', summary: `Did what step ${index} does.` } },
  ];
}

/** Writes into the log of a run that is held in a call. Straight into the database: the page is measured, not the writers. */
export class LongLog {
  readonly #database;
  readonly #runId: string;
  #steps = 0;
  constructor(databaseUrl: string, runId: string) {
    this.#database = openDatabase({ DATABASE_URL: databaseUrl, DATABASE_POOL_SIZE: 2, DATABASE_CONNECT_TIMEOUT_MS: 5000 });
    this.#runId = runId;
  }

  async write(events: number): Promise<void> {
    for (let written = 0; written < events;) {
      const batch: NewRunEvent[] = [];
      while (batch.length < Math.min(BATCH, events - written)) batch.push(...step(this.#steps += 1));
      const from = this.#steps;
      await this.#database.db.$transaction((tx) => appendRunEvents(tx, this.#runId, batch.map((event, index) => ({ key: `bench/${from}/${index}`, event }))));
      written += batch.length;
    }
  }

  close(): Promise<void> { return this.#database.close(); }
}
