import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

/** A secret as the database keeps it: encrypted by a data key of its own, which is wrapped by the key-encryption key
 * named `kid`. All base64url. AES-256-GCM, 96-bit random IVs. */
export interface SecretEnvelope { v: 1; kid: string; dek: string; dekIv: string; dekTag: string; iv: string; tag: string; data: string }

/** What a ciphertext belongs to. It is authenticated with it, so a row copied to another owner, provider or id is refused. */
export interface SecretBinding { ownerId: string; provider: string; rowId: string }

export class SecretUnreadable extends Error {
  constructor(reason: string) {
    super(`The stored secret cannot be read: ${reason}`);
    this.name = 'SecretUnreadable';
  }
}

const additionalData = (binding: SecretBinding, part: string): Buffer => Buffer.from(JSON.stringify([part, binding.ownerId, binding.provider, binding.rowId]), 'utf8');

function encrypt(key: Buffer, plain: Buffer, aad: Buffer): { iv: string; tag: string; data: string } {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
  cipher.setAAD(aad);
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv: iv.toString('base64url'), tag: cipher.getAuthTag().toString('base64url'), data: data.toString('base64url') };
}

function decrypt(key: Buffer, sealed: { iv: string; tag: string; data: string }, aad: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64url'), { authTagLength: 16 });
    decipher.setAAD(aad);
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64url'));
    return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'base64url')), decipher.final()]);
  } catch {
    throw new SecretUnreadable('it was changed, moved from another row, or encrypted with another master key');
  }
}

/** Encrypts one secret for one row. */
export function sealSecret(ring: KeyRing, plain: string, binding: SecretBinding): SecretEnvelope {
  const { kid, key } = ring.current();
  const dataKey = randomBytes(32);
  const wrapped = encrypt(key, dataKey, additionalData(binding, `dek:${kid}`));
  const sealed = encrypt(dataKey, Buffer.from(plain, 'utf8'), additionalData(binding, 'secret'));
  dataKey.fill(0);
  return { v: 1, kid, dek: wrapped.data, dekIv: wrapped.iv, dekTag: wrapped.tag, ...sealed };
}

/** @throws SecretUnreadable when a byte, the row or the key does not fit */
export function openSecret(ring: KeyRing, envelope: SecretEnvelope, binding: SecretBinding): string {
  if (envelope.v !== 1) throw new SecretUnreadable(`unknown version ${String(envelope.v)}`);
  const key = ring.byId(envelope.kid);
  if (!key) throw new SecretUnreadable(`its master key (${envelope.kid}) is not loaded`);
  const dataKey = decrypt(key, { iv: envelope.dekIv, tag: envelope.dekTag, data: envelope.dek }, additionalData(binding, `dek:${envelope.kid}`));
  const plain = decrypt(dataKey, envelope, additionalData(binding, 'secret'));
  dataKey.fill(0);
  return plain.toString('utf8');
}

/** Wraps the data key anew under today's master key; the secret itself is not decrypted and does not change.
 * @returns null when it is wrapped by today's key already
 * @throws SecretUnreadable when the key it was wrapped by is not loaded, or a byte does not fit */
export function rewrapSecret(ring: KeyRing, envelope: SecretEnvelope, binding: SecretBinding): SecretEnvelope | null {
  const { kid, key } = ring.current();
  if (envelope.kid === kid) return null;
  const old = ring.byId(envelope.kid);
  if (!old) throw new SecretUnreadable(`its master key (${envelope.kid}) is not loaded`);
  const dataKey = decrypt(old, { iv: envelope.dekIv, tag: envelope.dekTag, data: envelope.dek }, additionalData(binding, `dek:${envelope.kid}`));
  const wrapped = encrypt(key, dataKey, additionalData(binding, `dek:${kid}`));
  dataKey.fill(0);
  return { ...envelope, kid, dek: wrapped.data, dekIv: wrapped.iv, dekTag: wrapped.tag };
}
