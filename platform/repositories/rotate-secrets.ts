import type { Database } from '../db.ts';
import { rewrapSecret, SecretUnreadable, type SecretEnvelope } from '../secrets/envelope.ts';
import type { KeyRing } from '../secrets/key-ring.ts';

const BATCH = 200;

/** Wraps every stored provider key by today's master key, while runs go on: each row is changed by itself, and only if nobody has
 * changed it meanwhile. Readers have both keys loaded and never wait. Can be said again at any time. */
export async function rotateSecrets(db: Database, ring: KeyRing): Promise<{ kid: string; rewrapped: number; already: number; unreadable: number }> {
  const { kid } = ring.current();
  const counts = { rewrapped: 0, already: 0, unreadable: 0 };
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await db.providerSetting.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take: BATCH, select: { id: true, userId: true, provider: true, keyVersion: true, secretEnvelope: true } });
    for (const row of rows) {
      const envelope = row.secretEnvelope as unknown as SecretEnvelope;
      try {
        const fresh = rewrapSecret(ring, envelope, { ownerId: row.userId, provider: row.provider, rowId: row.id });
        if (!fresh) counts.already += 1;
        else counts.rewrapped += await db.$executeRaw`UPDATE provider_settings SET secret_envelope = ${JSON.stringify(fresh)}::jsonb WHERE id = ${row.id}::uuid AND key_version = ${row.keyVersion} AND secret_envelope->>'kid' = ${envelope.kid}`;
      } catch (error) {
        if (!(error instanceof SecretUnreadable)) throw error;
        counts.unreadable += 1;
      }
    }
    if (rows.length < BATCH) return { kid, ...counts };
    after = rows.at(-1)?.id ?? after;
  }
}
