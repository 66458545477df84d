import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import type { Request, Response } from 'express';
import { CodedError } from '#platform/coded-error';
import type { Config } from '#platform/config';
import { deleteSession, findSession } from '#platform/repositories/sessions';
import type { Database } from '#platform/db';
import type { Logger } from '#platform/logger';
import type { RateLimits } from '../rate-limits.ts';
import { readSessionCookie, sessionLimits, setSessionCookie } from '../session-cookie.ts';
import { CLIENT_ADDRESS, createAuthEngine, type AuthEngine } from './auth-engine.ts';

export type OpenSession = NonNullable<Awaited<ReturnType<typeof findSession>>>;
/** What a sign-in came to. Refusals carry better-auth's own code, for the log only: outside they all sound the same. */
export type SignInOutcome = { kind: 'session'; session: OpenSession } | { kind: 'second_factor' } | { kind: 'refused'; code: string };

/** Sign-in as our endpoints see it: requests in, our session cookie out. Built at first use. */
export interface Accounts {
  signIn(req: Request, res: Response, email: string, password: string): Promise<SignInOutcome>;
  secondFactor(req: Request, res: Response, given: { code?: string | undefined; backup_code?: string | undefined }): Promise<SignInOutcome>;
  startOidc(req: Request, res: Response, provider: string): Promise<string>;
  /** @returns where the browser goes */
  finishOidc(req: Request, res: Response, provider: string, query: Record<string, string | undefined>): Promise<{ outcome: SignInOutcome; location: string }>;
  enableTotp(req: Request, res: Response, password: string): Promise<{ uri: string; backupCodes: string[] }>;
  /** the session is a new one afterwards @throws CodedError InvalidInput */
  confirmTotp(req: Request, res: Response, code: string): Promise<void>;
  disableTotp(req: Request, res: Response, password: string): Promise<void>;
  /** encrypts secrets and backup codes of second factors with today's key @returns how many */
  rewrapSecondFactors(): Promise<number>;
}

interface Raw { response?: unknown; headers: Headers }
interface ApiFailure { statusCode?: number; body?: { code?: string } }

/** How a call treats the session of the browser that asks. */
interface CallOptions {
  /** a sign-in is nobody's yet: what lies there from before must not be taken for the one who signs in */
  anonymous?: boolean;
  /** asked before a new session becomes the browser's; one that is not accepted ends at once */
  accept?: (session: OpenSession) => Promise<boolean>;
}
const SIGN_IN: CallOptions = { anonymous: true };

export function createAccounts(deps: { db: Database; config: Config; logger: Logger; limits: Pick<RateLimits, 'firstUse'> }): Accounts {
  let made: AuthEngine | null = null;
  const engine = (): AuthEngine => (made ??= createAuthEngine(deps));

  /** Runs one call of better-auth. Its cookies that may pass go to the browser; its session becomes ours. */
  async function call(req: Request, res: Response, work: (auth: AuthEngine['auth'], headers: Headers) => Promise<Raw>, { anonymous = false, accept }: CallOptions = {}): Promise<{ body: unknown; session: OpenSession | null; code: string | null }> {
    const { auth, signed, toBrowser, fromBrowser, sessionCookieName } = engine();
    const token = anonymous ? null : readSessionCookie(req, deps.config);
    const passing = (req.headers.cookie ?? '').split(';').map((part) => fromBrowser(part.trim())).filter((pair) => pair !== null);
    const headers = new Headers({ cookie: [...passing, ...(token ? [signed(token)] : [])].join('; '), 'user-agent': req.get('user-agent') ?? '', [CLIENT_ADDRESS]: req.ip ?? '' });
    let raw: Raw;
    try {
      raw = await work(auth, headers);
    } catch (error) {
      const { statusCode, body } = error as ApiFailure;
      if (statusCode === undefined || statusCode >= 500) throw error;
      return { body: undefined, session: null, code: body?.code ?? String(statusCode) };
    }
    let session: OpenSession | null = null;
    for (const cookie of raw.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';', 1);
      const [name = '', value = ''] = pair.split('=', 2);
      const outgoing = toBrowser(cookie);
      if (outgoing !== null) res.append('Set-Cookie', outgoing);
      // Cleared cookies (a second factor is still due) have no value.
      if (name !== sessionCookieName) continue;
      const fresh = decodeURIComponent(value).split('.')[0] ?? '';
      session = fresh ? await findSession(deps.db, fresh, sessionLimits(deps.config)) : null;
      if (session && accept && !(await accept(session))) {
        const { id, user } = session;
        await deps.db.$transaction((tx) => deleteSession(tx, id, user.id));
        return { body: undefined, session: null, code: 'CODE_USED_BEFORE' };
      }
      if (session) setSessionCookie(res, deps.config, fresh, session.expiresAt);
    }
    return { body: raw.response, session, code: null };
  }

  const codeIsNew = (userId: string, code: string): Promise<boolean> => deps.limits.firstUse(`totp ${userId} ${code}`);
  const outcome = ({ session, code, body }: { session: OpenSession | null; code: string | null; body?: unknown }): SignInOutcome => {
    if (session) return { kind: 'session', session };
    if ((body as { twoFactorRedirect?: boolean } | undefined)?.twoFactorRedirect) return { kind: 'second_factor' };
    return { kind: 'refused', code: code ?? 'NO_SESSION' };
  };
  const refuse = (code: string | null, pointer: string, words: string): void => {
    if (code !== null) throw code === 'ACCOUNT_TEMPORARILY_LOCKED' ? new CodedError('RateLimited', 'Too many wrong codes; wait a quarter of an hour.', { retryAfterSeconds: 900 }) : new CodedError('InvalidInput', words, { errors: [{ pointer, detail: words }] });
  };

  return {
    async signIn(req, res, email, password) {
      return outcome(await call(req, res, (auth, headers) => auth.api.signInEmail({ body: { email, password }, headers, returnHeaders: true }), SIGN_IN));
    },
    async secondFactor(req, res, given) {
      const { code } = given;
      if (code === undefined) return outcome(await call(req, res, (auth, headers) => auth.api.verifyBackupCode({ body: { code: given.backup_code ?? '' }, headers, returnHeaders: true }), SIGN_IN));
      // Whoever looked over a shoulder has up to a minute and a half: a code opens once.
      return outcome(await call(req, res, (auth, headers) => auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true }), { ...SIGN_IN, accept: ({ user }) => codeIsNew(user.id, code) }));
    },
    async startOidc(req, res, provider) {
      const { body, code } = await call(req, res, (auth, headers) => auth.api.signInSocial({ body: { provider, callbackURL: '/', errorCallbackURL: '/sign-in', disableRedirect: true }, headers, returnHeaders: true }), SIGN_IN);
      const url = (body as { url?: string } | undefined)?.url;
      if (!url) throw new CodedError('ServiceUnavailable', `The sign-in at ${provider} cannot be reached (${code ?? 'no address'}).`, { retryAfterSeconds: 10 });
      return url;
    },
    async finishOidc(req, res, provider, query) {
      let location = '/sign-in?error=oidc';
      const done = await call(req, res, async (auth, headers) => {
        const response = await auth.api.callbackOAuth({ params: { id: provider }, query, headers, method: 'GET', asResponse: true });
        const target = response.headers.get('location') ?? '';
        // Errors come back as an address with `error`; its words are not ours to show.
        const error = /[?&]error=([\w.-]{1,80})/.exec(target)?.[1];
        location = error ? '/sign-in?error=oidc' : '/';
        return { headers: response.headers, response: error ? { error } : undefined };
      }, SIGN_IN);
      return { outcome: outcome(done.session ? done : { ...done, code: (done.body as { error?: string } | undefined)?.error ?? done.code }), location: done.session ? '/' : location === '/' ? '/sign-in?error=oidc' : location };
    },
    async enableTotp(req, res, password) {
      const { body, code } = await call(req, res, (auth, headers) => auth.api.enableTwoFactor({ body: { password, method: 'totp' }, headers, returnHeaders: true }));
      refuse(code, '#/password', code === 'TOTP_ALREADY_ENABLED' ? 'the second factor is on already' : 'is not your password');
      const { totpURI, backupCodes } = body as { totpURI: string; backupCodes: string[] };
      return { uri: totpURI, backupCodes };
    },
    async confirmTotp(req, res, code) {
      const done = await call(req, res, (auth, headers) => auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true }));
      refuse(done.code, '#/code', 'is not the code of this moment');
      if (done.session) await codeIsNew(done.session.user.id, code);
    },
    async rewrapSecondFactors() {
      const key = (await engine().auth.$context).secretConfig;
      const anew = async (data: string): Promise<string> => symmetricEncrypt({ key, data: await symmetricDecrypt({ key, data }) });
      let count = 0;
      for (const { id, secret, backupCodes } of await deps.db.twoFactor.findMany({ select: { id: true, secret: true, backupCodes: true } })) {
        // A row that was used or made anew meanwhile is today's already.
        count += (await deps.db.twoFactor.updateMany({ where: { id, secret, backupCodes }, data: { secret: await anew(secret), backupCodes: await anew(backupCodes) } })).count;
      }
      return count;
    },
    async disableTotp(req, res, password) {
      const done = await call(req, res, (auth, headers) => auth.api.disableTwoFactor({ body: { password }, headers, returnHeaders: true }));
      refuse(done.code, '#/password', 'is not your password');
    },
  };
}
