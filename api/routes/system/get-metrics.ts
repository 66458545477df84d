import { defineEndpoint, HANDLED } from '../../endpoint.ts';

export const getMetrics = defineEndpoint({
  method: 'get', path: '/metrics', operationId: 'getMetrics', tag: 'System', summary: 'Prometheus metrics', description: 'Open on a local machine; in production it needs a token with `settings:manage`.', permission: 'operator', audit: 'none',
  answers: { 200: { description: 'Prometheus text format', contentType: 'text/plain' } }, errors: [],
  handler: (deps) => async ({ res }) => {
    const { registry } = deps.metrics;
    res.status(200).set('Content-Type', registry.contentType).send(await registry.metrics());
    return HANDLED;
  },
});
