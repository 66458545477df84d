import { ReadyQuery, ReadySchema } from '#contracts/api/system.schema';
import { defineEndpoint } from '../../endpoint.ts';
import { checkDatabase, checkTemporal, checkVault } from './checks.ts';

export const getReady = defineEndpoint({
  method: 'get', path: '/ready', operationId: 'getReady', tag: 'System', summary: 'Can it do its work', description: 'Asks database, Temporal and, where secrets are kept there, Vault, two seconds at most. `?for=reads` asks the database only: reads live on while Temporal is away. `draining`: told to stop, it still serves for a moment; send elsewhere.',
  permission: 'public', audit: 'none', query: ReadyQuery,
  answers: { 200: { description: 'Ready', schema: ReadySchema }, 503: { description: 'Not ready; the checks say what is missing', schema: ReadySchema } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ query }) => {
    const database = checkDatabase(deps);
    const temporal = query.for === 'reads' ? undefined : checkTemporal(deps);
    const vault = query.for === 'reads' ? null : await checkVault(deps);
    const checks = { database: await database, ...(temporal ? { temporal: await temporal } : {}), ...(vault ? { vault } : {}) };
    const ready = !deps.draining.aborted && Object.values(checks).every((one) => one.ok);
    const status = ready ? 'ready' : deps.draining.aborted ? 'draining' : 'not_ready';
    return { status: ready ? 200 : 503, body: { status, checks }, ...(ready ? {} : { headers: { 'Retry-After': '2' } }) };
  },
});
