// `npm run orphans [-- --terminate]`: after a restore of the database alone Temporal may know runs that the database does not. Lists their
// live executions, and ends them, so that they buy nothing for a run that nobody can see. Rows whose execution is gone are the reconciler's.
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { temporalConnectionOptions } from '#platform/temporal';
import { LaunchError } from '../launch/ports.ts';
import { endInWords } from './in-words.ts';
import { installationConfig } from './place.ts';

endInWords();
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const { values: options } = parseArgs({ options: { terminate: { type: 'boolean', default: false } } });
const config = installationConfig();
if (config.DATABASE_URL === undefined) throw new LaunchError('DATABASE_URL is missing: a local installation restores Temporal\'s file with its database, and has no orphans');
const database = new pg.Client({ connectionString: config.DATABASE_URL });
const connection = await Connection.connect(temporalConnectionOptions(config));
await database.connect();
try {
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  const orphans: string[] = [];
  // Runs have ids of their own kind; Schedules and short helper workflows end by themselves.
  // On our queue alone: the namespace may be shared with others.
  for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = "Running" AND TaskQueue = "${config.WORKER_TASK_QUEUE}"` })) {
    if (!UUID.test(workflowId)) continue;
    if ((await database.query('select 1 from runs where id = $1', [workflowId])).rowCount === 0) orphans.push(workflowId);
  }
  if (options.terminate) for (const id of orphans) await client.workflow.getHandle(id).terminate('orphaned: the database, restored from a backup, does not know this run');
  console.error(`\n  ${orphans.length === 0 ? '✓ Temporal knows no run that the database does not' : options.terminate ? `✓ ended: ${orphans.length} runs that the database does not know` : `! ${orphans.length} runs are live in Temporal that the database does not know; -- --terminate ends them`}\n`);
  console.log(JSON.stringify({ orphans, terminated: options.terminate }));
} finally {
  await database.end();
  await connection.close();
}
