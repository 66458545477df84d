import { createHash, hkdfSync } from 'node:crypto';

/** Key-encryption keys by id. The master key itself encrypts nothing: each purpose gets its own key by HKDF-SHA-256, and
 * the id stored beside a ciphertext says which master key it came from, so a rotation can read old rows. */
export interface KeyRing {
  current(): { kid: string; key: Buffer };
  /** undefined when the key is not loaded any more */
  byId(kid: string): Buffer | undefined;
}

const PURPOSE = 'agentic-workflow-platform/secrets/v1';

/** @param masterKeys 32 bytes each; the first encrypts, all decrypt */
export function createKeyRing(masterKeys: readonly [Buffer, ...Buffer[]]): KeyRing {
  const keys = masterKeys.map((master) => {
    const key = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), PURPOSE, 32));
    return { kid: createHash('sha256').update('kid').update(key).digest('hex').slice(0, 16), key };
  });
  const current = keys[0] as { kid: string; key: Buffer };
  return { current: () => current, byId: (kid) => keys.find((candidate) => candidate.kid === kid)?.key };
}
