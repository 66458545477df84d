import { readFileSync } from 'node:fs';
import type { TLSConfig } from '@temporalio/client';
import type { Config } from './config.ts';

/** Connection options shared by client and worker: plain locally, TLS or API key for a cluster or Temporal Cloud. */
export function temporalConnectionOptions(config: Config): { address: string; tls?: TLSConfig | boolean; apiKey?: string } {
  const read = (file: string | undefined) => (file ? readFileSync(file) : undefined);
  const crt = read(config.TEMPORAL_TLS_CERT_FILE);
  const key = read(config.TEMPORAL_TLS_KEY_FILE);
  const ca = read(config.TEMPORAL_TLS_CA_FILE);
  const custom = crt || key || ca || config.TEMPORAL_TLS_SERVER_NAME;
  const tls: TLSConfig | boolean | undefined = custom
    ? { serverNameOverride: config.TEMPORAL_TLS_SERVER_NAME, serverRootCACertificate: ca, clientCertPair: crt && key ? { crt, key } : undefined }
    : config.TEMPORAL_API_KEY ? true : undefined;
  return { address: config.TEMPORAL_ADDRESS, ...(tls === undefined ? {} : { tls }), ...(config.TEMPORAL_API_KEY ? { apiKey: config.TEMPORAL_API_KEY } : {}) };
}
