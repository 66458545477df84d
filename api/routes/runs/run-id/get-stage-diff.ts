import { StageDiffSchema } from '#contracts/api/compare.schema';
import { RunParams } from '#contracts/api/runs.schema';
import { alignSteps, promiseFlags, stageFigures } from '#contracts/run-compare';
import { CodedError } from '#platform/coded-error';
import { findRun } from '#platform/repositories/run-queries';
import { columnOf } from '../../../compare/compare-runs.ts';
import { figuresToWire, rowToWire } from '../../../compare/to-wire.ts';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';

export const getStageDiff = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/stage-diff', operationId: 'getStageDiff', tag: 'Runs', summary: 'Test beside Full of one run', description: 'The same steps in both stages: what each made, used and took, sources that Full added, and where Full did otherwise than Test.', permission: 'run:read', audit: 'none', params: RunParams,
  answers: { 200: { description: 'The difference', schema: StageDiffSchema } }, errors: ['InvalidInput', 'NotFound', 'Conflict'],
  handler: (deps) => async ({ principal, params }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const own = await columnOf(deps, run);
    const view = await deps.views.viewOf(run.id, run.lastSequence);
    const skipped = own.stages.some((stage) => stage.stage === 'test' && stage.status === 'skipped');
    const tested = skipped && view.evidence?.runId ? await findRun(deps.db, principal.userId, view.evidence.runId) : run;
    const other = tested && tested.id !== run.id ? await columnOf(deps, tested) : own;
    const test = other.stages.findLast((stage) => stage.stage === 'test' && stage.status !== 'skipped');
    const full = own.stages.findLast((stage) => stage.stage === 'full');
    if (!tested || !test || !full) throw new CodedError('Conflict', full ? 'The run whose Test it relied on has been deleted.' : 'This run has no Full stage to compare with a Test.', { remedy: 'Start a Full run.' });
    const rows = alignSteps([{ id: 'test', stages: [test], prompts: other.prompts }, { id: 'full', stages: [full], prompts: own.prompts }], (_, step) => step.step);
    const [a, b] = [stageFigures(test), stageFigures(full)];
    return {
      status: 200,
      body: {
        run_id: run.id, test_run_id: tested.id, test: figuresToWire(a), full: figuresToWire(b), ratio: { seconds: ratio(b.seconds, a.seconds), output_tokens: ratio(b.outputTokens, a.outputTokens), cost: ratio(b.costUsdMicros, a.costUsdMicros) },
        steps: rows.map(rowToWire), sources_added: b.sources.filter((source) => !a.sources.includes(source)), flags: promiseFlags(a, b, rows),
      },
    };
  },
});

const ratio = (full: number | null, test: number | null): number | null => (full === null || !test ? null : Math.round((full / test) * 10) / 10);
