import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anyFreePort } from '#scripts/launch/ports';
import { databaseUrl, ensureDatabase, postgresService } from '#scripts/launch/postgres';
import { applyMigrations } from '#scripts/launch/prisma';
import { Service } from '#scripts/launch/service';
import { temporalBinary } from '#scripts/launch/temporal-binary';
import { temporalService } from '#scripts/launch/temporal-server';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** host:port of the real Temporal server, namespace `default`. */
    temporalAddress: string;
    /** The real PostgreSQL with rights to create databases; tests take their own from createTestDatabase(). */
    databaseUrl: string;
    /** Name of the migrated database that is copied for them. */
    templateDatabase: string;
  }
}

const TEMPLATE_DATABASE = 'awp_template';

/** One real Temporal server and one real PostgreSQL for all integration tests, on free ports and in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'awp-test-'));
  const events = {
    say: (line: string) => console.error(`[test servers] ${line}`),
    gaveUp: (name: string, reason: string) => console.error(`[test servers] ${name} is gone: ${reason}`),
  };
  const database = { dataFolder: join(home, 'postgres'), port: await anyFreePort(), password: 'test', env: process.env, volatile: true };
  const temporalPort = await anyFreePort();
  const { path: binary } = await temporalBinary(process.env, () => undefined);
  const temporal = new Service(
    temporalService({ binary, port: temporalPort, uiPort: null, databaseFile: null, namespace: 'default', env: process.env }),
    home,
    events,
  );
  const postgres = new Service(await postgresService(database), home, events);
  const stop = async () => {
    await Promise.all([temporal.stop(), postgres.stop()]);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await Promise.all([temporal.start(), postgres.start().then(() => prepareTemplate(database))]);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('temporalAddress', `127.0.0.1:${temporalPort}`);
  project.provide('databaseUrl', databaseUrl(database, 'postgres'));
  project.provide('templateDatabase', TEMPLATE_DATABASE);
  return stop;
}

async function prepareTemplate(database: { port: number; password: string }): Promise<void> {
  await ensureDatabase(databaseUrl(database, 'postgres'), TEMPLATE_DATABASE);
  await applyMigrations(process.env, databaseUrl(database, TEMPLATE_DATABASE));
}
