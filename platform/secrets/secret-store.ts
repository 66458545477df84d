import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../db.ts';
import { sha256Hex } from '../ids.ts';
import { query, queryIn, statement } from '../sql.ts';
import { chosenKey } from './choose-key.ts';
import { envelopeKeeper, type SecretKeeper, type StoredForm } from './keeper.ts';
import type { KeyRing } from './key-ring.ts';

/** A key of a person as its row holds it: `id` is the row's (AAD), `settingId` the setting it belongs to, the same for its main key. */
export interface StoredSecret { id: string; settingId: string; secretEnvelope: StoredForm; keyVersion: number }
export type SecretSource = 'own' | 'workspace' | 'not_needed';

export interface ResolvedSecret {
  /** empty when the provider needs none */
  apiKey: string;
  source: SecretSource;
  settingId: string | null;
  /** the row of the key itself; null for the workspace's */
  keyId: string | null;
  keyVersion: number | null;
}

/** Where provider keys come from. Which key is whose stands in the database; what a row holds of it is the keeper's: ciphertext, or
 * where a vault has it. */
export interface SecretStore {
  /** Decrypts; only activities call it. Order: the person's own active keys (choose-key.ts), the workspace's `<PROVIDER>_API_KEY`,
   * none. Never another vendor's.
   * @param use.within  the transaction to read in, so that a caller that holds one needs no second connection
   * @param use.runId  the run it is for: one that began before a key was replaced goes on with the old one for the overlap
   * @returns null when nothing is configured
   * @throws SecretUnreadable when the stored row was tampered with or its master key is gone */
  resolve(userId: string, provider: ProviderId, use?: { within?: Transaction; runId?: string }): Promise<ResolvedSecret | null>;
  /** The same for a caller that has read the person's row itself, by `chosenKey`. */
  open(userId: string, provider: ProviderId, row: StoredSecret | null): Promise<ResolvedSecret | null>;
  /** Same order, without decrypting. Providers that are missing in the answer have no key. */
  sources(userId: string): Promise<Map<ProviderId, SecretSource>>;
  keeper: SecretKeeper;
}

/** A stored key is bound to the address it was saved for: when the administrator points the provider elsewhere, the key is
 * void, so that it can never be sent to an address its owner did not see. */
export function baseUrlHash(config: Pick<Config, 'providers'>, provider: ProviderId): string {
  return sha256Hex(`${provider} ${config.providers[provider].baseUrl?.replace(/\/+$/, '').toLowerCase() ?? 'vendor default'}`);
}

/** demo needs no key; a compatible endpoint may need none, but an address it must have. */
export function needsNoKey(config: Pick<Config, 'providers'>, provider: ProviderId): boolean {
  return provider === 'demo' || (provider === 'compatible' && config.providers.compatible.baseUrl !== undefined);
}

/** false for `compatible` until the administrator has set its base URL */
export function isSupported(config: Pick<Config, 'providers'>, provider: ProviderId): boolean {
  return provider !== 'compatible' || config.providers.compatible.baseUrl !== undefined;
}

const SOURCES = statement(`
  SELECT provider, base_url_hash AS "baseUrlHash" FROM provider_settings WHERE user_id = $1 AND is_active
  UNION SELECT k.provider, k.base_url_hash FROM provider_keys k JOIN provider_settings s ON s.id = k.setting_id AND s.is_active WHERE k.user_id = $1 AND k.is_active AND k.valid_until IS NULL`);
const CHOSEN = statement(`SELECT ${chosenKey({ user: '$1::uuid', provider: '$2::text', baseUrlHash: '$3::text', runId: '$4::uuid' })} AS "secret"`);

export function createSecretStore(db: Database, ring: KeyRing, config: Pick<Config, 'providers'>, keeper: SecretKeeper = envelopeKeeper(ring)): SecretStore {
  const fallback = (provider: ProviderId): SecretSource | null =>
    (config.providers[provider].apiKey && isSupported(config, provider) ? 'workspace' : needsNoKey(config, provider) ? 'not_needed' : null);
  const open: SecretStore['open'] = async (userId, provider, row) => {
    if (!isSupported(config, provider)) return null;
    if (row) return { apiKey: await keeper.take(row.secretEnvelope, { ownerId: userId, provider, rowId: row.id }), source: 'own', settingId: row.settingId, keyId: row.id, keyVersion: row.keyVersion };
    const source = fallback(provider);
    return source ? { apiKey: config.providers[provider].apiKey ?? '', source, settingId: null, keyId: null, keyVersion: null } : null;
  };
  return {
    open, keeper,
    async resolve(userId, provider, { within, runId } = {}) {
      const [row] = await queryIn<{ secret: StoredSecret | null }>(within ?? db, CHOSEN, [userId, provider, baseUrlHash(config, provider), runId ?? null]);
      return open(userId, provider, row?.secret ?? null);
    },
    async sources(userId) {
      const rows = await query<{ provider: string; baseUrlHash: string | null }>(db.pool, SOURCES, [userId]);
      const own = new Set(rows.filter((row) => row.baseUrlHash === baseUrlHash(config, row.provider as ProviderId)).map((row) => row.provider));
      const found = PROVIDER_IDS.map((provider): [ProviderId, SecretSource | null] => [provider, own.has(provider) && isSupported(config, provider) ? 'own' : fallback(provider)]);
      return new Map(found.filter((entry): entry is [ProviderId, SecretSource] => entry[1] !== null));
    },
  };
}
