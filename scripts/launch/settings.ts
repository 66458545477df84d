import { withSecretFiles } from '#platform/config';
import { readEnvFile } from './paths.ts';

/** What this installation is started with: the environment, the clone's `.env` below it, and secrets that come by file. Ends the process,
 * with words, when such a file cannot be read. */
export function settings(): NodeJS.ProcessEnv {
  readEnvFile();
  try {
    return withSecretFiles(Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')));
  } catch (error) {
    console.error(`\n  ✗ ${(error as Error).message.split('\n').at(-1)}\n`);
    process.exit(1);
  }
}
