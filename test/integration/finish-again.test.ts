import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishRun } from '#activities/finish-run';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterAll(() => engine.close());

/** Row and files, as a person has them before their eyes. */
async function standing(runId: string) {
  const { status, lastSequence, completedAt } = await engine.db.run.findUniqueOrThrow({ where: { id: runId } });
  const files = await engine.db.artifact.findMany({ where: { runId }, select: { fileName: true, sha256: true, storageKey: true }, orderBy: { fileName: 'asc' } });
  return { status, lastSequence, completedAt, files };
}

it('a run that has ended keeps its files as they are when its end is told again: its worker died over the answer, or Temporal was restored from a moment before', async () => {
  const { runId } = await engine.start();
  await engine.finished(runId);
  const before = await standing(runId);
  const run = await engine.db.run.findUniqueOrThrow({ where: { id: runId } });
  const request = { before: { keyPrefix: run.temporalRunId ?? '', entries: [] }, request: run.request as unknown as RunRequest, result: { status: run.status, capReached: null, error: null, headline: run.headline } as RunResult, temporalRunId: run.temporalRunId ?? '' };
  expect(await new MockActivityEnvironment().run(() => finishRun(engine.runner.deps, request))).toMatchObject({ status: 'completed', headline: run.headline });
  expect(before.files.map(({ fileName }) => fileName)).toEqual(expect.arrayContaining(['trace.json', 'logs.txt', 'metadata.json']));
  expect(await standing(runId)).toEqual(before);
});
