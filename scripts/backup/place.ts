// Where the data of this installation is: servers of the environment, or what `npm start` keeps in AWP_HOME.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, masterKey, type Config } from '#platform/config';
import { openArtifactStorage, type ArtifactStorage } from '#platform/storage/artifact-storage';
import { localKeys } from '../launch/keys.ts';
import { awpHome, readEnvFile } from '../launch/paths.ts';
import { anyFreePort, LaunchError } from '../launch/ports.ts';
import { databaseUrl, ensureDatabase, postgresService } from '../launch/postgres.ts';
import { Service } from '../launch/service.ts';

export interface Place {
  config: Config;
  databaseUrl: string;
  masterKey: Buffer;
  artifacts: ArtifactStorage;
  /** null: the environment brings the key, so this file does not hold the one that counts */
  keysFile: string | null;
  /** Temporal's own file; null with a server of the environment */
  temporalFile: string | null;
  /** stops what was started for this */
  close(): Promise<void>;
}

/** Settings of this installation, those of its `.env` included: what `npm start` runs with. */
export function installationConfig(): Config {
  readEnvFile();
  return loadConfig({ ...process.env, AWP_HOME: awpHome(process.env) });
}

/** @param create  make keys and an empty database where there are none (restore) @throws LaunchError with the remedy */
export async function openPlace(create = false): Promise<Place> {
  const config = installationConfig();
  const artifacts = openArtifactStorage(config);
  if (config.DATABASE_URL !== undefined) {
    return { config, databaseUrl: config.DATABASE_URL, masterKey: masterKey(config), artifacts, keysFile: null, temporalFile: null, close: () => Promise.resolve() };
  }
  const keysFile = join(config.home, 'keys.json');
  if (!create && !existsSync(keysFile)) throw new LaunchError(`there is no installation in ${config.home}; set AWP_HOME, or DATABASE_URL for servers of your own`);
  const keys = localKeys(config.home);
  const own = Buffer.from(keys.masterKey, 'base64');
  const key = config.AWP_MASTER_KEY || config.AWP_MASTER_KEY_FILE ? masterKey(config) : own;
  const server = await localPostgres(config.home, keys.postgresPassword);
  return { config, databaseUrl: server.url, masterKey: key, artifacts, keysFile: key.equals(own) ? keysFile : null, temporalFile: process.env['TEMPORAL_ADDRESS'] ? null : join(config.home, 'temporal/temporal.db'), close: server.close };
}

/** The server that runs already, or one of our own on the same data folder. */
async function localPostgres(home: string, password: string): Promise<{ url: string; close(): Promise<void> }> {
  const dataFolder = join(home, 'postgres');
  const pidFile = join(dataFolder, 'postmaster.pid');
  if (existsSync(pidFile)) {
    const [pid, , , port] = readFileSync(pidFile, 'utf8').split('\n');
    if (isAlive(Number(pid), home)) return { url: databaseUrl({ port: Number(port), password }), close: () => Promise.resolve() };
  }
  const options = { dataFolder, port: await anyFreePort(), password, env: process.env };
  const service = new Service(await postgresService(options), home, { say: () => undefined, gaveUp: () => undefined });
  await service.start();
  await ensureDatabase(databaseUrl(options, 'postgres'), 'awp');
  return { url: databaseUrl(options), close: () => service.stop() };
}

/** In a user namespace the pid file holds the same pid; the launcher's own file tells whether it still runs. */
function isAlive(pid: number, home: string): boolean {
  const own = join(home, 'run/postgres.pid');
  const candidates = [pid, existsSync(own) ? (JSON.parse(readFileSync(own, 'utf8')) as { pid: number }).pid : 0];
  return candidates.some((candidate) => {
    try { return candidate > 0 && process.kill(candidate, 0); } catch { return false; }
  });
}
