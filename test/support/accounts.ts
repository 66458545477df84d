import { randomUUID } from 'node:crypto';
import { hashPassword } from '#api/accounts/password-hash';
import type { Role } from '#contracts/permissions';
import { createUser, writePasswordHash } from '#platform/repositories/users';
import type { ApiUnderTest, Reply } from './api.ts';

export const PASSWORD = 'kettle ship armchair';

/** What an answer sets, as a browser sends it back; cookies that it clears are left out. */
export const cookiesOf = (reply: Reply): string[] => reply.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '').filter((pair) => !pair.endsWith('='));
export const sessionOf = (reply: Reply): string => cookiesOf(reply).find((cookie) => cookie.startsWith('awp_session=')) ?? '';

/** People with a password, in a browser. @param api  as soon as it runs @param origin  of our own pages */
export function accountsOf(api: () => ApiUnderTest, origin: { Origin: string }) {
  const call = (method: string, path: string, cookie: string, json?: unknown): Promise<Reply> => api().call(method, path, { as: null, json, headers: { ...origin, ...(cookie ? { Cookie: cookie } : {}) } });
  return {
    call,
    signIn: (email: string, password: string, cookie = ''): Promise<Reply> => call('POST', '/api/v1/session/sign-in', cookie, { email, password }),
    async somebody(role: Role = 'researcher'): Promise<{ id: string; email: string }> {
      const email = `${randomUUID()}@example.test`;
      const { db } = api().deps;
      const user = await createUser(db, { name: 'Ada', email, role, emailVerified: true });
      const hash = await hashPassword(PASSWORD);
      await db.$transaction((tx) => writePasswordHash(tx, user.id, hash));
      return { id: user.id, email };
    },
  };
}
