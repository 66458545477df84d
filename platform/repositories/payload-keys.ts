import type { Database } from '../db.ts';
import { payloadKeyOf } from '../payloads/payload-keys.ts';
import { openSecret, rewrapSecret, sealSecret, SecretUnreadable, type SecretBinding, type SecretEnvelope } from '../secrets/envelope.ts';
import type { KeyRing } from '../secrets/key-ring.ts';

const binding = (kid: string): SecretBinding => ({ ownerId: 'installation', provider: 'payload-codec', rowId: kid });

/** Looks up keys that a rotation left behind. @throws SecretUnreadable when a row was changed or its master key is not loaded */
export function retiredPayloadKeys(db: Database, ring: KeyRing): (kid: string) => Promise<Buffer | undefined> {
  return async (kid) => {
    const row = await db.retiredPayloadKey.findUnique({ where: { kid } });
    return row ? Buffer.from(openSecret(ring, row.envelope as unknown as SecretEnvelope, binding(kid)), 'base64') : undefined;
  };
}

/** Keeps the codec keys of former master keys, wrapped by today's, and wraps anew those kept before. Can be said again at any time.
 * @param former  the master keys that still read
 * @returns how many are kept, and how many rows no loaded master key opens */
export async function retirePayloadKeys(db: Database, ring: KeyRing, former: readonly Buffer[]): Promise<{ kept: number; unreadable: number }> {
  for (const { kid, key } of former.map(payloadKeyOf)) {
    await db.retiredPayloadKey.createMany({ data: [{ kid, envelope: sealSecret(ring, key.toString('base64'), binding(kid)) as never }], skipDuplicates: true });
  }
  const counts = { kept: 0, unreadable: 0 };
  for (const { kid, envelope } of await db.retiredPayloadKey.findMany()) {
    try {
      const fresh = rewrapSecret(ring, envelope as unknown as SecretEnvelope, binding(kid));
      if (fresh) await db.retiredPayloadKey.update({ where: { kid }, data: { envelope: fresh as never } });
      counts.kept += 1;
    } catch (error) {
      if (!(error instanceof SecretUnreadable)) throw error;
      counts.unreadable += 1;
    }
  }
  return counts;
}
