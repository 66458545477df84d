import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

/** The clone this launcher belongs to. */
export const projectRoot = resolve(import.meta.dirname, '../..');
export const binFolder = join(projectRoot, 'node_modules/.bin');
/** Version of the Temporal CLI that is downloaded or built; later ones cannot be `go install`ed (their go.mod has a replace). */
export const TEMPORAL_CLI_VERSION = '1.5.1';

/** The clone's own `.env` into the environment of this process: what is set there already wins. */
export function readEnvFile(): void {
  const file = join(projectRoot, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

/** State of this installation: database, artifacts, Temporal's file, keys, logs. `AWP_HOME`, or `.awp/` in the clone. */
export function awpHome(env: NodeJS.ProcessEnv): string {
  return resolve(projectRoot, (env['AWP_HOME'] || '.awp').replace(/^~(?=\/|$)/, homedir()));
}

/** Downloads that every clone of this user shares. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'agentic-workflow-platform');
}

/** What V8 made of our modules at an earlier start: a third of a start's processor time, three quarters of a command's. Among the user's own
 * files, because it is run as code. cli/awp.mjs names the same folder. */
export const compiledFolder = (env: NodeJS.ProcessEnv): string => join(cacheFolder(env), 'compiled');

/** The folders of PATH without node_modules/.bin, in order. */
export function pathFolders(env: NodeJS.ProcessEnv): string[] {
  return (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '' && !folder.includes('node_modules'));
}

/** First executable of that name on PATH (node_modules/.bin left out), or null. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | null {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  for (const folder of pathFolders(env)) {
    const candidate = join(folder, name + suffix);
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
