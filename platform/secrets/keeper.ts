import { openSecret, sealSecret, type SecretBinding, type SecretEnvelope } from './envelope.ts';
import type { KeyRing } from './key-ring.ts';

/** Where a vault keeps a secret; the row holds only this. `path` is relative to the mount, `version` the one that was written. */
export interface VaultReference { v: 'vault'; path: string; version: number }
/** What a row holds in place of a secret. */
export type StoredForm = SecretEnvelope | VaultReference;

/** Keeps the bytes of secrets. What `put` gives back belongs to one row: given to another owner, provider or row, `take` refuses. */
export interface SecretKeeper {
  put(secret: string, binding: SecretBinding): Promise<StoredForm>;
  /** @throws SecretUnreadable when it was changed, moved, or its key or version is gone */
  take(stored: StoredForm, binding: SecretBinding): Promise<string>;
  /** After its row is gone. Nothing to do where the row held all there was. */
  drop(stored: StoredForm): Promise<void>;
}

export const isVaultReference = (stored: StoredForm): stored is VaultReference => stored.v === 'vault';

/** Ciphertext in the row itself, under the master key. */
export function envelopeKeeper(ring: KeyRing): SecretKeeper {
  return {
    put: (secret, binding) => Promise.resolve(sealSecret(ring, secret, binding)),
    take: async (stored, binding) => openSecret(ring, stored as SecretEnvelope, binding),
    drop: () => Promise.resolve(),
  };
}
