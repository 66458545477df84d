// `node scripts/deploy/setup.ts`: makes the secrets of a compose installation on its first start, each in a file of its own; a file
// that is there stays as it is, so an operator may bring their own. Prints the one-time sign-in link while nobody used it.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Secrets of our processes, and those of the two servers' passwords: they lie in different volumes. */
const app = process.env['APP_SECRETS'] || '/secrets/app';
const database = process.env['DATABASE_SECRETS'] || '/secrets/database';
const databaseHost = process.env['DATABASE_HOST'] || 'postgres:5432';
const webOrigin = process.env['WEB_ORIGIN'] || 'http://localhost:3000';

/** @returns the file's text, made by `make` when there is none yet. Readable by the containers' user alone. */
function once(folder: string, name: string, make: () => string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  try {
    writeFileSync(path, `${make()}\n`, { mode: 0o400, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').trim();
}

const password = () => randomBytes(24).toString('base64url');
once(database, 'admin_password', password);
once(database, 'temporal_password', password);
const appPassword = once(database, 'app_password', password);
// PostgreSQL's and Temporal's images run as other users of the same volume.
for (const name of ['admin_password', 'temporal_password', 'app_password']) chmodSync(join(database, name), 0o444);

once(app, 'master_key', () => randomBytes(32).toString('base64'));
once(app, 'previous_master_keys', () => ''); // filled while the master key is changed: docs/security/access.md
once(app, 'database_url', () => `postgresql://awp:${appPassword}@${databaseHost}/awp`);
const token = once(app, 'sign_in_token', password);
console.log(`\n  Sign in (this link works once):  ${webOrigin}/sign-in?token=${token}\n`);
