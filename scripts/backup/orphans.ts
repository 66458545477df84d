// `npm run orphans [-- --terminate]`: after a restore of the database alone Temporal may know more than the database does. Lists the live
// executions that fit no row any more, and ends them, so that they buy nothing for a run that nobody can see. Rows whose execution is
// gone or ended are the reconciler's.
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { temporalConnectionOptions } from '#platform/temporal';
import { LaunchError } from '../launch/ports.ts';
import { endInWords } from './in-words.ts';
import { installationConfig } from './place.ts';
import { strayExecutions, type Strays } from './stray-executions.ts';

const WORDS: Record<keyof Strays, string> = {
  unknown: 'the database does not know the run',
  ended: 'the database says that the run has ended',
  ahead: 'the run went on after the backup, and what it did then is lost',
};

endInWords();
const { values: options } = parseArgs({ options: { terminate: { type: 'boolean', default: false } } });
const config = installationConfig();
if (config.DATABASE_URL === undefined) throw new LaunchError('DATABASE_URL is missing: a local installation restores Temporal\'s file with its database, and has no orphans');
const database = new pg.Client({ connectionString: config.DATABASE_URL });
const connection = await Connection.connect(temporalConnectionOptions(config));
await database.connect();
try {
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  const strays = await strayExecutions(client, database, config.WORKER_TASK_QUEUE);
  const kinds = (Object.keys(WORDS) as (keyof Strays)[]).filter((kind) => strays[kind].length > 0);
  if (options.terminate) for (const kind of kinds) for (const id of strays[kind]) await client.workflow.getHandle(id).terminate(`orphaned: the database was restored from a backup, and ${WORDS[kind]}`);
  const lines = kinds.map((kind) => `${options.terminate ? '✓ ended' : '!'} ${strays[kind].length} live in Temporal: ${WORDS[kind]}`);
  console.error(`\n  ${lines.length === 0 ? '✓ Temporal and the database tell the same' : lines.join('\n  ')}${lines.length > 0 && !options.terminate ? '\n  -- --terminate ends them' : ''}\n`);
  console.log(JSON.stringify({ ...strays, terminated: options.terminate }));
} finally {
  await database.end();
  await connection.close();
}
