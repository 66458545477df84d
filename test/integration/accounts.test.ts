import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '#api/accounts/password-hash';
import type { AccountWire, MadeLinkWire, SessionRowWire, UserWire } from '#contracts/api/accounts.schema';
import type { Problem } from '#contracts/api/common.schema';
import { createUser, writePasswordHash } from '#platform/repositories/users';
import { accountsOf, cookiesOf, PASSWORD, sessionOf } from '../support/accounts.ts';
import { GOAL, SIGN_IN_TOKEN, startApi, type ApiUnderTest, type Reply } from '../support/api.ts';
import { startIssuer, type Issuer } from '../support/oidc-issuer.ts';

/** Controls C1–C3, C6 and C7, and the ways in. */
const ORIGIN = { Origin: 'http://127.0.0.1:3000' };
let api: ApiUnderTest;
let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer('awp');
  api = await startApi({ WEB_ORIGIN: 'http://127.0.0.1:3000', TRUST_PROXY_HOPS: '1', AWP_OIDC_PROVIDERS: JSON.stringify([{ id: 'campus', name: 'Campus', client_id: 'awp', client_secret: 'campus-secret', discovery_url: `${issuer.url}/.well-known/openid-configuration` },
    { id: 'github', name: 'GitHub', client_id: 'awp', client_secret: 'github-secret', authorization_url: `${issuer.url}/authorize`, token_url: `${issuer.url}/token`, user_info_url: `${issuer.url}/user`, verified_emails_url: `${issuer.url}/user/emails`, scopes: ['read:user', 'user:email'] }]) });
});
afterAll(async () => { await api.close(); await issuer.close(); });

const { call, signIn, somebody } = accountsOf(() => api, ORIGIN);

describe('e-mail and password', () => {
  it('signs in with a new token each time, of which only the hash is stored; argon2id with the asked costs', async () => {
    const { id, email } = await somebody();
    const reply = await signIn(email.toUpperCase(), PASSWORD, 'awp_session=0123456789012345678901234567890123456789abc');
    expect([reply.status, reply.text]).toEqual([200, expect.stringContaining(email)]);
    expect(reply.headers.getSetCookie().find((cookie) => cookie.startsWith('awp_session='))).toMatch(/^awp_session=[A-Za-z0-9_-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    const cookie = sessionOf(reply);
    expect((await call('GET', '/api/v1/session', cookie)).body).toMatchObject({ kind: 'session', user: { id, role: 'researcher' } });
    const renewed = sessionOf(await signIn(email, PASSWORD, cookie));
    expect([renewed === cookie, (await call('GET', '/api/v1/session', cookie)).status, (await call('GET', '/api/v1/session', renewed)).status]).toEqual([false, 401, 200]);
    expect(JSON.stringify(await api.deps.db.session.findMany())).not.toContain(cookie.split('=')[1]);
    const account = await api.deps.db.account.findFirstOrThrow({ where: { userId: id } });
    expect(account.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(reply.text + api.log.join('')).not.toContain(PASSWORD);
  });

  it('tells nobody whether an account exists: same words, same limit', async () => {
    const { email } = await somebody();
    const off = await somebody();
    await api.deps.db.user.update({ where: { id: off.id }, data: { isActive: false } });
    const tries = [[email, 'wrong wrong wrong'], ['nobody@example.test', 'wrong wrong wrong'], [off.email, PASSWORD]] as const;
    const replies = await Promise.all(tries.map(([address, password]) => signIn(address, password)));
    const told = replies.map(({ status, body }) => { const { detail, code, remedy } = body as Problem; return { status, detail, code, remedy }; });
    expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(told[0]?.status).toBe(401);
    for (const address of [email, 'nobody@example.test']) {
      let last: Reply | undefined;
      for (let count = 0; count < 11; count += 1) { await api.deps.db.rateLimit.deleteMany({ where: { key: { startsWith: 'sign-in' } } }); last = await signIn(address, 'wrong wrong wrong'); }
      expect([last?.status, (last?.body as Problem | undefined)?.code]).toEqual([429, 'RateLimited']);
      expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    // A stranger's guesses lock nobody out elsewhere, nor do questions for a link.
    const elsewhere = (password: string) => api.call('POST', '/api/v1/session/sign-in', { as: null, json: { email, password }, headers: { ...ORIGIN, 'X-Forwarded-For': '192.0.2.7' } });
    for (let count = 0; count < 11; count += 1) await api.call('POST', '/api/v1/session/forgot-password', { as: null, json: { email }, headers: { ...ORIGIN, 'X-Forwarded-For': '192.0.2.7' } });
    expect([(await signIn(email, PASSWORD)).status, (await elsewhere(PASSWORD)).status]).toEqual([429, 200]);
    await api.deps.db.rateLimit.deleteMany();
  });

  it('looks at no more passwords at once than one after the other', async () => {
    const { email } = await somebody();
    const statuses = (await Promise.all(Array.from({ length: 40 }, () => signIn(email, 'wrong wrong wrong')))).map(({ status }) => status);
    expect([statuses.filter((status) => status === 401).length, new Set(statuses)]).toEqual([10, new Set([401, 429])]);
    await api.deps.db.rateLimit.deleteMany();
    const right = await Promise.all(Array.from({ length: 8 }, () => signIn(email, PASSWORD)));
    expect(right.map(({ status }) => status)).toEqual(right.map(() => 200));
    expect((await signIn(email, PASSWORD)).status).toBe(200);
    await api.deps.db.rateLimit.deleteMany();
  });

  it('two passwords that differ after 72 bytes are two; one is the same in both Unicode forms', async () => {
    const { id, email } = await somebody();
    const long = `${'a long sentence with many different words in it '.repeat(2)}x`;
    const hash = await hashPassword(`${long} é`);
    await api.deps.db.$transaction((tx) => writePasswordHash(tx, id, hash));
    expect((await signIn(email, `${long} e`)).status).toBe(401);
    expect((await signIn(email, `${long} é`.normalize('NFD'))).status).toBe(200);
  });

  it('a hash of other costs is replaced at the next sign-in', async () => {
    const { id, email } = await somebody();
    const { hash } = await import('@node-rs/argon2');
    await api.deps.db.account.updateMany({ where: { userId: id }, data: { password: await hash(PASSWORD, { memoryCost: 8192, timeCost: 1, parallelism: 1 }) } });
    expect((await signIn(email, PASSWORD)).status).toBe(200);
    expect((await api.deps.db.account.findFirstOrThrow({ where: { userId: id } })).password).toContain('m=19456,t=2,p=1');
  });
});

describe('sessions', () => {
  it('are listed, ended one by one and all others at once; a new password ends them and the tokens', async () => {
    const { email } = await somebody();
    const [here, there, elsewhere] = [sessionOf(await signIn(email, PASSWORD)), sessionOf(await signIn(email, PASSWORD)), sessionOf(await signIn(email, PASSWORD))];
    const rows = (await call('GET', '/api/v1/sessions', here)).body as SessionRowWire[];
    expect(rows).toHaveLength(3);
    expect(rows.filter((row) => row.current)).toHaveLength(1);
    const stranger = sessionOf(await signIn((await somebody()).email, PASSWORD));
    const other = rows.find((row) => !row.current)?.id ?? '';
    expect((await call('DELETE', `/api/v1/sessions/${other}`, stranger)).status).toBe(404);
    expect((await call('DELETE', `/api/v1/sessions/${other}`, here)).status).toBe(204);
    expect((await call('DELETE', '/api/v1/sessions', here)).body).toEqual({ ended: 1 });
    for (const cookie of [there, elsewhere]) expect((await call('GET', '/api/v1/session', cookie)).status).toBe(401);
    const { token } = (await call('POST', '/api/v1/tokens', here, { name: 'mine' })).body as { token: string };
    const again = sessionOf(await signIn(email, PASSWORD));
    expect((await call('POST', '/api/v1/account/password', here, { current_password: 'not my password', new_password: 'boots under the piano' })).body).toMatchObject({ errors: [{ pointer: '#/current_password' }] });
    expect((await call('POST', '/api/v1/account/password', here, { current_password: PASSWORD, new_password: 'passwordpassword' })).body).toMatchObject({ errors: [{ pointer: '#/new_password' }] });
    expect((await call('POST', '/api/v1/account/password', here, { current_password: PASSWORD, new_password: 'boots under the piano' })).status).toBe(204);
    expect([(await call('GET', '/api/v1/session', again)).status, (await api.call('GET', '/api/v1/runs', { as: token })).status, (await call('GET', '/api/v1/session', here)).status]).toEqual([401, 401, 200]);
    expect([(await signIn(email, PASSWORD)).status, (await signIn(email, 'boots under the piano')).status]).toEqual([401, 200]);
  });
});

describe('links of the administrator', () => {
  const tokenOf = (made: MadeLinkWire) => made.url?.split('#')[1] ?? '';

  it('an invitation makes one account with its role, once; a second one ends the first', async () => {
    const email = `${randomUUID()}@example.test`;
    const invite = async () => (await api.call('POST', '/api/v1/invitations', { json: { email, role: 'student' } })).body as MadeLinkWire;
    const [old, fresh] = [await invite(), await invite()];
    expect(fresh.url).toMatch(/^http:\/\/127\.0\.0\.1:3000\/invitation#[\w-]{43}$/);
    expect(JSON.stringify(await api.deps.db.accountLink.findMany())).not.toContain(tokenOf(fresh));
    const accept = (made: MadeLinkWire, extra: object = {}) => call('POST', '/api/v1/session/invitation', '', { token: tokenOf(made), name: 'Grace', password: PASSWORD, ...extra });
    expect((await accept(old)).status).toBe(401);
    expect((await call('POST', '/api/v1/session/link', '', { token: tokenOf(fresh) })).body).toMatchObject({ kind: 'invitation', email });
    expect((await accept(fresh, { password: 'short' })).body).toMatchObject({ errors: [{ pointer: '#/password' }] });
    expect((await accept(fresh, { role: 'admin' })).body).toMatchObject({ errors: [{ pointer: '#/role' }] });
    const replies = await Promise.all([accept(fresh), accept(fresh)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 401]);
    expect((await signIn(email, PASSWORD)).body).toMatchObject({ user: { role: 'student', name: 'Grace' } });
    expect((await api.call('POST', '/api/v1/invitations', { json: { email } })).status).toBe(409);
    for (const token of [null, '', [], {}, 'x']) expect((await call('POST', '/api/v1/session/invitation', '', { token, name: 'Eve', password: PASSWORD })).status).toBe(400);
  });

  it('a link to a new password ends every session and token of the account, and works once', async () => {
    const { id, email } = await somebody();
    const cookie = sessionOf(await signIn(email, PASSWORD));
    const { token } = (await call('POST', '/api/v1/tokens', cookie, { name: 'mine' })).body as { token: string };
    const overtaken = (await api.call('POST', `/api/v1/users/${id}/password-reset`)).body as MadeLinkWire;
    expect((await call('POST', '/api/v1/account/password', cookie, { current_password: PASSWORD, new_password: 'a lamp in the orchard' })).status).toBe(204);
    // Whoever has the mailbox as well must not set another one over it.
    expect((await call('POST', '/api/v1/session/reset-password', '', { token: tokenOf(overtaken), password: 'boots under the piano' })).status).toBe(401);
    const made = (await api.call('POST', `/api/v1/users/${id}/password-reset`)).body as MadeLinkWire;
    const reset = () => call('POST', '/api/v1/session/reset-password', '', { token: tokenOf(made), password: 'boots under the piano' });
    expect([(await reset()).status, (await reset()).status]).toEqual([204, 401]);
    expect([(await call('GET', '/api/v1/session', cookie)).status, (await api.call('GET', '/api/v1/runs', { as: token })).status]).toEqual([401, 401]);
    expect((await signIn(email, 'boots under the piano')).status).toBe(200);
    for (const bad of [null, '', [], {}]) expect((await call('POST', '/api/v1/session/reset-password', '', { token: bad, password: 'boots under the piano' })).status).toBe(400);
  });

  it('who forgot the password gets the same answer with and without an account; the mail hook gets the link', async () => {
    const mails: { to: string; text: string }[] = [];
    const hook = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => { body += chunk.toString(); }).on('end', () => { mails.push(JSON.parse(body) as { to: string; text: string }); response.end(); });
    });
    await new Promise<void>((resolve) => { hook.listen(0, '127.0.0.1', resolve); });
    const mailing = await startApi({ WEB_ORIGIN: 'http://127.0.0.1:3000', AWP_MAIL_HOOK_URL: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/` });
    try {
      const user = await createUser(mailing.deps.db, { name: 'Ada', email: 'ada@example.test', role: 'student' });
      const forgot = (email: string) => mailing.call('POST', '/api/v1/session/forgot-password', { as: null, json: { email }, headers: ORIGIN });
      const [known, unknown] = [await forgot('ada@example.test'), await forgot('nobody@example.test')];
      expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
      await expect.poll(() => mails.length).toBe(1);
      expect(mails[0]).toMatchObject({ to: 'ada@example.test' });
      const token = /#([\w-]{43})/.exec(mails[0]?.text ?? '')?.[1];
      expect((await mailing.call('POST', '/api/v1/session/reset-password', { as: null, json: { token, password: PASSWORD }, headers: ORIGIN })).status).toBe(204);
      const invited = (await mailing.call('POST', '/api/v1/invitations', { json: { email: 'new@example.test' } })).body as MadeLinkWire;
      expect(invited).toMatchObject({ mailed: true, url: null });
      expect(user.role).toBe('student');
    } finally {
      await mailing.close();
      await new Promise<void>((resolve) => { hook.close(() => resolve()); });
    }
  });
});

describe('people', () => {
  it('only an administrator sees and changes them; the last one stays; who is switched off is out at once', async () => {
    const { id, email } = await somebody('student');
    const cookie = sessionOf(await signIn(email, PASSWORD));
    expect((await call('GET', '/api/v1/users', cookie)).status).toBe(403);
    expect((await call('PUT', `/api/v1/users/${id}`, cookie, { role: 'admin' })).status).toBe(403);
    const listed = (await api.call('GET', '/api/v1/users')).body as UserWire[];
    expect(listed.find((user) => user.id === id)).toMatchObject({ role: 'student', has_password: true, sessions: 1 });
    expect((await api.call('PUT', `/api/v1/users/${id}`, { json: { role: 'researcher' } })).body).toMatchObject({ role: 'researcher' });
    expect((await call('GET', '/api/v1/session', cookie)).status).toBe(401);
    const again = sessionOf(await signIn(email, PASSWORD));
    expect((await api.call('PUT', `/api/v1/users/${id}`, { json: { is_active: false } })).status).toBe(200);
    expect([(await call('GET', '/api/v1/session', again)).status, (await signIn(email, PASSWORD)).status]).toEqual([401, 401]);
    const admins = (await api.call('GET', '/api/v1/users')).body as UserWire[];
    const only = admins.filter((user) => user.role === 'admin' && user.is_active);
    expect(only).toHaveLength(1);
    for (const change of [{ role: 'student' }, { is_active: false }]) expect((await api.call('PUT', `/api/v1/users/${only[0]?.id}`, { json: change })).status).toBe(409);
  });
});

describe('who is no administrator any more', () => {
  const linkOf = (made: Reply) => ((made.body as MadeLinkWire).url ?? '').split('#')[1] ?? '';
  it.each([['was switched off', { is_active: false }], ['was made a researcher', { role: 'researcher' }]])('and %s comes back by no link of their own making', async (_how, change) => {
    const { id, email } = await somebody('admin');
    const cookie = sessionOf(await signIn(email, PASSWORD));
    const back = linkOf(await call('POST', '/api/v1/invitations', cookie, { email: `${randomUUID()}@example.test`, role: 'admin' }));
    const other = linkOf(await call('POST', `/api/v1/users/${(await somebody()).id}/password-reset`, cookie));
    expect((await api.call('PUT', `/api/v1/users/${id}`, { json: change })).status).toBe(200);
    expect((await call('POST', '/api/v1/session/invitation', '', { token: back, name: 'Eve', password: PASSWORD })).status).toBe(401);
    expect((await call('POST', '/api/v1/session/reset-password', '', { token: other, password: 'boots under the piano' })).status).toBe(401);
    expect(await api.deps.db.auditEvent.findFirst({ where: { type: 'user.changed', resource: `user/${id}` } })).toMatchObject({ data: { links_ended: 2 } });
  });
});

describe('the local sign-in link', () => {
  it('becomes a real account, and every run of its person stays theirs', async () => {
    const cookie = sessionOf(await call('POST', '/api/v1/session/sign-in-link', '', { token: SIGN_IN_TOKEN }));
    const run = (await call('POST', '/api/v1/runs', cookie, { workflow_id: 'learn_agentic_ai', provider: 'demo', inputs: { learning_goal: GOAL } })).body as { id: string };
    const account = await call('POST', '/api/v1/account/credentials', cookie, { name: 'Ada Lovelace', email: 'ada@example.test', password: PASSWORD });
    expect([account.status, account.body as AccountWire]).toEqual([200, expect.objectContaining({ email: 'ada@example.test', has_password: true, role: 'admin' })]);
    expect((await call('POST', '/api/v1/account/credentials', cookie, { name: 'Eve', email: 'eve@example.test', password: PASSWORD })).status).toBe(409);
    const signedIn = sessionOf(await signIn('ada@example.test', PASSWORD));
    expect((await call('GET', `/api/v1/runs/${run.id}`, signedIn)).status).toBe(200);
    expect((await api.call('POST', '/api/v1/account/credentials', { json: { name: 'Eve', email: 'eve@example.test', password: PASSWORD } })).status).toBe(403);
  });
});

describe('OpenID Connect', () => {
  async function roundTrip(person: { sub: string; email: string; email_verified: boolean; name: string }, at = 'campus'): Promise<Reply> {
    const start = await call('POST', `/api/v1/session/oidc/${at}`, '', undefined);
    const { url } = start.body as { url: string };
    const asked = new URL(url).searchParams;
    expect([asked.get('client_id'), asked.get('code_challenge_method'), asked.get('redirect_uri')]).toEqual(['awp', 'S256', `http://127.0.0.1:3000/api/v1/session/oidc/callback/${at}`]);
    return call('GET', `/api/v1/session/oidc/callback/${at}?${issuer.approve(url, { ...person, plain: at === 'github' })}`, cookiesOf(start).join('; '));
  }

  it('signs in the person whose verified address has an account here, and nobody else', async () => {
    expect((await call('GET', '/api/v1/session/methods', '')).body).toMatchObject({ password: true, oidc: [{ id: 'campus', name: 'Campus' }, { id: 'github', name: 'GitHub' }] });
    const { id, email } = await somebody();
    const reply = await roundTrip({ sub: 's-1', email, email_verified: true, name: 'Ada' });
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/']);
    expect((await call('GET', '/api/v1/session', sessionOf(reply))).body).toMatchObject({ user: { id } });
    for (const person of [{ sub: 's-2', email: 'stranger@example.test', email_verified: true, name: 'Eve' }, { sub: 's-3', email: (await somebody()).email, email_verified: false, name: 'Eve' }]) {
      const refused = await roundTrip(person);
      expect([refused.status, refused.headers.get('location'), sessionOf(refused)]).toEqual([303, '/sign-in?error=oidc', '']);
    }
    expect(await api.deps.db.user.count({ where: { email: 'stranger@example.test' } })).toBe(0);
    const forged = await call('GET', '/api/v1/session/oidc/callback/campus?code=x&state=forged', '');
    expect([forged.status, forged.headers.get('location'), sessionOf(forged)]).toEqual([303, '/sign-in?error=oidc', '']);
    expect((await call('POST', '/api/v1/session/oidc/elsewhere', '', undefined)).status).toBe(404);
  });

  it('a service without OpenID Connect, as GitHub, counts by the address that it lists as verified', async () => {
    const { id, email } = await somebody();
    const reply = await roundTrip({ sub: '4711', email, email_verified: true, name: 'ada' }, 'github');
    expect([reply.status, reply.headers.get('location')]).toEqual([303, '/']);
    expect((await call('GET', '/api/v1/session', sessionOf(reply))).body).toMatchObject({ user: { id } });
    const refused = await roundTrip({ sub: '4712', email: (await somebody()).email, email_verified: false, name: 'eve' }, 'github');
    expect([refused.status, refused.headers.get('location'), sessionOf(refused)]).toEqual([303, '/sign-in?error=oidc', '']);
  });
});

describe('what is done at a sign-in', () => {
  it('is in the audit log, without passwords, tokens or codes', async () => {
    const types = new Set((await api.deps.db.auditEvent.findMany({ select: { type: true } })).map(({ type }) => type));
    for (const type of ['session.created', 'session.refused', 'session.ended', 'user.invited', 'user.created', 'user.changed', 'user.password_changed', 'user.password_reset', 'user.password_reset_requested', 'user.credentials_set']) expect([type, types.has(type)]).toEqual([type, true]);
    expect(JSON.stringify(await api.deps.db.auditEvent.findMany({ select: { data: true } }))).not.toMatch(/kettle|piano/);
  });
});
