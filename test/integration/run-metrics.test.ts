import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { finishRun } from '#activities/finish-run';
import { reconcileRuns } from '#activities/reconcile-runs';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { startApi } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';

describe('a run that ended', () => {
  let engine: Engine;
  beforeAll(async () => { engine = await startEngine({ AWP_RECONCILE_SECONDS: '3600' }); });
  afterEach(() => engine.simulator.reset());
  afterAll(() => engine.close());

  const moved = async (): Promise<Record<string, number>> => Object.fromEntries((await engine.runner.deps.metrics.runs.get()).values.filter(({ value }) => value > 0).map(({ labels, value }) => [`${labels.workflow_id}/${labels.status}/${labels.run_mode}`, value]));
  const validationFailures = async () => (await engine.runner.deps.metrics.validationFailures.get()).values.reduce((sum, { value }) => sum + value, 0);
  /** What the workflow's last activity does when Temporal gives it to a worker once more. */
  async function finishedAgain(runId: string): Promise<RunResult | null> {
    const run = await engine.db.run.findUniqueOrThrow({ where: { id: runId } });
    const result = { status: run.status, capReached: null, error: run.error, headline: run.headline } as RunResult;
    const request = { before: { keyPrefix: 'again', entries: [] }, request: run.request as unknown as RunRequest, result, temporalRunId: randomUUID() };
    return new MockActivityEnvironment().run(() => finishRun(engine.runner.deps, request));
  }

  it('moves the counter by exactly one, also when its last activity is repeated; every series of the catalog is there from the start', async () => {
    const { runId } = await engine.start();
    await engine.finished(runId);
    expect(await finishedAgain(runId)).toMatchObject({ status: 'completed' });
    expect(await moved()).toEqual({ 'learn_agentic_ai/completed/test_run': 1 });
    expect(await engine.runner.registry.metrics()).toMatch(/^workflow_runs_total\{workflow_id="learn_agentic_ai",status="failed",run_mode="full_run"\} 0$/m);
  });

  it('in Validate is told apart, once', async () => {
    const { runId } = await engine.start({ request: { input: {} } });
    expect(await engine.finished(runId)).toMatchObject({ status: 'failed', stages: [{ stage: 'validate' }] });
    await finishedAgain(runId);
    expect([await moved(), await validationFailures()]).toEqual([{ 'learn_agentic_ai/completed/test_run': 1, 'learn_agentic_ai/failed/test_run': 1 }, 1]);
  });

  it('by the reconciler is counted once, and is no failure of Validate', async () => {
    engine.simulator.addFaults({ fault: { kind: 'hang' }, match: { requestId: '*' }, times: 0 });
    const { runId, handle } = await engine.start({ provider: 'openai' });
    await engine.simulator.until((counters) => counters.inFlight === 1);
    await handle.terminate('from outside');
    await engine.db.run.update({ where: { id: runId }, data: { createdAt: new Date(Date.now() - 60_000) } });
    // Two at once, as when two workers hold the Schedule's turns; what only one of them may end is tried again by the other.
    const turns = await Promise.allSettled([1, 2].map(() => new MockActivityEnvironment().run(() => reconcileRuns(engine.runner.deps))));
    expect(turns.some(({ status }) => status === 'fulfilled')).toBe(true);
    await finishedAgain(runId);
    expect([await moved(), await validationFailures()]).toEqual([{ 'learn_agentic_ai/completed/test_run': 1, 'learn_agentic_ai/failed/test_run': 2 }, 1]);
  });
});

describe('a scrape of the API', () => {
  it('tells live runs by status; a count that takes too long is left out, and the database is up all the same', async () => {
    const api = await startApi();
    const blocker = new pg.Client({ connectionString: api.deps.config.DATABASE_URL as string });
    await blocker.connect();
    const scrape = async () => (await api.call('GET', '/metrics')).text;
    try {
      await api.call('POST', '/api/v1/runs', { json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: 'Build a small agent that calls tools' } } });
      const page = await scrape();
      for (const line of ['active_runs{status="queued"} 1', 'active_runs{status="running"} 0', 'database_up 1']) expect(page.split('\n')).toContain(line);
      expect(page).not.toContain('workflow_runs_total');
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE runs IN ACCESS EXCLUSIVE MODE');
      const behind = await scrape();
      expect(behind.split('\n')).toContain('database_up 1');
      expect(behind).not.toMatch(/^(active_runs|oldest_live_run_seconds)\{/m);
    } finally {
      await blocker.end();
      await api.close();
    }
  });
});
