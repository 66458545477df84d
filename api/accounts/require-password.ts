import { passwordProblem } from '#contracts/passwords';
import { CodedError, invalidField } from '#platform/coded-error';
import { passwordHashOf } from '#platform/repositories/users';
import type { Deps } from '../deps.ts';
import type { Principal } from '../endpoint.ts';
import { verifyPassword } from './password-hash.ts';

/** @throws CodedError InvalidInput that says what is wrong with a new password */
export function requireGoodPassword(password: string, about: readonly string[], pointer: string): void {
  const problem = passwordProblem(password, about);
  if (problem) throw invalidField(pointer, problem, 'A few words in a row make a good password.');
}

/** Asks again who sits there, before something that locks others out.
 * @throws CodedError Conflict without a password, InvalidInput for a wrong one, RateLimited after many */
export async function requireOwnPassword(deps: Pick<Deps, 'db' | 'limits'>, principal: Principal, password: string, pointer: string): Promise<void> {
  requireSession(principal);
  const stored = await passwordHashOf(deps.db, principal.userId);
  if (!stored) throw new CodedError('Conflict', 'This account has no password yet.', { remedy: 'Set one on the Account page first.' });
  const right = await deps.limits.passwordTry(principal.email, 'signed in');
  if (!(await verifyPassword(stored, password))) throw invalidField(pointer, 'is not your password');
  await right();
}

/** What is about the person at the screen is not done by a token. @throws CodedError PermissionDenied */
export function requireSession(principal: Principal): void {
  if (principal.kind !== 'session') throw new CodedError('PermissionDenied', 'This is done in the browser, signed in as yourself; an API token cannot.');
}
