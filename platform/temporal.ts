import { readFileSync } from 'node:fs';
import type { TLSConfig } from '@temporalio/client';
import protobuf from '@temporalio/proto';
import type { Config } from './config.ts';

const { TaskQueueType } = protobuf.temporal.api.enums.v1;
/** The two kinds of tasks that wait in a queue, as the server numbers them. */
export const QUEUE_KINDS = { workflow: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, activity: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY } as const;

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
