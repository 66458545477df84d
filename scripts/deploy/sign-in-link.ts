// `node scripts/deploy/sign-in-link.ts`: prints a new one-time sign-in link of the administrator, good for an hour. For who may run
// programs beside the database; nothing needs a restart.
import { randomBytes } from 'node:crypto';
import { loadConfig } from '#platform/config';
import { openDatabase } from '#platform/db';
import { registerSignInLink } from '#platform/repositories/sessions';

const HOUR_MS = 3600_000;
const config = loadConfig();
const { db, close } = openDatabase(config);
const token = randomBytes(32).toString('base64url');
await registerSignInLink(db, token, new Date(Date.now() + HOUR_MS));
await close();
console.log(`${config.WEB_ORIGIN}/sign-in?token=${token}`);
