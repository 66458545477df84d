import { sha256Hex } from '#platform/ids';
import type { Principal } from './endpoint.ts';

/** Who a credential stands for, remembered for this long: a token that another process revokes, a role or a person that is
 * changed there, ends here within it (control C13 asks for 5 s). What this process itself ends is forgotten at once. */
export const PRINCIPAL_TTL_MS = 3000;
const KEPT = 1000;

export interface PrincipalCache {
  /** @param credential what was sent; only its SHA-256 is kept. Refusals are not kept.
   * @param find asks the database; one question at a time for each credential */
  resolve(credential: string, find: () => Promise<Principal | null>): Promise<Principal | null>;
  /** call it when the change is committed */
  forget(credentialId: string): void;
  /** all credentials of a person */
  forgetUser(userId: string): void;
}

interface Entry { until: number; principal: Promise<Principal | null>; credentialId: string | null; userId: string | null }

/** @param now ms, rising; a test brings its own */
export function createPrincipalCache(now: () => number = () => performance.now()): PrincipalCache {
  const entries = new Map<string, Entry>();
  const live = (entry: Entry | undefined): entry is Entry => entry !== undefined && entry.until > now();

  function ask(key: string, find: () => Promise<Principal | null>): Promise<Principal | null> {
    const entry: Entry = { until: now() + PRINCIPAL_TTL_MS, principal: find(), credentialId: null, userId: null };
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > KEPT) entries.delete(entries.keys().next().value as string);
    const drop = () => { if (entries.get(key) === entry) entries.delete(key); };
    entry.principal.then((found) => {
      if (found === null) drop();
      else { entry.credentialId = found.credentialId; entry.userId = found.userId; }
    }, drop);
    return entry.principal;
  }

  return {
    async resolve(credential, find) {
      const key = sha256Hex(credential);
      const known = entries.get(key);
      const principal = await (live(known) ? known.principal : ask(key, find));
      // Its own end may come sooner than ours.
      return principal?.expiresAt && principal.expiresAt.getTime() <= Date.now() ? null : principal;
    },
    forget(credentialId) {
      // A question that is still open may have been answered before the change: it goes too.
      for (const [key, entry] of entries) if (entry.credentialId === null || entry.credentialId === credentialId) entries.delete(key);
    },
    forgetUser(userId) {
      for (const [key, entry] of entries) if (entry.userId === null || entry.userId === userId) entries.delete(key);
    },
  };
}
