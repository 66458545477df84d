import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { ApplicationFailure, type Payload, type PayloadCodec } from '@temporalio/common';
import protobuf from '@temporalio/proto';
import type { PayloadKeys } from './payload-keys.ts';

/** What Temporal stores of a run is encrypted: inputs, prompts, answers, tool results, summaries, failures. AES-256-GCM over the whole
 * payload, its own metadata included, with a key of each execution's own. Key id and workflow id stand beside it in clear and are
 * authenticated with it, so that a payload of one run is refused in another. */
const PayloadMessage = protobuf.temporal.api.common.v1.Payload;
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const OWNER = 'awp-workflow-id';
const [IV_BYTES, TAG_BYTES, KEPT_KEYS, IVS_DRAWN] = [12, 16, 2000, 256];

/** `required`: a payload that is not encrypted is refused. `migrating`: it is read, what is written is encrypted; for the time until
 * histories from before the codec have ended. `off`: both are read, nothing is encrypted, so that Temporal Web of a local machine shows
 * the words; never in production (platform/config.ts). */
export type PayloadEncryption = 'required' | 'migrating' | 'off';

/** What the Temporal server itself writes as a payload: details of an activity that was cancelled before it was (again) started. Nothing
 * else of these bytes is let through, and they say nothing that a run could be misled by. */
const SERVERS_WORDS = new Set(['"ACTIVITY_ID_NOT_STARTED"', '"ACTIVITY_ID_UNKNOWN"']);

const refused = (detail: string): ApplicationFailure => ApplicationFailure.nonRetryable(detail, 'PayloadRefused', { detail });
const textOf = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString('utf8') : '');
const additionalData = (kid: string, owner: string): Buffer => Buffer.from(JSON.stringify(['payload/v1', kid, owner]), 'utf8');

export const isEncrypted = (payload: Payload): boolean => textOf(payload.metadata?.['encoding']) === ENCODING;
/** The workflow id that a payload says it belongs to; proved only by decoding it. */
export const ownerOfPayload = (payload: Payload): string => textOf(payload.metadata?.[OWNER]);

/** Decoding throws ApplicationFailure `PayloadRefused`, not to be tried again, for what is plain, changed, moved, or of an unknown key. */
export function createPayloadEncryption(keys: PayloadKeys, mode: PayloadEncryption): PayloadCodec {
  const kept = new Map<string, KeyObject>();
  const keyFor = (kid: string, key: Buffer, owner: string): KeyObject => {
    const name = `${kid}/${owner}`;
    const known = kept.get(name);
    if (known) return known;
    // One key an execution: the number of payloads under one key stays far below what random IVs allow (2^32).
    // Made ready once: bytes would be turned into such a key at each payload, which costs more than encrypting it.
    const made = createSecretKey(Buffer.from(hkdfSync('sha256', key, owner, 'payload', 32)));
    if (kept.size >= KEPT_KEYS) kept.clear();
    kept.set(name, made);
    return made;
  };
  let ivs = randomBytes(0);
  /** Random as each drawn alone; drawn in one go, because asking the system costs more than encrypting. */
  const nextIv = (): Buffer => {
    if (ivs.length === 0) ivs = randomBytes(IV_BYTES * IVS_DRAWN);
    const iv = ivs.subarray(0, IV_BYTES);
    ivs = ivs.subarray(IV_BYTES);
    return iv;
  };
  const encode = (payload: Payload, owner: string): Payload => {
    const { kid, key } = keys.current();
    const iv = nextIv();
    const cipher = createCipheriv('aes-256-gcm', keyFor(kid, key, owner), iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(additionalData(kid, owner));
    const data = Buffer.concat([iv, cipher.update(PayloadMessage.encode(payload).finish()), cipher.final(), cipher.getAuthTag()]);
    return { metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(kid), [OWNER]: Buffer.from(owner) }, data };
  };
  const decode = async (payload: Payload, expected: string | undefined): Promise<Payload> => {
    if (!isEncrypted(payload)) {
      if (mode !== 'required' || SERVERS_WORDS.has(textOf(payload.data))) return payload;
      throw refused('A payload of this run is not encrypted. Only AWP_PAYLOAD_ENCRYPTION=migrating reads what was written before encryption.');
    }
    const [kid, owner] = [textOf(payload.metadata?.[KEY_ID]), ownerOfPayload(payload)];
    if (expected !== undefined && owner !== expected) throw refused('A payload of another execution stands in the place of one of this run.');
    const key = await keys.byId(kid);
    if (!key) throw refused(`The key of a payload (${kid.slice(0, 16)}) is not loaded; its master key belongs into AWP_PREVIOUS_MASTER_KEYS.`);
    const data = payload.data ?? new Uint8Array();
    try {
      const decipher = createDecipheriv('aes-256-gcm', keyFor(kid, key, owner), data.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(additionalData(kid, owner));
      decipher.setAuthTag(data.subarray(data.length - TAG_BYTES));
      const plain = Buffer.concat([decipher.update(data.subarray(IV_BYTES, data.length - TAG_BYTES)), decipher.final()]);
      // A copy of its own: the decoded fields would otherwise be views into it.
      return PayloadMessage.decode(new Uint8Array(plain));
    } catch {
      throw refused('A payload of this run was changed after it was written.');
    }
  };
  return {
    encode: (payloads, context) => Promise.resolve(mode === 'off' ? payloads : payloads.map((payload) => encode(payload, context?.workflowId ?? ''))),
    decode: (payloads, context) => Promise.all(payloads.map((payload) => decode(payload, context?.workflowId))),
  };
}
