import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../db.ts';
import { sha256Hex } from '../ids.ts';
import { query, statement } from '../sql.ts';
import { openSecret, type SecretEnvelope } from './envelope.ts';
import type { KeyRing } from './key-ring.ts';

export type SecretSource = 'own' | 'workspace' | 'not_needed';

export interface ResolvedSecret {
  /** empty when the provider needs none */
  apiKey: string;
  source: SecretSource;
  settingId: string | null;
  keyVersion: number | null;
}

/** Where provider keys come from. The database is the first store; a vault would be another implementation. */
export interface SecretStore {
  /** Decrypts; only activities call it. Order: the person's own active key, the workspace's `<PROVIDER>_API_KEY`, none.
   * Never another vendor's.
   * @param within  the transaction to read in, so that a caller that holds one needs no second connection
   * @returns null when nothing is configured
   * @throws SecretUnreadable when the stored row was tampered with or its master key is gone */
  resolve(userId: string, provider: ProviderId, within?: Transaction): Promise<ResolvedSecret | null>;
  /** Same order, without decrypting. Providers that are missing in the answer have no key. */
  sources(userId: string): Promise<Map<ProviderId, SecretSource>>;
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

const SOURCES = statement('SELECT provider, base_url_hash AS "baseUrlHash" FROM provider_settings WHERE user_id = $1 AND is_active');

export function createSecretStore(db: Database, ring: KeyRing, config: Pick<Config, 'providers'>): SecretStore {
  const fallback = (provider: ProviderId): SecretSource | null =>
    (config.providers[provider].apiKey && isSupported(config, provider) ? 'workspace' : needsNoKey(config, provider) ? 'not_needed' : null);
  return {
    async resolve(userId, provider, within = db) {
      if (!isSupported(config, provider)) return null;
      const row = await within.providerSetting.findFirst({ where: { userId, provider, isActive: true, baseUrlHash: baseUrlHash(config, provider) } });
      if (row) {
        const apiKey = openSecret(ring, row.secretEnvelope as unknown as SecretEnvelope, { ownerId: userId, provider, rowId: row.id });
        return { apiKey, source: 'own', settingId: row.id, keyVersion: row.keyVersion };
      }
      const source = fallback(provider);
      return source ? { apiKey: config.providers[provider].apiKey ?? '', source, settingId: null, keyVersion: null } : null;
    },
    async sources(userId) {
      const rows = await query<{ provider: string; baseUrlHash: string | null }>(db.pool, SOURCES, [userId]);
      const own = new Set(rows.filter((row) => row.baseUrlHash === baseUrlHash(config, row.provider as ProviderId)).map((row) => row.provider));
      const found = PROVIDER_IDS.map((provider): [ProviderId, SecretSource | null] => [provider, own.has(provider) && isSupported(config, provider) ? 'own' : fallback(provider)]);
      return new Map(found.filter((entry): entry is [ProviderId, SecretSource] => entry[1] !== null));
    },
  };
}
