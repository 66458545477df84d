import { OperationsSchema } from '#contracts/api/system.schema';
import { modelQueues } from '#platform/config';
import { liveRuns } from '#platform/repositories/run-queries';
import { bounded } from '#platform/bounded';
import { VERSION } from '#platform/version';
import { defineEndpoint } from '../../endpoint.ts';
import { askQueues, QUEUES_LIMIT_MS } from '../../queue-state.ts';
import { checkDatabase, checkTemporal } from '../system/checks.ts';

export const getOperations = defineEndpoint({
  method: 'get', path: '/api/v1/operations', operationId: 'getOperations', tag: 'System', summary: 'Workers, queues and live runs at this moment', description: 'Asked anew each time; what does not answer within two seconds is told as away.', permission: 'settings:manage', audit: 'none',
  answers: { 200: { description: 'How the installation does', schema: OperationsSchema } }, errors: [],
  handler: (deps) => async () => {
    const { config } = deps;
    const queues = bounded(Promise.all(askQueues(deps.temporal, [...new Set([config.WORKER_TASK_QUEUE, ...Object.values(modelQueues(config))])])), QUEUES_LIMIT_MS + 500).catch(() => null);
    const [database, temporal, states, live] = await Promise.all([checkDatabase(deps), checkTemporal(deps), queues, liveRuns(deps.db)]);
    return {
      status: 200,
      body: {
        version: VERSION, environment: config.AWP_ENV, database, temporal, namespace: config.TEMPORAL_NAMESPACE, temporal_web_url: config.TEMPORAL_UI_URL ?? null,
        queues: states?.map(({ name, kind, backlog, workers }) => ({ name, kind, backlog, workers: workers.map(({ identity, build, seenAt }) => ({ identity, build, seen_at: seenAt?.toISOString() ?? null })) })) ?? null,
        live_runs: live.map(({ status, runs, oldestSeconds }) => ({ status, runs, oldest_seconds: Math.round(oldestSeconds) })),
      },
    };
  },
});
