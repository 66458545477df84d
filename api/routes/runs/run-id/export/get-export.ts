import { RunParams } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { CodedError } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { defineEndpoint, HANDLED } from '../../../../endpoint.ts';
import { downloadHeaders, sendStream } from '../../../artifacts/send-file.ts';
import { requireRun } from '../../require-run.ts';
import { runBundle } from './run-bundle.ts';

export const getRunExport = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/export', operationId: 'exportRun', tag: 'Runs', summary: 'An ended run as one file',
  description: 'A zip with manifest (sha256 of every entry), run, event log, ledger, files and Temporal history, and no key: `awp runs import` opens and plays it anywhere. What could not be had is named in the manifest.',
  permission: 'run:read', alsoNeeds: ['artifact:read'], audit: 'run.exported', params: RunParams, answers: { 200: { description: 'The bundle', contentType: 'application/zip' } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied', 'StorageUnavailable'],
  handler: (deps) => async ({ principal, params, res, audit }) => {
    // The bundle holds the files as well: whoever may not read those may not have it.
    const run = await requireRun(deps.db, principal.userId, params.id);
    if (!isTerminal(run.status)) throw new CodedError('Conflict', `This run is ${run.status}; a bundle is made of an ended run.`, { remedy: 'Wait for its end, or cancel it.' });
    const { manifest, zip } = await runBundle(deps, run);
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'run.exported', resource: `run/${run.id}`, data: { entries: manifest.entries.length, missing: manifest.missing.length, masked: manifest.masked } })));
    res.status(200).set(downloadHeaders(`${run.workflowSlug}-${run.id.slice(0, 8)}.awp.zip`, 'application/zip'));
    await sendStream(res, zip);
    return HANDLED;
  },
});
