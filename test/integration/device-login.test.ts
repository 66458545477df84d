import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeviceStartWire, DeviceTokenWire } from '#contracts/api/device.schema';
import { startApi, type ApiUnderTest } from '../support/api.ts';

let api: ApiUnderTest;
let cookie: string;
beforeAll(async () => {
  api = await startApi({ TRUST_PROXY_HOPS: '1' });
  const signIn = await fetch(`${api.url}/api/v1/session/sign-in-link`, { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: api.deps.config.WEB_ORIGIN }, body: JSON.stringify({ token: api.deps.config.AWP_SIGN_IN_TOKEN }) });
  cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
});
afterAll(() => api.close());

const begin = async () => (await api.call('POST', '/api/v1/session/device', { as: null, json: { client_name: 'laptop' } })).body as DeviceStartWire;
const poll = async (device_code: string) => (await api.call('POST', '/api/v1/session/device/token', { as: null, json: { device_code } })).body as DeviceTokenWire;
const inBrowser = (path: string, json: unknown) => api.call('POST', `/api/v1/account/device${path}`, { as: null, json, headers: { Cookie: cookie, Origin: api.deps.config.WEB_ORIGIN } });

it('a code that its person confirms gives one token of limited rights, once; revoking it ends it', async () => {
  const { device_code, user_code, verification_uri_complete } = await begin();
  expect(verification_uri_complete).toBe(`${new URL(api.deps.config.WEB_ORIGIN).origin}/device?code=${user_code}`);
  expect([(await poll(device_code)).state, (await poll(device_code)).state]).toEqual(['authorization_pending', 'slow_down']);
  expect((await inBrowser('', { user_code: user_code.toLowerCase().replace('-', ' ') })).body).toMatchObject({ client_name: 'laptop', scopes: expect.arrayContaining(['run:read']) });
  expect((await inBrowser('/decision', { user_code, decision: 'approve' })).status).toBe(204);
  const granted = await poll(device_code);
  expect(granted.state).toBe('granted');
  expect(granted.scopes.filter((scope) => ['users:manage', 'settings:manage', 'secret:write', 'token:write', 'audit:read', 'runs:view:all'].includes(scope))).toEqual([]);
  expect((await poll(device_code)).state).toBe('expired_token');
  const as = granted.access_token as string;
  expect([(await api.call('GET', '/api/v1/runs', { as })).status, (await api.call('GET', '/api/v1/users', { as })).status, (await api.call('POST', '/api/v1/tokens', { as, json: { name: 'wider' } })).status]).toEqual([200, 403, 403]);
  expect(JSON.stringify([await api.deps.db.deviceLogin.findMany(), api.log])).not.toMatch(new RegExp(`${device_code}|${user_code}|${as}`));
  expect((await api.call('POST', '/api/v1/tokens/revoke', { as, json: { token: as } })).status).toBe(204);
  expect((await api.call('GET', '/api/v1/runs', { as })).status).toBe(401);
  expect((await api.deps.db.auditEvent.findMany({ where: { type: { in: ['device.approved', 'token.created', 'token.revoked'] } }, orderBy: { sequence: 'asc' } })).map((event) => event.type)).toEqual(['device.approved', 'token.created', 'token.revoked']);
});

it('a refusal, an end of its time, a foreign token and a guess give nothing', async () => {
  const [refused, late] = [await begin(), await begin()];
  expect((await inBrowser('/decision', { user_code: refused.user_code, decision: 'deny' })).status).toBe(204);
  expect((await poll(refused.device_code)).state).toBe('access_denied');
  expect((await inBrowser('/decision', { user_code: refused.user_code, decision: 'approve' })).status).toBe(404);
  await api.deps.db.deviceLogin.updateMany({ where: { state: 'pending' }, data: { expiresAt: new Date(0) } });
  expect([(await poll(late.device_code)).state, (await inBrowser('', { user_code: late.user_code })).status]).toEqual(['expired_token', 404]);
  const { user_code } = await begin();
  // An API token confirms nothing: it would make itself another.
  expect((await api.call('POST', '/api/v1/account/device/decision', { json: { user_code, decision: 'approve' } })).status).toBe(403);
  const [alice, bob] = await Promise.all([api.person('student'), api.person('student')]);
  expect((await api.call('POST', '/api/v1/tokens/revoke', { as: bob.token, json: { token: alice.token } })).status).toBe(204);
  expect((await api.call('GET', '/api/v1/runs', { as: alice.token })).status).toBe(200);
  for (let guess = 0; guess < 20; guess += 1) await inBrowser('', { user_code: 'BBBB-BBBB' });
  expect((await inBrowser('', { user_code: 'BBBB-BBBB' })).status).toBe(429);
});

it('many that nobody confirms are stopped', async () => {
  await api.deps.db.deviceLogin.deleteMany();
  await api.deps.db.rateLimit.deleteMany();
  for (let one = 0; one < 20; one += 1) await begin();
  const stopped = await api.call('POST', '/api/v1/session/device', { as: null, json: {} });
  expect([stopped.status, Number(stopped.headers.get('retry-after')) > 0]).toEqual([429, true]);
  // One household has 2^64 addresses.
  const from = async (address: string) => (await api.call('POST', '/api/v1/session/device', { as: null, json: {}, headers: { 'X-Forwarded-For': address } })).status;
  for (let one = 1; one <= 20; one += 1) expect(await from(`2001:db8:1:2::${one}`)).toBe(201);
  expect([await from('2001:db8:1:2:ffff::1'), await from('2001:db8:1:3::1')]).toEqual([429, 201]);
});
