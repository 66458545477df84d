import { onStop } from '#platform/stop-signals';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { findCatalogEntry } from '#activities/index';
import { bounded } from '#platform/bounded';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logger';
import { startTracing } from '#platform/tracing/tracing';
import { createWorker } from './create-worker.ts';
import { freePort, serveMetrics } from './metrics-server.ts';
import { sdkFields } from './sdk-lines.ts';

const CLOSE_MS = 2_000;
/** The worker process. Ready means: polling. SIGTERM, SIGINT and the parent's end drain it: calls in flight may finish within
 * WORKER_SHUTDOWN_GRACE_MS, then they are cancelled and another worker goes on. It ends with 0 whenever it was asked to. */
const config = loadConfig();
const stopTracing = await startTracing(config, 'awp-worker');
const logger = createLogger(config, 'worker');
const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
const sdkPort = config.WORKER_METRICS_PORT === undefined ? null : await freePort();
Runtime.install({
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => logger[levels[level]](sdkFields(meta), message)),
  shutdownSignals: [],
  ...(sdkPort === null ? {} : { telemetryOptions: { metrics: { prometheus: { bindAddress: `127.0.0.1:${sdkPort}`, countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true } } } }),
});

const { worker, registry, close } = await createWorker(config, logger, findCatalogEntry);
let polling = true;
const metrics = sdkPort === null ? null : serveMetrics(registry, sdkPort, () => polling, { port: config.WORKER_METRICS_PORT as number, host: config.API_HOST });

let stopping = false;
onStop((reason) => {
  logger.info({ reason }, 'stopping');
  stopping = true;
  polling = false;
  worker.shutdown();
});
process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));

const running = worker.run();
logger.info({ task_queues: worker.taskQueues }, 'worker is polling');
if (process.connected) process.send?.({ type: 'ready' });
try {
  await running;
} catch (error) {
  if (!stopping) throw error;
  logger.warn({ err: error }, 'stopped before its last calls ended: another worker goes on with them');
}
metrics?.close();
// A database connection that a call still holds is never given back: the pool would wait for it for ever. It ends with the process.
await bounded(close(), CLOSE_MS).catch((error: unknown) => { logger.warn({ err: error }, 'not everything was closed'); });
await stopTracing();
process.exit(0);
