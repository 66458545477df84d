import type { Database } from '../db.ts';
import { rewrapSecret, SecretUnreadable } from '../secrets/envelope.ts';
import { isVaultReference, type StoredForm } from '../secrets/keeper.ts';
import type { KeyRing } from '../secrets/key-ring.ts';
import { secretBinding } from './webhooks.ts';

const BATCH = 200;

type Row = { id: string; userId: string; provider: string; secretEnvelope: unknown };
const WANTED = { id: true, userId: true, provider: true, secretEnvelope: true } as const;
const page = (after: string) => ({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take: BATCH, select: WANTED }) as const;

/** Wraps every stored provider key and webhook secret by today's master key, while runs go on: each row is changed by itself, and only if nobody has
 * changed it meanwhile (a new key is a new ciphertext). Readers have both keys loaded and never wait. What a vault keeps needs no
 * master key. Can be said again at any time. */
export async function rotateSecrets(db: Database, ring: KeyRing): Promise<{ kid: string; rewrapped: number; already: number; unreadable: number }> {
  const { kid } = ring.current();
  const counts = { rewrapped: 0, already: 0, unreadable: 0 };
  const tables: [(after: string) => Promise<Row[]>, (id: string, fresh: string, data: string, kid: string) => Promise<number>][] = [
    [(after) => db.providerSetting.findMany(page(after)), (id, fresh, data, old) => db.$executeRaw`UPDATE provider_settings SET secret_envelope = ${fresh}::jsonb WHERE id = ${id}::uuid AND secret_envelope->>'data' = ${data} AND secret_envelope->>'kid' = ${old}`],
    [async (after) => (await db.webhookSecret.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take: BATCH, select: { id: true, userId: true, secretEnvelope: true } })).map((row) => ({ ...row, provider: secretBinding(row.userId, row.id).provider })), (id, fresh, data, old) => db.$executeRaw`UPDATE webhook_secrets SET secret_envelope = ${fresh}::jsonb WHERE id = ${id}::uuid AND secret_envelope->>'data' = ${data} AND secret_envelope->>'kid' = ${old}`],
    [(after) => db.providerKey.findMany(page(after)), (id, fresh, data, old) => db.$executeRaw`UPDATE provider_keys SET secret_envelope = ${fresh}::jsonb WHERE id = ${id}::uuid AND secret_envelope->>'data' = ${data} AND secret_envelope->>'kid' = ${old}`],
  ];
  for (const [read, write] of tables) {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const rows = await read(after);
      for (const row of rows) {
        const envelope = row.secretEnvelope as StoredForm;
        try {
          const fresh = isVaultReference(envelope) ? null : rewrapSecret(ring, envelope, { ownerId: row.userId, provider: row.provider, rowId: row.id });
          if (!fresh || isVaultReference(envelope)) counts.already += 1;
          else counts.rewrapped += await write(row.id, JSON.stringify(fresh), envelope.data, envelope.kid);
        } catch (error) {
          if (!(error instanceof SecretUnreadable)) throw error;
          counts.unreadable += 1;
        }
      }
      if (rows.length < BATCH) break;
      after = rows.at(-1)?.id ?? after;
    }
  }
  return { kid, ...counts };
}
