// `npm run restore -- ARCHIVE`: brings a backup back into an empty place: an AWP_HOME without data, or the database of DATABASE_URL
// without runs. Nothing is changed before every checksum of the archive was found right.
import { cpSync, createReadStream, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { appendAuditEvent } from '#platform/repositories/audit';
import type { ArtifactStorage } from '#platform/storage/artifact-storage';
import { runningStack } from '../launch/lock.ts';
import { LaunchError } from '../launch/ports.ts';
import { applyMigrations, generateClient } from '../launch/prisma.ts';
import { keyFingerprint, unpack, type Manifest } from './archive.ts';
import { endInWords } from './in-words.ts';
import { installationConfig, openPlace } from './place.ts';
import { advanceSequences, loadTable, tablesInOrder } from './tables.ts';

endInWords();
/** Artifacts that are written at the same time. */
const LANES = 8;
const { positionals: [archive] } = parseArgs({ allowPositionals: true });
if (archive === undefined) throw new LaunchError('npm run restore -- ARCHIVE: the file that npm run backup made');
if (!existsSync(archive)) throw new LaunchError(`there is no ${archive}`);
const startedAt = Date.now();
const { home, DATABASE_URL } = installationConfig();
if (DATABASE_URL === undefined) {
  if (runningStack(home) !== null) throw new LaunchError(`an installation runs in ${home}: stop it first`);
  if (existsSync(join(home, 'postgres')) || existsSync(join(home, 'keys.json'))) throw new LaunchError(`${home} holds an installation already; "npm run reset" removes it, or set AWP_HOME to an empty folder`);
}
const work = workFolder();
try {
  const manifest = await unpack(archive, work);
  if (DATABASE_URL === undefined && manifest.keys) cpSync(join(work, 'keys.json'), join(home, 'keys.json'));
  const place = await openPlace(true);
  try {
    if (keyFingerprint(place.masterKey) !== manifest.keyFingerprint) throw new LaunchError('the master key is not the one of the backup: saved provider keys could not be read. Set AWP_MASTER_KEY to it.');
    await generateClient(process.env);
    await applyMigrations(process.env, place.databaseUrl);
    await load(place.databaseUrl, manifest);
    await putArtifacts(place.artifacts, manifest);
    if (manifest.artifacts === false) console.error('\n  ! The backup was made without artifacts: they must come from where they are kept.');
    if (place.temporalFile !== null && manifest.temporal === 'file') {
      mkdirSync(join(home, 'temporal'), { recursive: true });
      cpSync(join(work, 'temporal/temporal.db'), place.temporalFile);
    }
    console.error(`\n  ✓ all as of ${manifest.takenAt}; what came later is lost. ${manifest.temporal === 'file' ? 'Next: npm start' : 'Next: npm run orphans, then start api and workers'}\n`);
    console.log(JSON.stringify({ restored: archive, taken_at: manifest.takenAt, rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0), files: manifest.files.length, temporal: manifest.temporal, seconds: (Date.now() - startedAt) / 1000 }));
  } finally {
    await place.close();
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Beside the data of a local installation, so that files move within one disk. With servers of the environment beside the archive: in a
 * container nothing else has room, and a read-only archive leaves the folder for temporary files. */
function workFolder(): string {
  if (DATABASE_URL === undefined) {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    return mkdtempSync(join(home, '.restore-'));
  }
  const beside = dirname(resolve(archive as string));
  try {
    return mkdtempSync(join(beside, '.awp-work-'));
  } catch {
    return mkdtempSync(join(tmpdir(), 'awp-restore-'));
  }
}

/** Each is flushed to its disk, or asked of a bucket: one after the other that is nearly all waiting. */
async function putArtifacts(storage: ArtifactStorage, { files }: Manifest): Promise<void> {
  const names = files.map(({ name }) => name).filter((name) => name.startsWith('artifacts/'));
  const lane = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) await storage.put(name.slice('artifacts/'.length), createReadStream(join(work, name)));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** All tables or none. */
async function load(databaseUrl: string, manifest: Manifest): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const client = await pool.connect();
    try {
      await requireEmpty(client, manifest);
      await client.query('begin');
      const order = await tablesInOrder(client);
      // What migrations and a first start of the API put there comes from the backup as well.
      await client.query(`truncate ${order.map((name) => `"${name}"`).join(', ')}`);
      for (const table of manifest.tables) await loadTable(client, table, join(work, `database/${table.table}.ndjson.gz`));
      await advanceSequences(client);
      await sendDecisionsAgain(client, manifest.takenAt);
      await appendAuditEvent(client, { type: 'platform.restored', subject: null, actorKind: 'system', resource: 'platform/database', outcome: 'success', data: { taken_at: manifest.takenAt, version: manifest.version } });
      await client.query('commit');
    } finally {
      client.release();
    }
  } finally {
    await pool.end();
  }
}

async function requireEmpty(client: pg.ClientBase, manifest: Manifest): Promise<void> {
  const present = (await client.query<{ migration_name: string }>('select migration_name from _prisma_migrations where finished_at is not null')).rows.map(({ migration_name }) => migration_name);
  const newer = manifest.migrations.filter((name) => !present.includes(name));
  if (newer.length > 0) throw new LaunchError(`the backup was made by a newer version (${manifest.version}, ${newer.join(', ')}): restore it with that one`);
  if ((await client.query('select 1 from runs limit 1')).rowCount !== 0) throw new LaunchError('the database has runs already: a restore goes into an empty one');
}

/** Temporal's state may be a moment older, or a night where it has backups of its own, and then does not know what people decided
 * meanwhile: their runs would wait for ever. The reconciler hands it on; what an execution knows already counts once. */
async function sendDecisionsAgain(client: pg.ClientBase, takenAt: string): Promise<void> {
  await client.query("update run_decisions d set state = 'pending', settled_at = null from runs r where r.id = d.run_id and r.completed_at is null and d.state = 'delivered' and d.settled_at > $1::timestamptz - interval '1 day'", [takenAt]);
}
