import { CodedError } from '#platform/coded-error';
import type { ArtifactRef, SaveArtifactRequest } from '#contracts/workflow';
import { saveRunArtifacts } from '#platform/repositories/artifacts';
import { Context } from '@temporalio/activity';
import type { ActivityDeps } from './deps.ts';
import { classify, toFailure } from './failures.ts';
import { carriedEvents } from './record-run-events.ts';
import { renderNotesHtml } from './render-notes.ts';

/** Stores one output file. Markdown sent as text/html is rendered here, sanitised: the sandbox has no renderer. Safe to retry. */
export async function saveArtifact(deps: ActivityDeps, request: SaveArtifactRequest): Promise<ArtifactRef> {
  try {
    const content = request.mimeType === 'text/html' ? await renderNotesHtml(request.content, request.fileName.includes('print')) : request.content;
    const { artifactType, fileName, mimeType, runId, userId, stage, stepIndex, summary } = request;
    const file = { runId, userId, artifactType, fileName, mimeType, content, stage, stepIndex, summary, key: `${stage}/${request.step}/${fileName}` };
    const [saved] = (await saveRunArtifacts(deps.db, deps.storage, [file], deps.config.AWP_RETENTION_DAYS, carriedEvents(request.before))) ?? [];
    if (!saved) throw new CodedError('NotFound', 'The run was deleted.');
    const { id: artifactId, ...rest } = saved;
    return { artifactId, ...rest };
  } catch (error) {
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), request.step);
  }
}
