import { createServer } from 'node:http';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { findCatalogEntry } from '#activities/index';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logger';
import { createWorker } from './create-worker.ts';

/** The worker process. Ready means: polling. SIGTERM, SIGINT and the parent's end drain it: calls in flight may finish within
 * WORKER_SHUTDOWN_GRACE_MS, then they are cancelled and another worker goes on. */
const config = loadConfig();
const logger = createLogger(config, 'worker');
const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
Runtime.install({
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => logger[levels[level]]({ ...meta }, message)),
  shutdownSignals: [],
});

const { worker, registry, close } = await createWorker(config, logger, findCatalogEntry);
const metrics = config.WORKER_METRICS_PORT === undefined ? null : createServer((request, response) => {
  if (request.url === '/health') { response.end('{"status":"ok"}'); return; }
  if (request.url !== '/metrics') { response.writeHead(404).end(); return; }
  registry.metrics().then((text) => response.setHeader('Content-Type', registry.contentType).end(text), () => response.writeHead(500).end());
}).listen(config.WORKER_METRICS_PORT, config.API_HOST);

let stopping = false;
const stop = () => {
  if (stopping) return;
  stopping = true;
  if (worker.getState() === 'RUNNING') worker.shutdown();
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
process.on('disconnect', stop);

const running = worker.run();
logger.info({ task_queue: worker.options.taskQueue }, 'worker is polling');
process.send?.({ type: 'ready' });
try {
  await running;
} finally {
  metrics?.close();
  await close();
}
process.exit(0);
