import { WorkingCopyBody, WorkingCopySchema } from '#contracts/api/own-workflows.schema';
import { WorkflowParams } from '#contracts/api/workflows.schema';
import { DEFINITION_LIMITS } from '#contracts/own/definition';
import { inOrder } from '#contracts/own/order';
import { invalidField } from '#platform/coded-error';
import { dropWorkingCopy, findWorkingCopy, saveWorkingCopy, type Edited, type WorkingCopy } from '#platform/repositories/working-copies';
import type { OwnRecord } from '#platform/repositories/own-workflows';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireMine, requireVersion } from './own.ts';

/** The draft as it is being edited: saved every few seconds, right or wrong, and a version only when the person says so. */
const TAG = 'Workflows';
const etagOf = ({ version, revision }: Edited): string => `"v${version}r${revision}"`;

function editedOf(header: string | undefined): Edited {
  const match = /^(?:W\/)?"v(\d{1,9})r(\d{1,9})"$/.exec(header?.trim() ?? '');
  if (!match) throw invalidField('#/header/If-Match', 'must be the ETag of the working copy, like "v3r5"');
  return { version: Number(match[1]), revision: Number(match[2]) };
}

const toWire = (row: OwnRecord, copy: WorkingCopy | null, document: unknown, userId: string) => ({
  workflow_id: row.slug, base_version: row.currentVersion, revision: copy?.revision ?? 0, definition: inOrder(document as Record<string, unknown>), saved_at: copy?.updatedAt.toISOString() ?? null, saved_by_you: copy === null || copy.authorId === userId,
});

export const getWorkingCopy = defineEndpoint({
  method: 'get', path: '/api/v1/workflows/{id}/working-copy', operationId: 'getWorkingCopy', tag: TAG, summary: 'The draft of a written workflow as it is being edited', description: 'What was edited since the youngest version, or that version. It may be wrong or unfinished, and is never run. The ETag is for If-Match.',
  permission: 'workflow:write', audit: 'none', params: WorkflowParams, answers: { 200: { description: 'The working copy', schema: WorkingCopySchema } }, errors: ['NotFound', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params }) => {
    const row = await requireMine(deps, params.id, principal);
    const copy = await findWorkingCopy(deps.db, row.id);
    const document = copy?.document ?? (await requireVersion(deps, row, principal)).snapshot.definition;
    return { status: 200, body: toWire(row, copy, document, principal.userId), headers: { ETag: etagOf({ version: row.currentVersion, revision: copy?.revision ?? 0 }) } };
  },
});

export const putWorkingCopy = defineEndpoint({
  method: 'put', path: '/api/v1/workflows/{id}/working-copy', operationId: 'saveWorkingCopy', tag: TAG, summary: 'Keep what is being edited', description: 'Not checked, no version, never run; gone when a version is saved. If-Match is needed: when somebody else saved meanwhile nothing is overwritten and 412 says so.',
  permission: 'workflow:write', audit: 'none', params: WorkflowParams, body: WorkingCopyBody, answers: { 200: { description: 'As it is kept', schema: WorkingCopySchema } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'PreconditionFailed'],
  handler: (deps) => async ({ principal, params, body, req }) => {
    const row = await requireMine(deps, params.id, principal);
    const expected = editedOf(req.get('if-match'));
    const bytes = Buffer.byteLength(JSON.stringify(body.definition));
    if (bytes > DEFINITION_LIMITS.bytes) throw invalidField('#/definition', `is ${bytes.toLocaleString('en-US')} bytes; a definition has at most ${DEFINITION_LIMITS.bytes.toLocaleString('en-US')}`);
    const copy = await deps.db.$transaction((tx) => saveWorkingCopy(tx, row.id, body.definition, principal.userId, expected));
    return { status: 200, body: toWire(row, copy, body.definition, principal.userId), headers: { ETag: etagOf({ version: row.currentVersion, revision: copy.revision }) } };
  },
});

export const deleteWorkingCopy = defineEndpoint({
  method: 'delete', path: '/api/v1/workflows/{id}/working-copy', operationId: 'discardWorkingCopy', tag: TAG, summary: 'Throw away what was edited since the youngest version', permission: 'workflow:write', audit: 'none', params: WorkflowParams,
  answers: { 204: { description: 'Gone' } }, errors: ['InvalidInput', 'NotFound', 'PermissionDenied', 'PreconditionFailed'],
  handler: (deps) => async ({ principal, params, req }) => {
    const row = await requireMine(deps, params.id, principal);
    const expected = editedOf(req.get('if-match'));
    await deps.db.$transaction((tx) => dropWorkingCopy(tx, row.id, expected));
    return { status: 204 };
  },
});
