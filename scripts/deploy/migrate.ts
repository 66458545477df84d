// `node scripts/deploy/migrate.ts`: everything that a release changes once, before its processes start: the database's migrations, and
// Temporal's namespace with its search attributes. Safe to repeat, and from several places at once: Prisma holds an advisory lock.
import { Connection } from '@temporalio/client';
import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logger';
import { temporalConnectionOptions } from '#platform/temporal';
import { prepareNamespace } from '#worker/prepare-namespace';
import { applyMigrations } from '../launch/prisma.ts';
import { canQuery } from '../launch/postgres.ts';
import { giveRoleRights } from './role-rights.ts';

const WAIT_MS = 60_000;
const config = loadConfig();
const logger = createLogger(config, 'migrate');
const databaseUrl = config.DATABASE_URL;
if (databaseUrl === undefined) throw new Error('DATABASE_URL or DATABASE_URL_FILE is missing.');

const deadline = Date.now() + WAIT_MS;
while (!(await canQuery(databaseUrl))) {
  if (Date.now() > deadline) throw new Error(`no PostgreSQL answers at ${new URL(databaseUrl).host}`);
  await new Promise((resolve) => setTimeout(resolve, 500));
}
logger.info({ migrations: await applyMigrations(process.env, databaseUrl) }, 'the database is migrated');
await giveRoleRights(databaseUrl);

const connection = Connection.lazy(temporalConnectionOptions(config));
try {
  await prepareNamespace(connection, config.TEMPORAL_NAMESPACE, config.AWP_RETENTION_DAYS, logger);
} finally {
  await connection.close();
}
