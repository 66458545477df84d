import { derivedKey } from '../secrets/derived-key.ts';

/** Keys of the payload codec by id: derived from the master key, so that api and worker need nothing but it. An id that no loaded
 * master key gives is looked up among the keys that a rotation left behind, wrapped by today's (repositories/payload-keys.ts). */
export interface PayloadKeys {
  current(): { kid: string; key: Buffer };
  /** undefined when no key has this id */
  byId(kid: string): Promise<Buffer | undefined>;
}

export const payloadKeyOf = (master: Buffer): { kid: string; key: Buffer } => derivedKey(master, 'agentic-workflow-platform/payloads/v1');

/** @param masters  32 bytes each; the first encrypts, all decrypt
 * @param retired  asked once for each id that none of them gives */
export function createPayloadKeys(masters: readonly [Buffer, ...Buffer[]], retired: (kid: string) => Promise<Buffer | undefined> = () => Promise.resolve(undefined)): PayloadKeys {
  const current = payloadKeyOf(masters[0]);
  const known = new Map(masters.map((master) => payloadKeyOf(master)).map(({ kid, key }) => [kid, key]));
  return {
    current: () => current,
    async byId(kid) {
      const loaded = known.get(kid);
      if (loaded) return loaded;
      const found = await retired(kid);
      if (found) known.set(kid, found);
      return found;
    },
  };
}
