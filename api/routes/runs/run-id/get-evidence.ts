import { RunEvidenceSchema } from '#contracts/api/evidence.schema';
import { RunParams } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { evidenceOfRun } from '#platform/repositories/evidence';
import type { RunRecord } from '#platform/repositories/run-queries';
import { defineEndpoint } from '../../../endpoint.ts';
import { verdictOn } from '../../../evidence-verdict.ts';
import { requireRun } from '../require-run.ts';

export const getRunEvidence = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/evidence', operationId: 'getRunEvidence', tag: 'Evidence', summary: 'What the Test of a run proves', description: 'The signed record of this run\'s Test, or of the earlier run whose Test stood for it, checked now.', permission: 'run:read', audit: 'none', params: RunParams,
  answers: { 200: { description: 'The record and the verdict on it; both null when there is none', schema: RunEvidenceSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const view = await deps.views.viewOf(run.id, run.lastSequence);
    const madeBy = view.evidence?.runId ?? null;
    const evidence = madeBy ? await evidenceOfRun(deps.db, principal.userId, madeBy) : null;
    return { status: 200, body: { run_id: run.id, made_by_run_id: madeBy, evidence, verdict: evidence && verdictOn(deps, evidence), reason: reasonFor(run, madeBy, evidence !== null) } };
  },
});

function reasonFor(run: RunRecord, madeBy: string | null, there: boolean): string {
  if (madeBy && !there) return `It was made by run ${madeBy}, which has been deleted.`;
  if (madeBy) return madeBy === run.id ? 'Its own Test passed and was signed.' : `Its Test was skipped: the Test of run ${madeBy} had passed with the same inputs, workflow version and model.`;
  if (run.runMode === 'validate_only') return 'Validate checks only; a Test makes evidence.';
  return isTerminal(run.status) ? 'No Test of this run passed as it is: it failed, was cancelled, an answer or a prompt in it was edited, or an answer was taken from another model.' : 'Its Test has not passed yet.';
}
