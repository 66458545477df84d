import { CodedError } from '#platform/coded-error';
import type { ArtifactRef, SaveArtifactRequest } from '#contracts/workflow';
import { saveRunArtifact } from '#platform/repositories/artifacts';
import { appendRunEvents } from '#platform/repositories/run-events';
import { Context } from '@temporalio/activity';
import type { ActivityDeps } from './deps.ts';
import { classify, toFailure } from './failures.ts';
import { carriedEvents } from './record-run-events.ts';
import { renderNotesHtml } from './render-notes.ts';

/** Stores one output file. Markdown sent as text/html is rendered here, sanitised: the sandbox has no renderer. Safe to retry. */
export async function saveArtifact(deps: ActivityDeps, request: SaveArtifactRequest): Promise<ArtifactRef> {
  try {
    await deps.db.$transaction((tx) => appendRunEvents(tx, request.runId, carriedEvents(request.before)));
    const content = request.mimeType === 'text/html' ? await renderNotesHtml(request.content, request.fileName.includes('print')) : request.content;
    const { artifactType, fileName, mimeType, runId, userId, stage, stepIndex, summary } = request;
    const saved = await saveRunArtifact(deps.db, deps.storage, { runId, userId, artifactType, fileName, mimeType, content, stage, stepIndex, summary, key: `${stage}/${request.step}/${fileName}` }, deps.config.AWP_RETENTION_DAYS);
    if (!saved) throw new CodedError('NotFound', 'The run was deleted.');
    const { id: artifactId, ...rest } = saved;
    return { artifactId, ...rest };
  } catch (error) {
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), request.step);
  }
}
