import type { Request, Response } from 'express';
import { SignInAnswer, SignInBody, TwoFactorBody } from '#contracts/api/accounts.schema';
import { CodedError } from '#platform/coded-error';
import { sha256Hex } from '#platform/ids';
import { appendAuditEvent } from '#platform/repositories/audit';
import { passwordHashOf, writePasswordHash } from '#platform/repositories/users';
import type { SignInOutcome } from '../../accounts/accounts.ts';
import { endEarlierSession, sessionPrincipal } from '../../accounts/open-session.ts';
import { hashPassword, isOutdated } from '../../accounts/password-hash.ts';
import type { Deps } from '../../deps.ts';
import { defineEndpoint, type Answer, type Call } from '../../endpoint.ts';
import { sessionToWire } from './session-to-wire.ts';

const ERRORS = ['InvalidInput', 'Unauthenticated', 'PermissionDenied', 'RateLimited'] as const;
const WRONG = 'E-mail address or password is wrong.';

/** Every way in ends here, so that each leaves the same trace. The refusal is the same for a wrong password, an unknown address
 * and an account that is switched off. */
export async function signedIn(deps: Deps, { req, audit }: Pick<Call<undefined, undefined, undefined>, 'req' | 'audit'>, outcome: SignInOutcome, how: 'password' | 'second_factor' | 'oidc', words: string, subject: string | null): Promise<Answer> {
  if (outcome.kind === 'second_factor') return { status: 200, body: { two_factor_required: true } };
  if (outcome.kind === 'refused') {
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'session.refused', resource: null, outcome: 'denied', data: { how, code: outcome.code, ...(subject ? { email_sha256: sha256Hex(subject).slice(0, 16) } : {}) } })));
    throw new CodedError('Unauthenticated', words, { remedy: 'Check what you typed, or ask an administrator for a new password.' });
  }
  const { session } = outcome;
  const forget = await deps.db.$transaction(async (tx) => {
    await appendAuditEvent(tx, audit({ type: 'session.created', subject: session.user.id, actorKind: 'session', resource: `session/${session.id}`, data: { how } }));
    return endEarlierSession(deps, tx, { req, audit });
  });
  forget();
  return { status: 200, body: sessionToWire(sessionPrincipal(session.user, session), deps.config) };
}

export const postSignIn = defineEndpoint({
  method: 'post', path: '/api/v1/session/sign-in', operationId: 'signIn', tag: 'Session', summary: 'Sign in with e-mail and password', description: 'Sets the session cookie, or asks for the second factor. A refusal never tells whether the account exists.',
  permission: 'public', audit: ['session.created', 'session.refused', 'session.ended'], body: SignInBody, answers: { 200: { description: 'Signed in, or the second factor is due', schema: SignInAnswer } }, errors: ERRORS,
  handler: (deps) => async ({ body, req, res, audit }) => {
    const address = req.ip ?? 'unknown';
    const leave = await deps.limits.signInTurn(address);
    const outcome = await tryPassword(deps, req, res, body, address).finally(leave);
    return signedIn(deps, { req, audit }, outcome, 'password', WRONG, body.email);
  },
});

async function tryPassword(deps: Deps, req: Request, res: Response, { email, password }: { email: string; password: string }, address: string): Promise<SignInOutcome> {
  const right = await deps.limits.passwordTry(email, address);
  const outcome = await deps.accounts.signIn(req, res, email, password);
  if (outcome.kind === 'refused') await deps.limits.signInFailure(address);
  else await right();
  if (outcome.kind === 'session') await rehash(deps, outcome.session.user.id, password);
  return outcome;
}

/** The password is here just now: what was hashed at other costs is hashed at today's. */
async function rehash(deps: Deps, userId: string, password: string): Promise<void> {
  const stored = await passwordHashOf(deps.db, userId);
  if (!stored || !isOutdated(stored)) return;
  const hash = await hashPassword(password);
  await deps.db.$transaction((tx) => writePasswordHash(tx, userId, hash));
}

export const postSecondFactor = defineEndpoint({
  method: 'post', path: '/api/v1/session/second-factor', operationId: 'signInSecondFactor', tag: 'Session', summary: 'Finish signing in with the second factor', description: 'A code of the authenticator app, or one of the backup codes, each of which works once. Ten wrong ones lock the second factor for a quarter of an hour.',
  permission: 'public', audit: ['session.created', 'session.refused', 'session.ended'], body: TwoFactorBody, answers: { 200: { description: 'Signed in', schema: SignInAnswer } }, errors: ERRORS,
  handler: (deps) => async ({ body, req, res, audit }) => {
    const address = req.ip ?? 'unknown';
    await deps.limits.signInAllowed(address);
    const outcome = await deps.accounts.secondFactor(req, res, body);
    if (outcome.kind === 'refused') await deps.limits.signInFailure(address);
    return signedIn(deps, { req, audit }, outcome, 'second_factor', 'This code is wrong or was used before.', null);
  },
});
