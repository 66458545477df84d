import type { Config } from '../config.ts';
import { SecretUnreadable, type SecretBinding } from './envelope.ts';
import { envelopeKeeper, isVaultReference, type SecretKeeper } from './keeper.ts';
import type { KeyRing } from './key-ring.ts';
import { createVaultClient, type VaultAuth, type VaultClient } from './vault-client.ts';

/** A key that was just read is not asked for again: a run makes many calls in a row, and a change is a new version. */
const CACHE_MS = 30_000;
const CACHE_ENTRIES = 500;

const pathOf = ({ ownerId, provider, rowId }: SecretBinding): string => `${ownerId}/${provider}/${rowId}`;

/** Keeps secrets in HashiCorp Vault, KV version 2; the row holds path and version only. What was kept in the row before stays
 * readable by `rows` until it is saved again. */
export function vaultKeeper(vault: VaultClient, rows: SecretKeeper): SecretKeeper {
  const cache = new Map<string, { secret: string; until: number }>();
  return {
    async put(secret, binding) {
      return { v: 'vault', path: pathOf(binding), version: await vault.write(pathOf(binding), { api_key: secret, owner: binding.ownerId, provider: binding.provider, row: binding.rowId }) };
    },
    async take(stored, binding) {
      if (!isVaultReference(stored)) return rows.take(stored, binding);
      if (stored.path !== pathOf(binding)) throw new SecretUnreadable('it was moved from another row');
      const name = `${stored.path}@${stored.version}`;
      const kept = cache.get(name);
      if (kept && Date.now() < kept.until) return kept.secret;
      cache.delete(name);
      const data = await vault.read(stored.path, stored.version);
      if (!data) throw new SecretUnreadable('Vault does not have this version any more');
      if (typeof data['api_key'] !== 'string' || data['owner'] !== binding.ownerId || data['provider'] !== binding.provider || data['row'] !== binding.rowId) throw new SecretUnreadable('what Vault has at its place is not this secret');
      if (cache.size >= CACHE_ENTRIES) cache.clear();
      cache.set(name, { secret: data['api_key'], until: Date.now() + CACHE_MS });
      return data['api_key'];
    },
    async drop(stored) {
      if (!isVaultReference(stored)) return;
      for (const name of cache.keys()) if (name.startsWith(`${stored.path}@`)) cache.delete(name);
      await vault.remove(stored.path);
    },
  };
}

type VaultConfig = Pick<Config, 'AWP_SECRET_STORE' | 'VAULT_ADDR' | 'VAULT_NAMESPACE' | 'VAULT_KV_MOUNT' | 'VAULT_KV_PREFIX' | 'VAULT_AUTH_MOUNT' | 'VAULT_TOKEN' | 'VAULT_ROLE_ID' | 'VAULT_SECRET_ID' | 'VAULT_KUBERNETES_ROLE' | 'VAULT_KUBERNETES_TOKEN_FILE'>;

/** @returns null where secrets are kept in the database @throws Error that names what the environment lacks */
export function vaultOf(config: VaultConfig): VaultClient | null {
  if (config.AWP_SECRET_STORE === 'database') return null;
  if (!config.VAULT_ADDR) throw new Error('The environment needs a change:\nAWP_SECRET_STORE is vault: VAULT_ADDR is missing.');
  return createVaultClient({ address: config.VAULT_ADDR, namespace: config.VAULT_NAMESPACE, mount: config.VAULT_KV_MOUNT, prefix: config.VAULT_KV_PREFIX, auth: authOf(config) });
}

function authOf(config: VaultConfig): VaultAuth {
  if (config.VAULT_KUBERNETES_ROLE) return { kind: 'kubernetes', mount: config.VAULT_AUTH_MOUNT ?? 'kubernetes', role: config.VAULT_KUBERNETES_ROLE, tokenFile: config.VAULT_KUBERNETES_TOKEN_FILE };
  if (config.VAULT_ROLE_ID && config.VAULT_SECRET_ID) return { kind: 'approle', mount: config.VAULT_AUTH_MOUNT ?? 'approle', roleId: config.VAULT_ROLE_ID, secretId: config.VAULT_SECRET_ID };
  if (config.VAULT_TOKEN) return { kind: 'token', token: config.VAULT_TOKEN };
  throw new Error('The environment needs a change:\nAWP_SECRET_STORE is vault: set VAULT_KUBERNETES_ROLE, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_TOKEN.');
}

/** As the environment says. */
export function configuredKeeper(config: VaultConfig, ring: KeyRing): SecretKeeper {
  const vault = vaultOf(config);
  return vault ? vaultKeeper(vault, envelopeKeeper(ring)) : envelopeKeeper(ring);
}
