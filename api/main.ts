import { onStop } from '#platform/stop-signals';
import type { AddressInfo } from 'node:net';
import { catalog } from '#workflows/catalog/index';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logger';
import { startTracing } from '#platform/tracing/tracing';
import { crashThroughLauncher } from './crash-worker.ts';
import { createDeps } from './create-deps.ts';
import { drain } from './drain.ts';
import { prepareWhenReachable } from './prepare.ts';
import { createServer } from './server.ts';

/** The API process. Tells its parent `{type: 'ready', url}` when it listens; SIGTERM, SIGINT or the parent's end stop it (drain.ts):
 * behind a balancer it first serves on for AWP_DRAIN_SECONDS, not ready. */
const config = loadConfig();
const stopTracing = await startTracing(config, 'awp-api');
const logger = createLogger(config, 'api');
const { deps, startDraining, stop: endStreams, close } = createDeps(config, logger, catalog, crashThroughLauncher(process, config.AWP_ENV));

const server = createServer(deps);
onStop((reason) => void stop(reason));
async function stop(reason: string): Promise<void> {
  logger.info({ reason }, 'stopping');
  // Nobody was let in yet: nothing waits for an answer.
  if (!server.listening) process.exit(0);
  await drain(server, { drainMs: config.AWP_DRAIN_SECONDS * 1000, startDraining, endStreams });
  await close();
  await stopTracing();
  process.exit(0);
}
process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));

await prepareWhenReachable(deps);
await deps.feed.start();
server.once('error', (error) => {
  logger.fatal({ err: error }, 'cannot listen');
  process.exit(1);
});
server.listen(config.API_PORT, config.API_HOST, () => {
  const { port } = server.address() as AddressInfo;
  const url = `http://${config.API_HOST.includes(':') ? `[${config.API_HOST}]` : config.API_HOST}:${port}`;
  logger.info({ url }, 'listening');
  process.send?.({ type: 'ready', url });
});
