import { DrillKillSchema, DrillReportSchema, type DrillReportWire } from '#contracts/api/drill.schema';
import { RunParams } from '#contracts/api/runs.schema';
import { drillReport } from '#contracts/drill';
import { isTerminal } from '#contracts/runs';
import { CodedError } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { ledgerOfRun } from '#platform/repositories/ledger-queries';
import { allRunEvents, appendRunEvents } from '#platform/repositories/run-events';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';

export const postDrill = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/drill', operationId: 'killWorkerUnderRun', tag: 'System', summary: 'Crash drill: kill the worker under this run', permission: 'settings:manage', audit: 'run.worker_killed', params: RunParams,
  description: 'Local mode only, under a live demo run of yours, once a run. The launcher restarts the worker; GET …/drill tells what was lost and bought twice.',
  answers: { 202: { description: 'Killed', schema: DrillKillSchema } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied', 'ServiceUnavailable'],
  handler: (deps) => async ({ principal, params, audit }) => {
    if (deps.config.AWP_ENV !== 'local') throw new CodedError('PermissionDenied', 'The drill is for local mode; this platform runs in production mode.');
    const { crashWorker } = deps;
    if (!crashWorker) throw new CodedError('Conflict', 'This API was not started by the launcher, so there is no worker it could kill.', { remedy: 'Start the platform with "npm start".' });
    const run = await requireRun(deps.db, principal.userId, params.id);
    if (!run.simulated) throw new CodedError('Conflict', 'The drill works under runs with the demo provider only: a call in flight may be charged.', { remedy: 'Start a run with the demo provider.' });
    if (isTerminal(run.status)) throw new CodedError('Conflict', `This run has ended already: ${run.status}.`, { remedy: 'Start another one.' });
    if ((await deps.views.viewOf(run.id, run.lastSequence)).kills.length > 0) throw new CodedError('Conflict', 'The worker was killed under this run before.', { remedy: 'Start another one.' });
    // Audited before it is done: a process that dies in between leaves no unaudited kill. In the log after it: work that was
    // still recorded belongs to the time before.
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'run.worker_killed', resource: `run/${run.id}` })));
    const pid = await crashWorker().catch(async (error: unknown) => {
      await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'run.worker_killed', resource: `run/${run.id}`, outcome: 'failed' })));
      throw error;
    });
    await deps.db.$transaction((tx) => appendRunEvents(tx, run.id, [{ key: 'api/drill', event: { type: 'worker-kill', data: { by: principal.name } } }]));
    return { status: 202, body: { run_id: run.id, killed_at: new Date().toISOString(), pid } };
  },
});

export const getDrill = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/drill', operationId: 'getDrillReport', tag: 'System', summary: 'What a crash drill cost', description: 'Read from the ledger and the event log of the run alone, when it has ended.', permission: 'run:read', audit: 'none', params: RunParams,
  answers: { 200: { description: 'What was lost, asked again and bought twice', schema: DrillReportSchema } }, errors: ['InvalidInput', 'NotFound', 'Conflict'],
  handler: (deps) => async ({ principal, params }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const [events, ledger] = await Promise.all([allRunEvents(deps.db, run.id), ledgerOfRun(deps.db, run.userId, run.id)]);
    const kill = events.find((event) => event.type === 'worker-kill');
    if (kill?.type !== 'worker-kill') throw new CodedError('Conflict', 'No drill was made under this run.', { remedy: 'POST to this address while a demo run of yours is live.' });
    if (!isTerminal(run.status)) throw new CodedError('Conflict', 'The run has not ended yet.', { retryAfterSeconds: 2 });
    const body: DrillReportWire = { run_id: run.id, status: run.status, killed_at: kill.at, killed_by: kill.data.by, lost: run.status !== 'completed', ...drillReport(ledger, events, Date.parse(kill.at)) };
    return { status: 200, body };
  },
});
