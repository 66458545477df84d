import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { runError } from '#contracts/errors';
import type { ActivityDeps } from './deps.ts';
import { createActivities } from './index.ts';
import { createMetrics } from './metrics.ts';
import { fieldsOfRun, ofRun, tellEnd } from './run-lines.ts';
import { capturedLog } from '../test/support/captured-log.ts';

const RUN = { runId: '0199aaaa-0000-7000-8000-000000000001', slug: 'learn_agentic_ai', mode: 'test_run', provider: 'demo', model: 'demo-1' } as const;
const NAMES = { run_id: RUN.runId, workflow_id: RUN.slug, run_mode: RUN.mode, provider: RUN.provider, model: RUN.model };
const BEFORE = { keyPrefix: 't', entries: [], run: { slug: RUN.slug, mode: RUN.mode, provider: RUN.provider, model: RUN.model } };

describe('a line of the worker\'s log', () => {
  it.each([
    ['recordRunEvents', { runId: RUN.runId, before: BEFORE }],
    ['openGate', { runId: RUN.runId, userId: 'u', slug: RUN.slug, before: BEFORE, stage: 'test', gate: {} }],
    ['findEvidence', { before: BEFORE, request: RUN }],
    ['finishRun', { before: BEFORE, request: RUN, result: {}, temporalRunId: 't' }],
  ] as const)('names its run also where nobody thought of it: an error that %s did not foresee', async (activity, request) => {
    const { logger, lines } = capturedLog();
    // A database that is an empty object: the activity falls over at its first step, in code that knows no run.
    const activities = createActivities({ logger, db: {}, config: { AWP_RETRY_BASE_MS: 1 }, storage: {} } as unknown as ActivityDeps);
    await new MockActivityEnvironment({ attempt: 10 }).run(activities[activity] as (request: unknown) => Promise<unknown>, request).catch(() => undefined);
    for (const line of lines) expect(line).toMatchObject(NAMES);
    expect(lines.filter((line) => line['level'] === 'error')).not.toEqual([]);
  });

  it('is of the run in which its work began, however many go on side by side', async () => {
    const { logger, lines } = capturedLog();
    const other = { ...RUN, runId: '0199aaaa-0000-7000-8000-000000000002', slug: 'explain_paper' };
    await Promise.all([ofRun(RUN, async () => { await sleep(5); logger.info('one'); }), ofRun(other, async () => { logger.info('two'); await sleep(1); })]);
    expect(lines.map((line) => [line['msg'], line['run_id'], line['workflow_id']])).toEqual([['two', other.runId, 'explain_paper'], ['one', RUN.runId, RUN.slug]]);
  });

  it('of no run names none', async () => {
    const { logger, lines } = capturedLog();
    await ofRun(undefined, async () => { logger.info('purged'); });
    expect(lines[0]).not.toHaveProperty('run_id');
  });

  it('of a run from before the labels has what its own request tells', async () => {
    const { logger, lines } = capturedLog();
    await ofRun({ runId: RUN.runId, slug: RUN.slug, before: { keyPrefix: 't', entries: [] } }, async () => { logger.info('x'); });
    expect(lines[0]).toMatchObject({ run_id: RUN.runId, workflow_id: RUN.slug });
    expect(lines[0]).not.toHaveProperty('provider');
  });

  it('has the model and the provider that are called, and the step; and the run\'s own for whoever knows its id alone', async () => {
    const { logger, lines } = capturedLog();
    const call = { runId: RUN.runId, slug: RUN.slug, provider: 'groq', model: 'llama', step: 'notes', before: BEFORE } as const;
    await ofRun(call, async () => { logger.info('called'); });
    expect(lines[0]).toMatchObject({ ...NAMES, provider: 'groq', model: 'llama', step: 'notes' });
    expect(fieldsOfRun(RUN.runId)).toEqual(NAMES);
    expect(fieldsOfRun('0199aaaa-0000-7000-8000-000000000009')).toEqual({ run_id: '0199aaaa-0000-7000-8000-000000000009' });
  });

  it('about the end has figures, and no words of the run', () => {
    const { logger, lines } = capturedLog();
    tellEnd({ logger, metrics: createMetrics(new Registry()) }, { ...RUN }, { status: 'failed', capReached: null, error: runError('OutputInvalid', 'the answer was: secret plan') }, { seconds: 1.5, inputTokens: 10, outputTokens: 20, costUsdMicros: 30 }, false);
    expect(lines[0]).toMatchObject({ level: 'info', msg: 'run ended', status: 'failed', code: 'OutputInvalid', seconds: 1.5, input_tokens: 10, output_tokens: 20, cost_usd_micros: 30 });
    expect(JSON.stringify(lines)).not.toContain('secret plan');
  });
});
