import { buffer } from 'node:stream/consumers';
import type { z } from 'zod';
import type { ExecuteAnswer } from '#contracts/api/runs.schema';
import type { RunView } from '#contracts/run-reducer';
import { forksOfRun } from '#platform/repositories/fork-answers';
import { artifactsOfRun, type ArtifactRecord } from '#platform/repositories/artifact-queries';
import type { RunDetailRecord } from '#platform/repositories/run-queries';
import type { Deps } from '../../deps.ts';
import { durationSeconds, runDetailToWire } from './run-to-wire.ts';

/** A main document above this is left to the artifact download. */
const MAX_INLINE_BYTES = 1_000_000;

/** The answer of "execute and wait": the run, its texts and its numbers, all from the event log and the stored files. */
export async function executeAnswer(deps: Deps, run: RunDetailRecord): Promise<z.infer<typeof ExecuteAnswer>> {
  const [view, forks, artifacts] = await Promise.all([deps.views.viewOf(run.id, run.lastSequence), forksOfRun(deps.db, run.userId, run.id), artifactsOfRun(deps.db, run.userId, run.id)]);
  const texts = stepTexts(view);
  return {
    run: runDetailToWire(run, view, artifacts, deps.config, forks),
    output: { formatted: await mainDocument(deps, artifacts), raw: { final: texts.at(-1)?.text ?? null, all_steps: texts } },
    metrics: {
      total_tokens: run.inputTokens + run.outputTokens, duration_seconds: durationSeconds(run), steps_executed: view.stages.reduce((sum, stage) => sum + stage.steps.filter((step) => step.status === 'done').length, 0),
      iterations: view.totals.completions, provider: run.provider, model: run.model,
    },
  };
}

const stepTexts = (view: RunView) => view.stages.flatMap((stage) => stage.steps.flatMap((step) => {
  const text = step.completions.findLast((completion) => completion.end !== null)?.text;
  return text === undefined ? [] : [{ stage: stage.stage, step: step.step, title: step.title, text }];
}));

async function mainDocument(deps: Deps, artifacts: readonly ArtifactRecord[]): Promise<string | null> {
  const main = artifacts.findLast((artifact) => artifact.mimeType.startsWith('text/markdown') && artifact.fileSizeBytes <= MAX_INLINE_BYTES && !artifact.expiredAt);
  if (!main) return null;
  return (await buffer((await deps.storage.get(main.storageKey)).stream)).toString('utf8');
}
