import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { Config } from '../config.ts';
import type { ArtifactStorage } from '../storage/artifact-storage.ts';
import { createClaimCheck, type ClaimCheckOptions } from './claim-check.ts';
import { createPayloadEncryption } from './encryption.ts';
import type { PayloadKeys } from './payload-keys.ts';

export const FAILURE_CONVERTER_PATH = fileURLToPath(new URL('failure-converter.ts', import.meta.url));

/** How values reach Temporal, the same for every client and worker: first the claim check (what is large goes by reference), then
 * encryption of what is left. Reading goes the other way round. */
export function createDataConverter(storage: ArtifactStorage, keys: PayloadKeys, config: Pick<Config, 'AWP_PAYLOAD_ENCRYPTION'>, options: ClaimCheckOptions): DataConverter {
  const encrypted = config.AWP_PAYLOAD_ENCRYPTION !== 'off';
  return { payloadCodecs: [createClaimCheck(storage, options), createPayloadEncryption(keys, config.AWP_PAYLOAD_ENCRYPTION)], ...(encrypted ? { failureConverterPath: FAILURE_CONVERTER_PATH } : {}) };
}
