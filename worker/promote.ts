import { Connection } from '@temporalio/client';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logger';
import { temporalConnectionOptions } from '#platform/temporal';
import { makeCurrent } from './versioning.ts';

/** `node worker/promote.ts`: run once a roll-out, after the new workers are up. With versioning off there is nothing to do. */
const config = loadConfig();
const logger = createLogger(config, 'promote');
if (config.WORKER_VERSIONING === 'off') {
  logger.info('WORKER_VERSIONING is off: every worker takes every run');
} else {
  const connection = await Connection.connect(temporalConnectionOptions(config));
  const buildId = await makeCurrent(connection, config.TEMPORAL_NAMESPACE, config);
  logger.info({ deployment: config.WORKER_DEPLOYMENT, build_id: buildId }, 'this build takes new runs now');
  await connection.close();
}
