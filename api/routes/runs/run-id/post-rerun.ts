import { RerunBody, RerunPreviewSchema } from '#contracts/api/reruns.schema';
import { RunParams, StartedRunSchema } from '#contracts/api/runs.schema';
import { defineEndpoint } from '../../../endpoint.ts';
import { planRerun } from '../../../rerun/plan-rerun.ts';
import { acceptRun } from '../accept-run.ts';
import { acceptedAnswer, RUN_ERRORS } from '../post-run.ts';

export const postRerunPreview = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/rerun/preview', operationId: 'previewRerun', tag: 'Runs', summary: 'What a re-run would reuse and pay', description: 'The same body as the re-run itself; nothing is started, nothing is bought. Says for every call whether it is free and what it may cost.',
  permission: 'run:read', audit: 'none', params: RunParams, body: RerunBody, answers: { 200: { description: 'Reused and paid calls, with the price', schema: RerunPreviewSchema } }, errors: [...RUN_ERRORS],
  handler: (deps) => async ({ principal, params, body }) => ({ status: 200, body: (await planRerun(deps, principal, params.id, body)).preview }),
});

export const postRerun = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/rerun', operationId: 'rerunRun', tag: 'Runs', summary: 'Run it again', description: 'From the start, from a step, or only what failed; with other inputs, another model, other limits, edited prompts or answers where you like. A new run, linked with this one; recorded answers to the same requests are never bought twice.',
  permission: 'run:read', audit: ['run.queued', 'run.output_edited', 'run.prompt_edited'], params: RunParams, body: RerunBody, idempotent: true, answers: { 201: { description: 'Accepted', schema: StartedRunSchema } }, errors: RUN_ERRORS,
  handler: (deps) => async (call) => acceptedAnswer(201, await acceptRun(deps, call, `rerunRun/${call.params.id}`, () => planRerun(deps, call.principal, call.params.id, call.body))),
});
