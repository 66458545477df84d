import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anyFreePort } from '#scripts/launch/ports';
import { databaseUrl, ensureDatabase, postgresService } from '#scripts/launch/postgres';
import { applyMigrations } from '#scripts/launch/prisma';
import { Service } from '#scripts/launch/service';
import { temporalBinary } from '#scripts/launch/temporal-binary';
import { temporalService } from '#scripts/launch/temporal-server';
import type { Servers } from './servers.ts';

const TEMPLATE_DATABASE = 'awp_template';

/** One real Temporal server and one real PostgreSQL, on free ports and in a temporary folder.
 * @returns where they are, and how to stop them */
export async function startServers(): Promise<Servers & { stop(): Promise<void> }> {
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
  return { temporalAddress: `127.0.0.1:${temporalPort}`, databaseUrl: databaseUrl(database, 'postgres'), templateDatabase: TEMPLATE_DATABASE, stop };
}

async function prepareTemplate(database: { port: number; password: string }): Promise<void> {
  await ensureDatabase(databaseUrl(database, 'postgres'), TEMPLATE_DATABASE);
  await applyMigrations(process.env, databaseUrl(database, TEMPLATE_DATABASE));
}
