import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '#api/accounts/password-hash';
import { createUser, writePasswordHash } from '#platform/repositories/users';
import { GOAL, SIGN_IN_TOKEN, startApi, type ApiUnderTest, type Reply } from '../support/api.ts';
import { totp } from '../support/totp.ts';

/** The whole set of headers of each kind of answer, as production gives it: a header that comes, goes or changes is seen here. */
const ORIGIN = 'https://awp.example';
const PASSWORD = 'kettle ship armchair';
let api: ApiUnderTest;
beforeAll(async () => { api = await startApi({ AWP_ENV: 'production', WEB_ORIGIN: ORIGIN }); });
afterAll(() => api.close());

const LOOSE = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding', 'x-request-id', 'etag', 'content-type', 'link', 'x-total-count', 'vary', 'location', 'cache-control', 'allow', 'www-authenticate', 'retry-after', 'content-disposition', 'set-cookie']);
const SECURITY = {
  'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none';object-src 'none';img-src 'self'", 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-site', 'origin-agent-cluster': '?1',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()', 'referrer-policy': 'strict-origin-when-cross-origin', 'strict-transport-security': 'max-age=31536000; includeSubDomains', 'x-content-type-options': 'nosniff', 'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen', 'x-frame-options': 'DENY', 'x-permitted-cross-domain-policies': 'none', 'x-xss-protection': '0',
};

describe('headers', () => {
  it('are the same whole set on 200, 304, 400, 401, 404, 405 and 415', async () => {
    const etag = (await api.call('GET', '/api/v1/workflows')).headers.get('etag') ?? '';
    const asked = [
      await api.call('GET', '/api/v1/workflows'), await api.call('GET', '/api/v1/workflows', { headers: { 'If-None-Match': etag } }), await api.call('GET', '/api/v1/runs/not-a-uuid'), await api.call('GET', '/api/v1/runs', { as: null }),
      await api.call('GET', '/nowhere'), await api.call('POST', '/health'), await api.call('POST', '/api/v1/runs', { raw: 'x', headers: { 'Content-Type': 'text/plain' } }), await api.call('GET', '/api/v1/audit/export?format=csv'),
    ];
    expect(asked.map(({ status }) => status)).toEqual([200, 304, 400, 401, 404, 405, 415, 200]);
    for (const { status, headers } of asked) expect([status, Object.fromEntries([...headers].filter(([name]) => !LOOSE.has(name)))]).toEqual([status, SECURITY]);
    for (const { status, headers } of asked.filter((reply) => reply.status !== 304)) if (headers.get('etag') === null) expect([status, headers.get('cache-control')]).toEqual([status, 'no-store']);
  });

  it('are the same on a live stream; an archive says besides that nothing in it is a page', async () => {
    const { token } = await api.person('researcher');
    const { id } = (await api.call('POST', '/api/v1/runs', { as: token, json: { workflow_id: 'learn_agentic_ai', run_mode: 'validate_only', provider: 'demo', inputs: { learning_goal: GOAL } } })).body as { id: string };
    const stopped = new AbortController();
    const stream = await fetch(`${api.url}/api/v1/runs/${id}/stream`, { headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream' }, signal: stopped.signal });
    const zip = await api.call('GET', `/api/v1/runs/${id}/artifacts?format=zip`, { as: token });
    expect([stream.status, zip.status]).toEqual([200, 200]);
    const shown = (headers: Headers) => Object.fromEntries([...headers].filter(([name]) => !LOOSE.has(name) && !['x-accel-buffering', 'pragma'].includes(name)));
    expect(shown(stream.headers)).toEqual(SECURITY);
    expect(shown(zip.headers)).toEqual({ ...SECURITY, 'content-security-policy': "default-src 'none'; sandbox" });
    for (const { headers } of [stream, zip]) expect(headers.get('cache-control')).toMatch(/no-store|private/);
    stopped.abort();
  });

  it('production tells browsers to come by HTTPS only, and its cookie never travels without it', async () => {
    const reply = await api.call('POST', '/api/v1/session/sign-in-link', { as: null, json: { token: SIGN_IN_TOKEN }, headers: { Origin: ORIGIN } });
    expect(reply.headers.get('strict-transport-security')).toContain('max-age=31536000');
    const cookie = reply.headers.getSetCookie().find((each) => each.startsWith('__Host-')) ?? '';
    for (const attribute of ['Secure', 'HttpOnly', 'Path=/', 'SameSite=Lax']) expect(cookie).toMatch(new RegExp(`; ${attribute}(;|$)`, 'i'));
  });

  it('every other cookie of production is bound to this host as well, and only so it is taken', async () => {
    const user = await createUser(api.deps.db, { name: 'Ada', email: 'ada@example.test', role: 'student', emailVerified: true });
    const hash = await hashPassword(PASSWORD);
    await api.deps.db.$transaction((tx) => writePasswordHash(tx, user.id, hash));
    const call = (path: string, json: unknown, cookie = '') => api.call('POST', `/api/v1/${path}`, { as: null, json, headers: { Origin: ORIGIN, ...(cookie ? { Cookie: cookie } : {}) } });
    const cookiesOf = (reply: Reply) => reply.headers.getSetCookie().filter((each) => !/^[^=]+=;/.test(each));
    const pairs = (reply: Reply) => cookiesOf(reply).map((each) => each.split(';')[0]).join('; ');
    const signIn = () => call('session/sign-in', { email: 'ada@example.test', password: PASSWORD });
    const signedIn = pairs(await signIn());
    const { secret } = (await call('account/two-factor', { password: PASSWORD }, signedIn)).body as { secret: string };
    expect((await call('account/two-factor/confirm', { code: totp(secret, Date.now() - 30_000) }, signedIn)).status).toBe(204);
    const half = await signIn();
    expect(cookiesOf(half).length).toBeGreaterThan(0);
    for (const cookie of cookiesOf(half)) {
      expect(cookie).toMatch(/^__Host-/);
      expect(cookie).not.toMatch(/; Domain/i);
      for (const attribute of ['Secure', 'HttpOnly', 'Path=/']) expect(cookie).toMatch(new RegExp(`; ${attribute}(;|$)`, 'i'));
    }
    expect((await call('session/second-factor', { code: totp(secret) }, pairs(half).replaceAll('__Host-', '__Secure-'))).status).toBe(401);
    expect((await call('session/second-factor', { code: totp(secret, Date.now() + 30_000) }, pairs(half))).status).toBe(200);
  });

  it('what one person planted in a run is no header, page or script of anybody', async () => {
    const { token } = await api.person('researcher');
    const payload = `<script>alert(1)</script><img src=x onerror=alert(1)>\r\nSet-Cookie: a=b ${GOAL}`;
    const made = await api.call('POST', '/api/v1/runs', { as: token, json: { workflow_id: 'learn_agentic_ai', run_mode: 'validate_only', inputs: { learning_goal: payload } } });
    expect(made.status).toBe(201);
    const read = await api.call('GET', `/api/v1/runs/${(made.body as { id: string }).id}`, { as: token });
    expect([read.headers.get('content-type'), read.headers.get('x-content-type-options'), read.headers.get('set-cookie')]).toEqual([expect.stringContaining('application/json'), 'nosniff', null]);
  });
});

it('no statement of the product is put together from text of a request', () => {
  const files = execFileSync('git', ['ls-files', 'api', 'platform', 'activities', 'worker'], { encoding: 'utf8' }).split('\n').filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const unsafe = files.filter((file) => /\$(?:queryRawUnsafe|executeRawUnsafe)\b/.test(readFileSync(path.resolve(file), 'utf8')));
  // The one place takes prepared texts of our own with $1 in place of values.
  expect(unsafe).toEqual(['platform/sql.ts']);
});
