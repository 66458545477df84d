import { createHash, hkdfSync } from 'node:crypto';

/** A key of its own for each purpose, made of the master key by HKDF-SHA-256 (RFC 5869). The id says which master key it came
 * from and can be stored beside what the key made.
 * @param purpose  `agentic-workflow-platform/<what>/v<n>` */
export function derivedKey(master: Buffer, purpose: string): { kid: string; key: Buffer } {
  const key = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, 32));
  return { kid: createHash('sha256').update('kid').update(key).digest('hex').slice(0, 16), key };
}
