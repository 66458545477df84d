import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign, verify, type KeyObject } from 'node:crypto';

/** Ed25519 keys that sign evidence, derived from the master keys by HKDF-SHA-256 (RFC 5869), so that there is no second
 * secret to keep. The key id says which master key made a signature; older ones verify as long as they are loaded. */
export interface EvidenceKeys {
  sign(data: Buffer): { keyId: string; signature: string };
  /** @returns undefined when the key is not one of ours */
  verify(keyId: string, data: Buffer, signature: string): boolean | undefined;
  /** the public halves as a JSON Web Key Set (RFC 7517, RFC 8037) */
  publicKeys(): { kty: 'OKP'; crv: 'Ed25519'; use: 'sig'; alg: 'EdDSA'; kid: string; x: string }[];
}

const PURPOSE = 'agentic-workflow-platform/evidence/v1';
/** PKCS #8 wrapping of a raw Ed25519 seed. @source RFC 8410 §7 */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

interface Pair { keyId: string; privateKey: KeyObject; publicKey: KeyObject; x: string }

function pairOf(master: Buffer): Pair {
  const seed = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), PURPOSE, 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  seed.fill(0);
  const publicKey = createPublicKey(privateKey);
  const { x } = publicKey.export({ format: 'jwk' }) as { x: string };
  return { keyId: createHash('sha256').update('awp-evidence-key').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 16), privateKey, publicKey, x };
}

/** @param masterKeys 32 bytes each; the first signs, all verify */
export function createEvidenceKeys(masterKeys: readonly [Buffer, ...Buffer[]]): EvidenceKeys {
  const pairs = masterKeys.map(pairOf) as [Pair, ...Pair[]];
  return {
    sign: (data) => ({ keyId: pairs[0].keyId, signature: sign(null, data, pairs[0].privateKey).toString('base64url') }),
    verify(keyId, data, signature) {
      const pair = pairs.find((candidate) => candidate.keyId === keyId);
      if (!pair) return undefined;
      const bytes = Buffer.from(signature, 'base64url');
      // The last letter has spare bits: only the one canonical spelling counts.
      return bytes.toString('base64url') === signature && verify(null, data, pair.publicKey, bytes);
    },
    publicKeys: () => pairs.map(({ keyId, x }) => ({ kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'EdDSA', kid: keyId, x })),
  };
}
