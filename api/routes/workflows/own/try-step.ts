import { TryStepBody } from '#contracts/api/own-workflows.schema';
import { RunBody, StartedRunSchema } from '#contracts/api/runs.schema';
import { WorkflowParams } from '#contracts/api/workflows.schema';
import type { OwnSnapshot } from '#contracts/own/definition';
import { entryOf } from '#contracts/own/entry.schema';
import { trialOf, trialSlug } from '#contracts/own/trial';
import { CodedError, invalidField } from '#platform/coded-error';
import { uuidv7 } from '#platform/ids';
import { entryOfVersion } from '#platform/repositories/own-entries';
import { saveTrial } from '#platform/repositories/own-trials';
import { columnsOf, contentHashOf } from '#platform/repositories/own-workflows';
import { defineEndpoint } from '../../../endpoint.ts';
import { parseWith } from '../../../problem.ts';
import { acceptRun } from '../../runs/accept-run.ts';
import { acceptedAnswer, RUN_ERRORS } from '../../runs/post-run.ts';
import type { FoundWorkflow } from '../catalog-lookup.ts';
import { check, requireMine, requireVersion } from './own.ts';

/** One step on samples, as a Test run like any other: its caps, its log, its page. */
export const postTryStep = defineEndpoint({
  method: 'post', path: '/api/v1/workflows/{id}/try', operationId: 'tryStep', tag: 'Workflows', summary: 'Run one step on samples', description: 'Starts a Test run of this step alone, under the caps of a Test: the names that it uses come from `values`. The definition need not be saved; only the step has to hold. The run counts as no evidence for the workflow.',
  permission: 'workflow:write', audit: 'run.queued', params: WorkflowParams, body: TryStepBody, idempotent: true, answers: { 201: { description: 'Accepted', schema: StartedRunSchema } }, errors: RUN_ERRORS,
  handler: (deps) => async (call) => {
    const { principal, params, body } = call;
    const row = await requireMine(deps, params.id, principal);
    const document = body.definition ?? { ...(await requireVersion(deps, row, principal)).snapshot.definition };
    const trial = trialOf({ ...document, slug: row.slug }, body.step, body.values);
    if (!trial) throw invalidField('#/step', `${body.step} is no step of this workflow`);
    const { report, snapshot } = await check(deps, trial, principal);
    if (!snapshot) throw new CodedError('InvalidInput', 'The step does not hold yet.', { remedy: 'Put right what is named, or add a sample for the name that is missing.', errors: report.errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^#\/steps\/0/, body.step).replace(/^#\/inputs\/schema\/properties/, '#/values'), detail })) });
    const wanted = parseWith(RunBody, { workflow_id: row.slug, run_mode: 'test_run', inputs: body.values, provider: body.provider, model: body.model }, '#', 'The trial');
    const tried: OwnSnapshot = { ...snapshot, definition: { ...snapshot.definition, slug: trialSlug(row.slug) } };
    // Nothing is stored for a trial that is refused: by its provider, a budget, or the limit on starts.
    const described: FoundWorkflow = { row: { ...row, ...columnsOf(tried.definition), slug: tried.definition.slug, kind: 'own', versions: [{ id: uuidv7(), version: 1, contentHash: contentHashOf(tried) }] }, entry: entryOf(tried, 1), own: tried };
    return acceptedAnswer(201, await acceptRun(deps, call, 'tryStep', async () => ({ body: wanted, given: described, keep })));

    async function keep(): Promise<FoundWorkflow> {
      const { record, version } = await deps.db.$transaction((tx) => saveTrial(tx, tried, principal.userId));
      return { row: { ...record, ...columnsOf(tried.definition), kind: 'own', versions: [version] }, entry: entryOfVersion(version.id, tried, version.version), own: tried };
    }
  },
});
