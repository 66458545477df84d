import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type ApiUnderTest } from '../support/api.ts';

/** Control C37: what a stranger's scanner asks a production address for. */
let api: ApiUnderTest;
beforeAll(async () => { api = await startApi({ AWP_ENV: 'production', WEB_ORIGIN: 'https://awp.example', TEMPORAL_UI_URL: 'http://temporal-ui:8080' }); });
afterAll(() => api.close());

const ASKS_WHO = ['/metrics', '/docs', '/docs/', '/docs/assets/standalone.esm.js', '/docs/nothing', '/openapi.json'];
const NOT_THERE = [
  // files and folders of a careless installation
  '/.env', '/.env.production', '/.git/config', '/.git/HEAD', '/.gitignore', '/.npmrc', '/.aws/credentials', '/.ssh/id_rsa', '/package.json', '/package-lock.json', '/docker-compose.yml', '/prisma/schema.prisma', '/api/server.ts', '/node_modules/express/package.json',
  '/backup.zip', '/dump.sql', '/id_rsa', '/server.key', '/.awp/master.key', '/.well-known/../.env', '/docs/..%2f..%2f.env', '/docs/assets/..%2f..%2fpackage.json',
  // what inner services and frameworks publish
  '/debug', '/debug/pprof/', '/actuator', '/actuator/env', '/server-status', '/phpinfo.php', '/console', '/admin', '/graphql', '/swagger', '/swagger-ui/index.html', '/swagger.json', '/api-docs', '/v3/api-docs', '/api/v1/openapi.json', '/openapi.yaml', '/grafana', '/prometheus', '/-/healthy',
  // Temporal Web and its API
  '/namespaces', '/namespaces/default/workflows', '/namespaces/awp/schedules', '/api/v1/namespaces', '/api/v1/namespaces/default/workflows', '/api/v1/settings', '/api/v1/cluster-info', '/temporal', '/temporal/namespaces',
  // addresses of ours that are none
  '/api', '/api/v1', '/api/v1/nothing', '/api/v2/runs', '/api/v1/metrics', '/api/v1/docs', '/api/v1/internal', '/api/v1/debug',
];

const asked = async (address: string): Promise<string> => {
  const { status, text } = await api.call('GET', address, { as: null });
  if (status < 400) return `${address} answers ${status}`;
  // A refusal names no file, no version and no address of anything within.
  return `${/temporal-ui|127\.0\.0\.1|\/tmp\/|node_modules\/|at .*\.ts:\d/.test(text.replace(address, '')) ? 'TELLS ' : ''}${status}`;
};

it('a stranger finds no documentation, no figures, no inner page and no file behind a production address', async () => {
  expect(await Promise.all(ASKS_WHO.map(asked))).toEqual(ASKS_WHO.map(() => '401'));
  const found = await Promise.all(NOT_THERE.map(async (address) => [address, await asked(address)] as const));
  expect(found.filter(([, answer]) => !['400', '401', '404'].includes(answer))).toEqual([]);
  const redoc = await api.call('GET', '/redoc', { as: null });
  expect([redoc.status, redoc.headers.get('location')]).toEqual([302, '/docs']);
});

it('a wrong credential opens the documentation as little as none', async () => {
  for (const address of ['/docs', '/openapi.json']) expect((await api.call('GET', address, { as: 'awp_wrong' })).status).toBe(401);
});

it('a person who is signed in reads it, whatever their role', async () => {
  const { token } = await api.person('student');
  for (const address of ['/docs', '/openapi.json', '/docs/assets/standalone.esm.js']) expect([address, (await api.call('GET', address, { as: token })).status]).toEqual([address, 200]);
  expect((await api.call('GET', '/metrics', { as: token })).status).toBe(403);
});

it('a local machine asks nobody for it', async () => {
  const local = await startApi();
  try {
    for (const address of ['/docs', '/openapi.json', '/metrics']) expect([address, (await local.call('GET', address, { as: null })).status]).toEqual([address, 200]);
  } finally {
    await local.close();
  }
});
