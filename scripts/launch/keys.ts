import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LaunchError } from './ports.ts';

export interface LocalKeys {
  /** 32 bytes, base64: encrypts provider keys, signs sessions. Lost means every saved secret is lost. */
  masterKey: string;
  /** Password of the embedded PostgreSQL. */
  postgresPassword: string;
}

/** Keys of this installation, made on first start and readable by the owner only. @throws LaunchError when the file is damaged */
export function localKeys(home: string): LocalKeys {
  const path = join(home, 'keys.json');
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh: LocalKeys = { masterKey: randomBytes(32).toString('base64'), postgresPassword: randomBytes(24).toString('base64url') };
  try {
    writeFileSync(path, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    return fresh;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Partial<LocalKeys>;
    if (kept.masterKey !== undefined && kept.postgresPassword !== undefined && Buffer.from(kept.masterKey, 'base64').length === 32) {
      return { masterKey: kept.masterKey, postgresPassword: kept.postgresPassword };
    }
  } catch {
    // Told below.
  }
  throw new LaunchError(`${path} is damaged. Put it back from a backup, or run "npm run reset" to begin anew (saved provider keys and runs are lost).`);
}

/** Token of the one-time sign-in link: 256 bits. */
export const newSignInToken = (): string => randomBytes(32).toString('base64url');

/** The administrator's token of this person's own command line (`awp`), anew at every start, readable by them alone: whoever
 * can read it can read keys.json beside it as well. None where AWP_BOOTSTRAP_API_KEY is set, and none in production. */
export function commandLineToken(home: string, env: NodeJS.ProcessEnv): string | null {
  const path = join(home, 'cli-token');
  rmSync(path, { force: true });
  if (env['AWP_BOOTSTRAP_API_KEY'] || env['AWP_ENV'] === 'production') return null;
  const token = randomBytes(32).toString('base64url');
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}
