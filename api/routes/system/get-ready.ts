import { ReadyQuery, ReadySchema } from '#contracts/api/system.schema';
import { bounded } from '#platform/start-run';
import { defineEndpoint } from '../../endpoint.ts';

const LIMIT_MS = 2000;
interface Check { ok: boolean; latency_ms: number | null; detail: string | null }

export const getReady = defineEndpoint({
  method: 'get', path: '/ready', operationId: 'getReady', tag: 'System', summary: 'Can it do its work', description: 'Asks database and Temporal, two seconds at most. `?for=reads` asks the database only: reads live on while Temporal is away.',
  permission: 'public', audit: 'none', query: ReadyQuery,
  answers: { 200: { description: 'Ready', schema: ReadySchema }, 503: { description: 'Not ready; the checks say what is missing', schema: ReadySchema } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ query }) => {
    const database = check('the database', async () => { await deps.db.$queryRaw`SELECT 1`; });
    const temporal = query.for === 'reads' ? undefined : check('Temporal', async () => {
      await deps.temporal.withDeadline(Date.now() + LIMIT_MS, () => deps.temporal.workflowService.describeNamespace({ namespace: deps.config.TEMPORAL_NAMESPACE }));
    });
    const checks = { database: await database, ...(temporal ? { temporal: await temporal } : {}) };
    const ready = Object.values(checks).every((one) => one.ok);
    return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not_ready', checks }, ...(ready ? {} : { headers: { 'Retry-After': '2' } }) };
  },
});

async function check(what: string, ask: () => Promise<void>): Promise<Check> {
  const startedAt = performance.now();
  try {
    await bounded(ask(), LIMIT_MS);
    return { ok: true, latency_ms: Math.round(performance.now() - startedAt), detail: null };
  } catch {
    return { ok: false, latency_ms: null, detail: `${what} does not answer` };
  }
}
