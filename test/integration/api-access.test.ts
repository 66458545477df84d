import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '#api/endpoints';
import { createPrincipalCache, PRINCIPAL_TTL_MS } from '#api/principal-cache';
import { createServer } from '#api/server';
import type { Problem } from '#contracts/api/common.schema';
import { verifyAuditChain } from '#platform/repositories/audit';
import { asOwner } from '../support/servers.ts';
import { BOOTSTRAP_KEY, GOAL, SIGN_IN_TOKEN, startApi, type ApiUnderTest } from '../support/api.ts';

/** Control C13: a change of rights that another process made holds here within this time, ms. */
const WITHIN_MS = 5000;

let api: ApiUnderTest;
beforeAll(async () => { api = await startApi({ WEB_ORIGIN: 'http://127.0.0.1:3000' }); });
afterAll(() => api.close());

const ID = '0199aaaa-0000-7000-8000-000000000001';
const addressOf = (path: string) => path.replace('{provider}', 'openai').replace('{name}', 'openai').replaceAll(/\{\w+\}/g, ID);

describe('every endpoint', () => {
  it.each(endpoints.filter((endpoint) => endpoint.permission !== 'public' && endpoint.permission !== 'operator').map((endpoint) => [endpoint.method, endpoint.path] as const))('%s %s refuses without a credential, with a wrong one and with one in the query', async (method, path) => {
    for (const attempt of [{ as: null }, { as: 'awp_aaaaaaaaaaaa_0123456789012345678901234567890123456789abc' }, { as: `x' OR '1'='1` }]) {
      const reply = await api.call(method.toUpperCase(), addressOf(path), attempt);
      expect(reply.status).toBe(401);
      expect(reply.body as Problem).toMatchObject({ code: 'Unauthenticated', status: 401, type: '/problems/unauthenticated' });
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
    }
    expect((await api.call(method.toUpperCase(), `${addressOf(path)}?token=${BOOTSTRAP_KEY}`, { as: null })).status).toBe(401);
  });

  it.each([`' OR '1'='1`, `x'; DROP TABLE users; --`, `awp_aaaaaaaaaaaa_' UNION SELECT secret_hash FROM api_tokens --`, `awp_%_%`, '{"$ne":null}'])('takes no SQL in place of a token: %s', async (credential) => {
    const people = await api.deps.db.user.count();
    const sent: Record<string, string>[] = [{ Authorization: `Bearer ${credential.replaceAll(' ', '/**/')}` }, { Authorization: `Bearer ${credential}` }];
    for (const headers of sent) expect((await api.call('GET', '/api/v1/runs', { as: null, headers })).status).toBe(401);
    expect(await api.deps.db.user.count()).toBe(people);
  });

  it('authorises alone: headers by which a web framework passes its own guard, or a proxy names somebody, open nothing', async () => {
    const student = await api.person('student');
    const claims = { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware', 'x-nextjs-data': '1', rsc: '1', 'next-router-prefetch': '1', 'x-forwarded-user': 'admin', 'x-user-id': student.id, 'x-original-url': '/health', 'x-rewrite-url': '/health', 'x-http-method-override': 'GET' };
    expect((await api.call('GET', '/api/v1/users', { as: null, headers: claims })).status).toBe(401);
    expect((await api.call('GET', '/api/v1/users', { as: student.token, headers: claims })).status).toBe(403);
    for (const path of ['/api/v1/users.rsc', '/api/v1/users/', '/API/v1/users', '//api/v1/users', '/api/v1/users;x=1', '/api/v1/runs/../users']) expect([path, (await api.call('GET', path, { as: student.token })).status]).toEqual([path, expect.toSatisfy((status: number) => status === 403 || status === 404)]);
  });

  it('declares what it audits, and every write audits something', () => {
    const silent = endpoints.filter((endpoint) => endpoint.audit === 'none' && endpoint.method !== 'get').map((endpoint) => endpoint.operationId);
    expect(endpoints.every((endpoint) => endpoint.audit !== undefined)).toBe(true);
    // The others write nothing, a mark on a run of one's own, or a draft that nobody else sees: they check, estimate, preview, rate or keep; what a tool of
    // the MCP server asks is audited where it is asked.
    expect(silent.sort()).toEqual(['discardWorkingCopy', 'estimateWorkflow', 'executeQueuedRun', 'mcp', 'previewAccountLink', 'previewDeviceLogin', 'previewRerun', 'rateRun', 'saveWorkingCopy', 'startDeviceLogin', 'startOidcSignIn', 'validateDefinition', 'validateWorkflow', 'verifyEvidence']);
  });

  it('has its own operation id, address and method', () => {
    expect(new Set(endpoints.map((endpoint) => endpoint.operationId)).size).toBe(endpoints.length);
    expect(new Set(endpoints.map((endpoint) => `${endpoint.method} ${endpoint.path}`)).size).toBe(endpoints.length);
  });

  it('answers 405 with Allow for another method', async () => {
    const reply = await api.call('DELETE', '/api/v1/workflows');
    expect(reply.status).toBe(405);
    expect(reply.headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await api.call('PATCH', '/api/v1/runs')).status).toBe(405);
    expect((await api.call('PUT', '/api/v1/settings/secrets', { json: { provider: 'demo' } })).status).toBe(405);
  });

  it('answers 404 as a problem for an unknown address, and keeps a valid request id', async () => {
    const reply = await api.call('GET', '/api/v1/nothing', { headers: { 'X-Request-Id': 'my-request-0001' } });
    expect(reply.status).toBe(404);
    expect(reply.body as Problem).toMatchObject({ code: 'NotFound', request_id: 'my-request-0001', instance: '/api/v1/nothing' });
    expect((await api.call('GET', '/health', { headers: { 'X-Request-Id': 'a b' } })).headers.get('x-request-id')).not.toBe('a b');
  });
});

describe('roles and scopes', () => {
  it('a student may not start Full, and the refusal is audited when a route needs more than the token has', async () => {
    const student = await api.person('student');
    const full = await api.call('POST', '/api/v1/runs', { as: student.token, json: { workflow_id: 'learn_agentic_ai', run_mode: 'full_run', inputs: { learning_goal: 'Learn how agents use tools' } } });
    expect(full.status).toBe(403);
    expect(full.body as Problem).toMatchObject({ code: 'PermissionDenied', errors: [{ pointer: '#/run_mode' }] });
    const reader = await api.person('admin', ['workflow:read']);
    expect((await api.call('GET', '/api/v1/workflows', { as: reader.token })).status).toBe(200);
    const denied = await api.call('GET', '/api/v1/runs', { as: reader.token });
    expect(denied.status).toBe(403);
    expect(await api.deps.db.auditEvent.count({ where: { type: 'access.denied', subject: reader.id } })).toBe(1);
  });

  it('a token hands on at most its own rights, is shown once and dies when revoked or its owner is disabled', async () => {
    const narrow = await api.person('student', ['token:write', 'token:read', 'run:read']);
    expect((await api.call('POST', '/api/v1/tokens', { as: narrow.token, json: { name: 'wider', scopes: ['secret:write'] } })).status).toBe(403);
    const made = await api.call('POST', '/api/v1/tokens', { as: narrow.token, json: { name: 'same' } });
    expect(made.status).toBe(201);
    const { token, id, scopes } = made.body as { token: string; id: string; scopes: string[] };
    expect(scopes.toSorted()).toEqual(['run:read', 'token:read', 'token:write']);
    expect((await api.call('GET', '/api/v1/runs', { as: token })).status).toBe(200);
    expect((await api.call('GET', '/api/v1/secrets', { as: token })).status).toBe(404);
    const list = await api.call('GET', '/api/v1/tokens', { as: narrow.token });
    expect(list.text).not.toContain(token.slice(-20));
    expect(JSON.stringify(await api.deps.db.apiToken.findMany())).not.toContain(token.slice(-20));
    expect((await api.call('DELETE', `/api/v1/tokens/${id}`)).status).toBe(404);
    expect((await api.call('DELETE', `/api/v1/tokens/${id}`, { as: narrow.token })).status).toBe(204);
    expect((await api.call('GET', '/api/v1/runs', { as: token })).status).toBe(401);
    await api.deps.db.user.update({ where: { id: narrow.id }, data: { isActive: false } });
    await expect.poll(async () => (await api.call('GET', '/api/v1/runs', { as: narrow.token })).status, { timeout: WITHIN_MS, interval: 100 }).toBe(401);
  });

  it('a token that was used on two API processes stops on both within 5 s when it is revoked on one, on that one at once', async () => {
    const { id: userId, token } = await api.person('admin');
    const other = createServer({ ...api.deps, principals: createPrincipalCache() });
    await new Promise<void>((resolve) => { other.listen(0, '127.0.0.1', resolve); });
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/api/v1/runs`;
    const onOther = async () => (await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).status;
    try {
      expect([await onOther(), (await api.call('GET', '/api/v1/runs', { as: token })).status]).toEqual([200, 200]);
      const row = await api.deps.db.apiToken.findFirstOrThrow({ where: { userId } });
      expect((await api.call('DELETE', `/api/v1/tokens/${row.id}`, { as: token })).status).toBe(204);
      expect((await api.call('GET', '/api/v1/runs', { as: token })).status).toBe(401);
      await expect.poll(onOther, { timeout: WITHIN_MS, interval: 100 }).toBe(401);
    } finally {
      await new Promise<void>((resolve) => { other.close(() => resolve()); other.closeAllConnections(); });
    }
  });

  it('an open stream ends within 5 s of the moment at which another process took the right to read; those of others stay open', async () => {
    const [revoked, disabled, kept] = [await api.person('researcher'), await api.person('researcher'), await api.person('researcher')];
    const follow = async ({ token }: { token: string }) => {
      const { id } = (await api.call('POST', '/api/v1/runs', { as: token, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL } } })).body as { id: string };
      const leaving = new AbortController();
      const stream = await fetch(`${api.url}/api/v1/runs/${id}/stream`, { headers: { Authorization: `Bearer ${token}` }, signal: leaving.signal });
      let endedAt = 0;
      stream.text().catch(() => '').then(() => { endedAt = Date.now(); }, () => undefined);
      return { status: stream.status, endedAt: () => endedAt, leave: () => { leaving.abort(); } };
    };
    const [first, second, third] = [await follow(revoked), await follow(disabled), await follow(kept)];
    expect([first.status, second.status, third.status]).toEqual([200, 200, 200]);
    // The worst moment: this process asked the database an instant ago.
    await Promise.all([revoked, disabled].map(async ({ token }) => { await new Promise((resolve) => { setTimeout(resolve, PRINCIPAL_TTL_MS); }); await api.call('GET', '/api/v1/runs', { as: token }); }));
    const at = Date.now();
    await api.deps.db.apiToken.updateMany({ where: { userId: revoked.id }, data: { revokedAt: new Date() } });
    await api.deps.db.user.update({ where: { id: disabled.id }, data: { isActive: false } });
    await expect.poll(() => Math.min(first.endedAt(), second.endedAt()), { timeout: 2 * WITHIN_MS, interval: 50 }).toBeGreaterThan(0);
    expect(Math.max(first.endedAt(), second.endedAt()) - at).toBeLessThan(WITHIN_MS);
    expect(third.endedAt()).toBe(0);
    third.leave();
  });

  it('one network is one asker in the limit of sign-ins, however it writes its address', async () => {
    const forms = ['2001:db8:1:2::1', '2001:0db8:0001:0002:0:0:0:1', '2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2:0:0:1.2.3.4'];
    for (let attempt = 0; attempt < 20; attempt += 1) await api.deps.limits.signInFailure(forms[attempt % forms.length] ?? '');
    for (const form of forms) await expect(api.deps.limits.signInAllowed(form), form).rejects.toMatchObject({ code: 'RateLimited' });
    await expect(api.deps.limits.signInAllowed('2001:db8:1:3::1')).resolves.toBeUndefined();
  });

  it('an expired token is refused', async () => {
    const { id, token } = await api.person('student');
    await api.deps.db.apiToken.updateMany({ where: { userId: id }, data: { expiresAt: new Date(Date.now() - 1000) } });
    expect((await api.call('GET', '/api/v1/runs', { as: token })).status).toBe(401);
  });
});

describe('sign-in link and session', () => {
  const cookieOf = (headers: Headers) => headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = { Origin: 'http://127.0.0.1:3000' };

  it('works once, even when sent twice at the same moment; the cookie is a new random token of which only the hash is stored', async () => {
    const refused = await api.call('POST', '/api/v1/session/sign-in-link', { as: null, json: { token: 'not-the-token-0123456789' } });
    expect(refused.status).toBe(401);
    const replies = await Promise.all([1, 2, 3].map(() => api.call('POST', '/api/v1/session/sign-in-link', { as: null, json: { token: SIGN_IN_TOKEN }, headers: { ...page, Cookie: 'awp_session=0123456789012345678901234567890123456789abc' } })));
    // A stale cookie is a wrong credential: signing in must work all the same.
    expect(replies.map((reply) => reply.status).toSorted((a, b) => a - b)).toEqual([200, 401, 401]);
    const signedIn = replies.find((reply) => reply.status === 200);
    const setCookie = signedIn?.headers.get('set-cookie') ?? '';
    expect(setCookie).toMatch(/^awp_session=[A-Za-z0-9_-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    const cookie = cookieOf(signedIn?.headers as Headers);
    expect(JSON.stringify(await api.deps.db.session.findMany())).not.toContain(cookie.split('=')[1]);

    expect((await api.call('GET', '/api/v1/session', { as: null, headers: { Cookie: cookie } })).body).toMatchObject({ kind: 'session', user: { role: 'admin' } });
    await crossSiteWritesAreRefused(cookie);

    const out = await api.call('DELETE', '/api/v1/session', { as: null, headers: { Cookie: cookie, ...page } });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^awp_session=; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax$/);
    expect((await api.call('GET', '/api/v1/session', { as: null, headers: { Cookie: cookie } })).status).toBe(401);
  });

  async function crossSiteWritesAreRefused(cookie: string) {
    const attempts: [Record<string, string>, number][] = [
      [{}, 403], [{ Origin: 'https://evil.example' }, 403], [{ Origin: 'null' }, 403], [{ 'Sec-Fetch-Site': 'cross-site' }, 403], [{ 'Sec-Fetch-Site': 'same-site' }, 403],
      [{ Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' }, 403], [{ 'Sec-Fetch-Site': 'same-origin' }, 201], [page, 201], [{ Origin: 'http://localhost:3000' }, 201],
    ];
    for (const [headers, status] of attempts) {
      const reply = await api.call('POST', '/api/v1/tokens', { as: null, json: { name: 'csrf' }, headers: { Cookie: cookie, ...headers } });
      expect([headers, reply.status]).toEqual([headers, status]);
    }
    const refused = await api.deps.db.auditEvent.findMany({ where: { type: 'access.denied', resource: 'route/api/v1/tokens', actorKind: 'session' } });
    expect(refused.map(({ data }) => (data as { detail: string }).detail)).toEqual(attempts.filter(([, status]) => status === 403).map(() => 'This request comes from another site.'));
  }

  it('a foreign origin gets no CORS header, ours gets exactly its own', async () => {
    expect((await api.call('GET', '/health', { headers: { Origin: 'https://evil.example' } })).headers.get('access-control-allow-origin')).toBeNull();
    const ours = await api.call('OPTIONS', '/api/v1/runs', { as: null, headers: { ...page, 'Access-Control-Request-Method': 'POST' } });
    expect(ours.status).toBe(204);
    expect(ours.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:3000');
    expect(ours.headers.get('access-control-max-age')).toBe('3600');
  });
});

describe('audit log', () => {
  it('is one unbroken chain after parallel writers, and a changed row is named', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => api.person('student')));
    await Promise.all(people.flatMap((someone) => [1, 2, 3, 4].map(() => api.call('POST', '/api/v1/tokens', { as: someone.token, json: { name: 'parallel' } }))));
    const whole = await verifyAuditChain(api.deps.db);
    expect(whole.brokenAt).toBeNull();
    expect(whole.checked).toBeGreaterThanOrEqual(20);
    const victim = await api.deps.db.auditEvent.findFirstOrThrow({ orderBy: { sequence: 'asc' }, skip: 3 });
    await expect(api.deps.pool.query('UPDATE audit_events SET type = $1 WHERE id = $2', ['forged', victim.id])).rejects.toThrow(/immutable|permission denied/);
    await asOwner(api.deps.config.DATABASE_URL ?? '', async (client) => {
      await client.query('ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only');
      await client.query('UPDATE audit_events SET subject = NULL, type = $1 WHERE id = $2', ['forged', victim.id]);
      await client.query('ALTER TABLE audit_events ENABLE TRIGGER audit_events_append_only');
    });
    expect((await verifyAuditChain(api.deps.db)).brokenAt).toBe(victim.sequence);
  });
});
