import { buffer } from 'node:stream/consumers';
import type { RunComparisonWire } from '#contracts/api/compare.schema';
import { alignSteps, compareInputs, firstDivergence, type Column } from '#contracts/run-compare';
import { diffText } from '#contracts/text-diff';
import { artifactsOfRun, type ArtifactRecord } from '#platform/repositories/artifact-queries';
import { promptDigests } from '#platform/repositories/completions';
import type { RunRecord } from '#platform/repositories/run-queries';
import type { Deps } from '../deps.ts';
import { durationSeconds } from '../routes/runs/run-to-wire.ts';
import { rowToWire } from './to-wire.ts';

/** A file above this is compared by its hash alone. */
const MAX_DOCUMENT_BYTES = 500_000;
const MAX_DOCUMENTS = 5;

export async function columnOf(deps: Pick<Deps, 'views' | 'db'>, run: RunRecord): Promise<Column & { reused: number }> {
  const [view, prompts] = await Promise.all([deps.views.viewOf(run.id, run.lastSequence), promptDigests(deps.db, run.userId, run.id)]);
  return { id: run.id, stages: view.stages, prompts, reused: view.totals.reused };
}

/** @param runs two to four of one person; the first is what the others are compared with */
export async function compareRuns(deps: Deps, runs: readonly RunRecord[]): Promise<RunComparisonWire> {
  const columns = await Promise.all(runs.map((run) => columnOf(deps, run)));
  const rows = alignSteps(columns, (stage, step) => `${stage.stage}/${step.step}`);
  const divergence = firstDivergence(rows, columns);
  return {
    runs: runs.map((run, index) => ({
      run_id: run.id, workflow_id: run.workflowSlug, workflow_title: run.workflowTitle, workflow_version: run.workflowVersion, definition_hash: run.definitionHash, run_mode: run.runMode, status: run.status, provider: run.provider, model: run.model,
      simulated: run.simulated, forked_from: run.forkedFromId, created_at: run.createdAt.toISOString(), duration_seconds: durationSeconds(run), input_tokens: run.inputTokens, output_tokens: run.outputTokens, cost_usd_micros: run.costUsdMicros, reused: columns[index]?.reused ?? 0,
    })),
    facts: factsOf(runs), inputs: compareInputs(runs.map((run) => run.inputs)), steps: rows.map(rowToWire), documents: await documentsOf(deps, runs),
    first_divergence: divergence && { stage: divergence.stage, step: divergence.step, run_id: divergence.column, kind: divergence.kind, detail: divergence.detail },
  };
}

function factsOf(runs: readonly RunRecord[]): RunComparisonWire['facts'] {
  const facts: [string, (run: RunRecord) => string][] = [
    ['workflow', (run) => run.workflowSlug], ['workflow_version', (run) => String(run.workflowVersion)], ['definition', (run) => run.definitionHash.slice(0, 12)], ['mode', (run) => run.runMode],
    ['provider', (run) => run.provider], ['model', (run) => run.model], ['status', (run) => run.status],
  ];
  return facts.map(([name, pick]) => {
    const values = runs.map(pick);
    return { name, values, same: new Set(values).size === 1 };
  });
}

/** Markdown that the first run made, against the file of the same name in the others. */
async function documentsOf(deps: Deps, runs: readonly RunRecord[]): Promise<RunComparisonWire['documents']> {
  const files = await Promise.all(runs.map((run) => artifactsOfRun(deps.db, run.userId, run.id)));
  const names = (files[0] ?? []).filter((file) => file.mimeType === 'text/markdown').slice(0, MAX_DOCUMENTS).map((file) => file.fileName);
  return Promise.all(names.map(async (fileName) => {
    const found = files.map((list) => list.find((file) => file.fileName === fileName) ?? null);
    const texts = await Promise.all(found.map((file) => textOf(deps, file)));
    const diffs = texts.map((text, index) => (index === 0 || text === null || texts[0] == null ? null : diffText(texts[0], text)));
    return { file_name: fileName, sha256: found.map((file) => file?.sha256 ?? null), diffs };
  }));
}

async function textOf(deps: Pick<Deps, 'storage'>, file: ArtifactRecord | null): Promise<string | null> {
  if (!file || file.fileSizeBytes > MAX_DOCUMENT_BYTES) return null;
  return (await buffer((await deps.storage.get(file.storageKey)).stream)).toString('utf8');
}
