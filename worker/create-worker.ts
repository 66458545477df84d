import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { createActivities } from '#activities/index';
import type { ActivityDeps } from '#activities/deps';
import { createMetrics } from '#activities/metrics';
import { createConfiguredProvider } from '#activities/providers/registry';
import { createLibraryIndex } from '#activities/tools/library/library-index';
import { createTools } from '#activities/tools/registry';
import type { CatalogEntry } from '#contracts/catalog.schema';
import { WORKFLOW_TASK_QUEUE } from '#contracts/task-queues';
import { masterKeys, type Config } from '#platform/config';
import { measureDatabase } from '#platform/database-metrics';
import { openDatabase } from '#platform/db';
import { createEntryFinder } from '#platform/repositories/own-entries';
import { createUploadReader } from '#platform/repositories/uploads';
import { createEvidenceKeys } from '#platform/evidence/evidence-keys';
import { countLogLines } from '#platform/log-metrics';
import type { Logger } from '#platform/logger';
import { createDataConverter } from '#platform/payloads/data-converter';
import { createPayloadKeys } from '#platform/payloads/payload-keys';
import { retiredPayloadKeys } from '#platform/repositories/payload-keys';
import { createKeyRing } from '#platform/secrets/key-ring';
import { createSecretStore } from '#platform/secrets/secret-store';
import { configuredKeeper } from '#platform/secrets/vault-keeper';
import { openArtifactStorage } from '#platform/storage/artifact-storage';
import { temporalConnectionOptions } from '#platform/temporal';
import { isTracing, tracingSdk } from '#platform/tracing/tracing';
import { createModelWorkers, type WorkerPart } from './model-workers.ts';
import { ensureNamespaceRetention } from './namespace-retention.ts';
import { ensureSchedules } from './schedules.ts';
import { workerTracing } from './tracing.ts';
import { deploymentOptions } from './versioning.ts';
import { workerGroup, type WorkerGroup } from './worker-group.ts';
import { workflowBundle } from './workflow-bundle.ts';

export interface RunningWorker { worker: WorkerGroup; registry: Registry; deps: ActivityDeps; close(): Promise<void> }

/** The worker's composition root: connections, activities with their dependencies, workflow bundle, reconciler Schedule.
 * @param findEntry  the catalog's definitions; tests hand in their own
 * @param bundleFolder  where the built workflow bundle is kept between starts
 * @param workflowsPath  the sandbox's entry file; tests hand in their own
 * @throws Error when Temporal or the configuration is not there */
export async function createWorker(config: Config, logger: Logger, findEntry: (slug: string) => CatalogEntry | undefined, bundleFolder = config.WORKER_BUNDLE_FOLDER ?? path.join(config.home, 'cache'), workflowsPath?: string): Promise<RunningWorker> {
  const registry = new Registry();
  countLogLines(registry);
  const { db, close: closeDatabase } = openDatabase(config, (error) => logger.warn({ err: error }, 'database connection lost'), { planOnce: true });
  measureDatabase(registry, db.pool);
  const connectionOptions = temporalConnectionOptions(config);
  const native = await NativeConnection.connect(connectionOptions);
  const connection = await Connection.connect(connectionOptions);
  const storage = openArtifactStorage(config);
  const masters = masterKeys(config);
  const keyRing = createKeyRing(masters);
  const payloadKeys = createPayloadKeys(masters, retiredPayloadKeys(db, keyRing));
  const dataConverter = createDataConverter(storage, payloadKeys, config, { onUnstorable: 'mark' });
  const temporal = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, interceptors: { workflow: tracingSdk()?.clientInterceptors ?? [] }, dataConverter: createDataConverter(storage, payloadKeys, config, { onUnstorable: 'throw' }) });
  const library = createLibraryIndex(db, { skillsDir: config.SKILLS_DIR, rescanMs: config.SKILLS_RESCAN_SECONDS * 1000, logger });
  await library.start();
  const deps: ActivityDeps = {
    config, db, logger, temporal, findEntry: createEntryFinder(findEntry, db), metrics: createMetrics(registry), storage,
    evidenceKeys: createEvidenceKeys(masters),
    secrets: createSecretStore(db, keyRing, config, configuredKeeper(config, keyRing)), keyRing, tools: createTools(config, { library, findUpload: createUploadReader(db, storage) }),
    provider: (id, apiKey) => createConfiguredProvider(id, apiKey, config),
  };
  const shared = {
    ...await deploymentOptions(config, workflowsPath), ...await workerTracing(), connection: native, namespace: config.TEMPORAL_NAMESPACE, dataConverter,
    // Cancels arrive with a heartbeat: activities/heart.ts sets the pace, this must not slow it down.
    maxHeartbeatThrottleInterval: '2 seconds' as const, defaultHeartbeatThrottleInterval: '2 seconds' as const,
    shutdownGraceTime: config.WORKER_SHUTDOWN_GRACE_MS, shutdownForceTime: config.WORKER_SHUTDOWN_GRACE_MS + 5_000,
  };
  const activities = createActivities(deps);
  const serves = (part: WorkerPart) => config.WORKER_SERVES.length === 0 || config.WORKER_SERVES.includes(part);
  const workflowWorkers = serves('workflows') ? [await Worker.create({
    ...shared, taskQueue: config.WORKER_TASK_QUEUE, workflowBundle: await workflowBundle(bundleFolder, workflowsPath, isTracing()), activities,
    maxConcurrentActivityTaskExecutions: config.WORKER_MAX_CONCURRENT_ACTIVITIES, maxCachedWorkflows: config.WORKER_MAX_CACHED_WORKFLOWS,
  })] : [];
  const modelWorkers = await createModelWorkers(config, shared, activities, serves);
  if (workflowWorkers.length + modelWorkers.length === 0) throw new Error('WORKER_SERVES names only providers without a queue of their own (AWP_PROVIDER_QUEUES): this worker would do nothing.');
  if (config.WORKER_TASK_QUEUE === WORKFLOW_TASK_QUEUE) {
    await ensureSchedules(temporal, { reconcileSeconds: config.AWP_RECONCILE_SECONDS, purgeSeconds: config.AWP_PURGE_SECONDS });
    await ensureNamespaceRetention(connection, config.TEMPORAL_NAMESPACE, config.AWP_RETENTION_DAYS, logger);
  }
  return { worker: workerGroup([...workflowWorkers, ...modelWorkers]), registry, deps, close: async () => { library.stop(); await connection.close(); await native.close(); await closeDatabase(); } };
}
