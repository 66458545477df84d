import { ExecuteAnswer, ResultQuery, RunParams, RunSchema } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { defineEndpoint } from '../../../endpoint.ts';
import { waitForEnd } from '../../../wait-for-end.ts';
import { executeAnswer } from '../execute-answer.ts';
import { requireRun } from '../require-run.ts';
import { runToWire } from '../run-to-wire.ts';

/** A program that started a run comes here until it has ended; a connection that breaks costs nothing. */
export const getRunResult = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/result', operationId: 'getRunResult', tag: 'Runs', summary: 'What a run made, once it has ended', description: 'The answer of POST /runs/execute, for a run that was started before. `wait_seconds` waits that long for the end, at most the server\'s limit (AWP_EXECUTE_WAIT_SECONDS); 202 says that the run goes on: ask again.',
  permission: 'artifact:read', alsoNeeds: ['run:read'], audit: 'none', params: RunParams, query: ResultQuery,
  answers: { 200: { description: 'The run has ended; a failed run is a result too, see run.status', schema: ExecuteAnswer }, 202: { description: 'Still going on', schema: RunSchema } }, errors: ['InvalidInput', 'NotFound', 'RateLimited', 'StorageUnavailable'],
  handler: (deps) => async ({ principal, params, query, res }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    if (isTerminal(run.status)) return { status: 200, body: await executeAnswer(deps, run), revalidate: true };
    const closed = new AbortController();
    res.once('close', () => closed.abort());
    const waitSeconds = Math.min(query.wait_seconds ?? 0, deps.config.AWP_EXECUTE_WAIT_SECONDS);
    const ended = await waitForEnd(deps, principal.userId, run.id, waitSeconds * 1000, AbortSignal.any([closed.signal, deps.stopping]));
    if (ended) return { status: 200, body: await executeAnswer(deps, ended) };
    return { status: 202, body: runToWire(await requireRun(deps.db, principal.userId, run.id)), headers: { 'Retry-After': '1', Location: `/api/v1/runs/${run.id}/result` } };
  },
});
