import { Client, Connection, defaultGrpcRetryOptions } from '@temporalio/client';
import type { CatalogEntry } from '#contracts/catalog.schema';
import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import type { ProviderData } from '#contracts/provider-data';
import { masterKeys, modelQueues, type Config } from '#platform/config';
import { openDatabase } from '#platform/db';
import { createEvidenceKeys } from '#platform/evidence/evidence-keys';
import { countLogLines } from '#platform/log-metrics';
import type { Logger } from '#platform/logger';
import { priceDate, providerData } from '#platform/provider-catalog';
import { createDataConverter } from '#platform/payloads/data-converter';
import { createPayloadEncryption } from '#platform/payloads/encryption';
import { createPayloadKeys } from '#platform/payloads/payload-keys';
import { retiredPayloadKeys } from '#platform/repositories/payload-keys';
import { createKeyRing } from '#platform/secrets/key-ring';
import { createSecretStore } from '#platform/secrets/secret-store';
import { configuredKeeper, vaultOf } from '#platform/secrets/vault-keeper';
import { openArtifactStorage } from '#platform/storage/artifact-storage';
import { temporalConnectionOptions } from '#platform/temporal';
import { tracingSdk } from '#platform/tracing/tracing';
import { createAccounts } from './accounts/accounts.ts';
import { closableRetries } from './closable-retries.ts';
import type { CrashWorker } from './crash-worker.ts';
import type { Deps } from './deps.ts';
import { createMetrics } from './metrics.ts';
import { measureQueues } from './queue-metrics.ts';
import { createPendingStarts } from './pending-starts.ts';
import { createPrincipalCache } from './principal-cache.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRunEventFeed } from './run-event-feed.ts';
import { createRunViews } from './run-views.ts';

const STATEMENT_MS = 4_000;

/** Builds what the API works with. Connects to nothing yet but the pools' first use: database and Temporal may come later,
 * and /ready tells. */
export function createDeps(config: Config, logger: Logger, catalog: readonly CatalogEntry[], crashWorker: CrashWorker | null = null): { deps: Deps; startDraining: () => void; stop: () => void; close: () => Promise<void> } {
  const keyRing = createKeyRing(masterKeys(config));
  // A person gets an answer within five seconds, also behind a lock or an exhausted pool.
  const database = openDatabase(config, (error) => logger.warn({ err: error }, 'an idle database connection was lost'), { statementMs: STATEMENT_MS });
  const { db, pool } = database;
  // Three quick tries, then the answer goes out and the reconciler takes over; a server that is back is found within 2 s.
  const retries = closableRetries(defaultGrpcRetryOptions({ maxAttempts: 3, initialIntervalMs: () => 100 }));
  const connection = Connection.lazy({
    ...temporalConnectionOptions(config), interceptors: [retries.interceptor],
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 2000 },
  });
  const draining = new AbortController();
  const stopping = new AbortController();
  const storage = openArtifactStorage(config);
  const metrics = createMetrics(db);
  const payloadKeys = createPayloadKeys(masterKeys(config), retiredPayloadKeys(db, keyRing));
  const temporal = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, interceptors: { workflow: tracingSdk()?.clientInterceptors ?? [] }, dataConverter: createDataConverter(storage, payloadKeys, config, { onUnstorable: 'throw' }) });
  measureQueues(metrics.registry, temporal, [config.WORKER_TASK_QUEUE, ...Object.values(modelQueues(config))]);
  countLogLines(metrics.registry);
  const limits = createRateLimits(pool, config);
  const deps: Deps = {
    config, db, pool, logger, crashWorker, catalog, keyRing, payloadEncryption: createPayloadEncryption(payloadKeys, config.AWP_PAYLOAD_ENCRYPTION), evidenceKeys: createEvidenceKeys(masterKeys(config)), temporal,
    providerData: Object.fromEntries(PROVIDER_IDS.map((id) => [id, providerData(config, id)])) as Record<ProviderId, ProviderData>, providerDataDate: priceDate(),
    secrets: createSecretStore(db, keyRing, config, configuredKeeper(config, keyRing)), vault: vaultOf(config), storage, feed: createRunEventFeed(config.DATABASE_URL as string, logger), views: createRunViews(db),
    principals: createPrincipalCache(), limits, starts: createPendingStarts(), accounts: createAccounts({ db, config, logger, limits }), metrics, draining: draining.signal, stopping: stopping.signal,
  };
  return {
    deps,
    startDraining: () => draining.abort(),
    // Open streams and waits end; the database stays until the last request is answered.
    stop: () => stopping.abort(),
    async close() {
      stopping.abort();
      await deps.feed.close();
      await deps.starts.settled();
      await retries.end();
      await connection.close().catch(() => {});
      await database.close();
    },
  };
}
