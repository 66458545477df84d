import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MadeLinkWire, TwoFactorSetupWire } from '#contracts/api/accounts.schema';
import { accountsOf, cookiesOf, PASSWORD, sessionOf } from '../support/accounts.ts';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { totp } from '../support/totp.ts';

/** Second factors (ASVS 5 §6.5): codes of an app, backup codes, what happens when they are lost. */
const ORIGIN = { Origin: 'http://127.0.0.1:3000' };
/** of an authenticator app; tests use codes of rising steps, as no code is taken twice */
const STEP_MS = 30_000;
let api: ApiUnderTest;
beforeAll(async () => { api = await startApi({ WEB_ORIGIN: ORIGIN.Origin }); });
afterAll(() => api.close());
const { call, signIn, somebody } = accountsOf(() => api, ORIGIN);

describe('the second factor', () => {
  it('is asked for after the password, takes a code or a backup code once each, and is off by the password alone', async () => {
    const { id, email } = await somebody();
    let cookie = sessionOf(await signIn(email, PASSWORD));
    expect((await call('POST', '/api/v1/account/two-factor', cookie, { password: 'not my password' })).status).toBe(400);
    const setup = (await call('POST', '/api/v1/account/two-factor', cookie, { password: PASSWORD })).body as TwoFactorSetupWire;
    expect(setup.uri).toContain('otpauth://totp/');
    expect(setup.backup_codes).toHaveLength(10);
    const row = await api.deps.db.twoFactor.findUniqueOrThrow({ where: { userId: id } });
    expect(JSON.stringify(row)).not.toContain(setup.secret);
    expect((await call('POST', '/api/v1/account/two-factor/confirm', cookie, { code: '000000' })).status).toBe(400);
    const confirmed = await call('POST', '/api/v1/account/two-factor/confirm', cookie, { code: totp(setup.secret, Date.now() - STEP_MS) });
    expect([confirmed.status, confirmed.text]).toEqual([204, '']);
    expect(sessionOf(confirmed)).not.toBe('');
    expect((await call('GET', '/api/v1/session', cookie)).status).toBe(401);
    cookie = sessionOf(confirmed);
    expect((await call('GET', '/api/v1/account', cookie)).body).toMatchObject({ two_factor: true });

    const half = await signIn(email, PASSWORD);
    expect([half.status, half.body, sessionOf(half)]).toEqual([200, { two_factor_required: true }, '']);
    const waiting = cookiesOf(half).join('; ');
    expect((await call('POST', '/api/v1/session/second-factor', '', { code: totp(setup.secret) })).status).toBe(401);
    expect((await call('POST', '/api/v1/session/second-factor', waiting, { code: '000000' })).status).toBe(401);
    const whole = await call('POST', '/api/v1/session/second-factor', waiting, { code: totp(setup.secret) });
    expect([whole.status, whole.body]).toEqual([200, expect.objectContaining({ kind: 'session' })]);
    const [first = ''] = setup.backup_codes;
    const byBackup = async () => call('POST', '/api/v1/session/second-factor', cookiesOf(await signIn(email, PASSWORD)).join('; '), { backup_code: first });
    expect([(await byBackup()).status, (await byBackup()).status]).toEqual([200, 401]);
    const second = setup.backup_codes[1] ?? '';
    const doors = [await signIn(email, PASSWORD), await signIn(email, PASSWORD)].map((door) => cookiesOf(door).join('; '));
    expect((await Promise.all(doors.map((door) => call('POST', '/api/v1/session/second-factor', door, { backup_code: second })))).map(({ status }) => status).toSorted()).toEqual([200, 401]);
    const off = await call('POST', '/api/v1/account/two-factor/disable', sessionOf(whole), { password: PASSWORD });
    expect(off.status).toBe(204);
    expect((await signIn(email, PASSWORD)).body).toMatchObject({ kind: 'session' });
  });
});

describe('a code of the authenticator app', () => {
  /** somebody who confirmed a second factor with the code of the step before this one */
  async function withSecondFactor() {
    const person = await somebody();
    const first = sessionOf(await signIn(person.email, PASSWORD));
    const { secret } = (await call('POST', '/api/v1/account/two-factor', first, { password: PASSWORD })).body as TwoFactorSetupWire;
    const confirming = totp(secret, Date.now() - STEP_MS);
    const cookie = sessionOf(await call('POST', '/api/v1/account/two-factor/confirm', first, { code: confirming }));
    return { ...person, secret, confirming, cookie };
  }
  const waitingFor = async (email: string) => cookiesOf(await signIn(email, PASSWORD)).join('; ');
  const enter = (waiting: string, code: string) => call('POST', '/api/v1/session/second-factor', waiting, { code });

  it('opens one door once: not the one that confirmed it, none again, and one of two at the same moment', async () => {
    const { id, email, secret, confirming } = await withSecondFactor();
    expect((await enter(await waitingFor(email), confirming)).status).toBe(401);
    const code = totp(secret);
    expect((await enter(await waitingFor(email), code)).status).toBe(200);
    const again = await enter(await waitingFor(email), code);
    expect([again.status, sessionOf(again)]).toEqual([401, '']);
    const next = totp(secret, Date.now() + STEP_MS);
    const doors = [await waitingFor(email), await waitingFor(email)];
    const before = await api.deps.db.session.count({ where: { userId: id } });
    expect((await Promise.all(doors.map((door) => enter(door, next)))).map(({ status }) => status).toSorted()).toEqual([200, 401]);
    expect(await api.deps.db.session.count({ where: { userId: id } })).toBe(before + 1);
  });

  it('is not asked for any more when an administrator took the factor off for somebody who lost it; nobody does that for themselves', async () => {
    const { id, email, secret, cookie } = await withSecondFactor();
    const waiting = await waitingFor(email);
    const remove = (who: string, as: string) => call('DELETE', `/api/v1/users/${who}/two-factor`, as);
    expect((await remove(id, cookie)).status).toBe(403);
    expect((await api.call('DELETE', `/api/v1/users/${id}/two-factor`)).status).toBe(204);
    expect([(await call('GET', '/api/v1/session', cookie)).status, (await enter(waiting, totp(secret))).status]).toEqual([401, 401]);
    expect((await signIn(email, PASSWORD)).body).toMatchObject({ kind: 'session' });
    expect((await api.call('DELETE', `/api/v1/users/${id}/two-factor`)).status).toBe(409);
    const admin = await somebody('admin');
    expect((await remove(admin.id, sessionOf(await signIn(admin.email, PASSWORD)))).status).toBe(409);
    expect(await api.deps.db.auditEvent.count({ where: { type: 'user.two_factor_removed', resource: `user/${id}` } })).toBe(1);
  });

  it('is asked for after a new password by a link as well', async () => {
    const { id, email, secret } = await withSecondFactor();
    const made = (await api.call('POST', `/api/v1/users/${id}/password-reset`)).body as MadeLinkWire;
    expect((await call('POST', '/api/v1/session/reset-password', '', { token: made.url?.split('#')[1], password: 'boots under the piano' })).status).toBe(204);
    const half = await signIn(email, 'boots under the piano');
    expect([half.body, sessionOf(half)]).toEqual([{ two_factor_required: true }, '']);
    expect((await enter(cookiesOf(half).join('; '), totp(secret))).status).toBe(200);
  });

  it('is taken in a browser where an earlier session lies; that session ends', async () => {
    const { email, secret, cookie } = await withSecondFactor();
    const half = await signIn(email, PASSWORD, cookie);
    expect(half.body).toEqual({ two_factor_required: true });
    const whole = await enter([cookie, ...cookiesOf(half)].join('; '), totp(secret));
    expect([whole.status, whole.body]).toEqual([200, expect.objectContaining({ kind: 'session' })]);
    expect([(await call('GET', '/api/v1/session', cookie)).status, (await call('GET', '/api/v1/session', sessionOf(whole))).status]).toEqual([401, 200]);
  });
});

it('all of it is in the audit log, without secrets and codes', async () => {
  const events = await api.deps.db.auditEvent.findMany({ select: { type: true, data: true } });
  const types = new Set(events.map(({ type }) => type));
  for (const type of ['user.two_factor_started', 'user.two_factor_enabled', 'user.two_factor_disabled', 'user.two_factor_removed', 'session.created', 'session.refused', 'session.ended']) expect([type, types.has(type)]).toEqual([type, true]);
  expect(JSON.stringify(events)).not.toMatch(/secret|"\d{6}"/);
});
