// `npm run backup -- --to FOLDER [--keep-days N] [--without-keys] [--without-artifacts]`: one archive of the application's database, Temporal's file (local
// installations), artifacts and keys, while everything runs. Temporal's moment first, the database's right after it, artifacts last:
// whatever the database names is then in the archive, and the reconciler mends what Temporal does not know yet.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { CodedError } from '#platform/coded-error';
import { everyObject } from '#platform/storage/copy-artifacts';
import { projectRoot } from '../launch/paths.ts';
import { ArchiveWriter, FORMAT, keyFingerprint } from './archive.ts';
import { endInWords } from './in-words.ts';
import { pinFile, type PinnedFile } from './pinned-file.ts';
import { openPlace, type Place } from './place.ts';
import { dumpTable, tablesInOrder, type DumpedTable } from './tables.ts';

endInWords();
const DAY_MS = 86_400_000;
/** Artifacts that are read at the same time; together at most 32 MB. */
const BATCH = 32;
const SMALL_BYTES = 1_000_000;
const { values: options } = parseArgs({ options: { to: { type: 'string' }, 'keep-days': { type: 'string' }, 'without-keys': { type: 'boolean', default: false }, 'without-artifacts': { type: 'boolean', default: false } } });
const startedAt = Date.now();
const place = await openPlace();
const target = options.to ?? join(place.config.home, 'backups');
mkdirSync(target, { recursive: true, mode: 0o700 });
removeLeftOvers(target);
// Where there is room for an archive there is room for a table: the /tmp of a container is small.
const work = mkdtempSync(join(target, '.awp-work-'));
const name = `awp-${new Date(startedAt).toISOString().replaceAll(':', '-').slice(0, 19)}.tar`;
const partial = join(target, `.${name}.partial`);
try {
  const archive = new ArchiveWriter(partial);
  const temporalFile = place.temporalFile !== null && existsSync(place.temporalFile) ? place.temporalFile : null;
  const database = await addDatabases(archive, place.databaseUrl, temporalFile);
  if (!options['without-artifacts']) await addArtifacts(archive, place);
  const withKeys = place.keysFile !== null && !options['without-keys'];
  if (withKeys) await archive.addFile('keys.json', place.keysFile as string);
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
  await archive.finish({ format: FORMAT, version, ...database, temporal: temporalFile === null ? 'none' : 'file', artifacts: !options['without-artifacts'], keys: withKeys, keyFingerprint: keyFingerprint(place.masterKey) });
  renameSync(partial, join(target, name)); // whole or not at all
  const removed = removeOld(target, Number(options['keep-days'] ?? 0));
  const bytes = statSync(join(target, name)).size;
  console.error(`\n  ✓ ${join(target, name)}: ${(bytes / 1e6).toFixed(1)} MB in ${((Date.now() - startedAt) / 1000).toFixed(0)} s${removed > 0 ? `, ${removed} older removed` : ''}. ${withKeys ? 'It holds the master key: keep it as you keep the key.' : `The master key is not in it (fingerprint ${keyFingerprint(place.masterKey)}): keep it in a second place.`}\n`);
  console.log(JSON.stringify({ archive: join(target, name), bytes, sha256: await sha256(join(target, name)), taken_at: database.takenAt, rows: database.tables.reduce((sum, { rows }) => sum + rows, 0), files: archive.files.length, keys: withKeys, seconds: (Date.now() - startedAt) / 1000, removed }));
} finally {
  rmSync(partial, { force: true });
  rmSync(work, { recursive: true, force: true });
  await place.close();
}

async function addTemporal(archive: ArchiveWriter, pinned: PinnedFile): Promise<void> {
  const copy = join(work, 'temporal.db');
  await pinned.copyTo(copy);
  pinned.close();
  await archive.addFile('temporal/temporal.db', copy);
  rmSync(copy);
}

/** All tables as of one moment, and Temporal's file as of the one before it, however long it takes to write them down: what happened
 * between the two is what a restored run does again. */
async function addDatabases(archive: ArchiveWriter, databaseUrl: string, temporalFile: string | null): Promise<{ takenAt: string; migrations: string[]; tables: DumpedTable[] }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const pinned = temporalFile === null ? null : pinFile(temporalFile);
    await client.query('begin isolation level repeatable read read only');
    const takenAt = (await client.query<{ now: Date }>('select now()')).rows[0]?.now as Date;
    const migrations = (await client.query<{ migration_name: string }>('select migration_name from _prisma_migrations where finished_at is not null order by migration_name')).rows.map(({ migration_name }) => migration_name);
    if (pinned) await addTemporal(archive, pinned);
    const tables: DumpedTable[] = [];
    for (const table of await tablesInOrder(client)) {
      const file = join(work, `${table}.ndjson.gz`);
      tables.push(await dumpTable(client, table, file));
      await archive.addFile(`database/${table}.ndjson.gz`, file);
      rmSync(file);
    }
    await client.query('commit');
    return { takenAt: takenAt.toISOString(), migrations, tables };
  } finally {
    await client.end();
  }
}

/** A tar entry begins with its size, and what lies in storage may go while it is read: so all of it is read before, the small ones (nearly
 * all) side by side and in memory, a large one by way of a file. */
async function addArtifacts(archive: ArchiveWriter, { artifacts }: Place): Promise<void> {
  const copy = join(work, 'artifact');
  const objects = everyObject(artifacts);
  for (let batch = await taken(objects, BATCH); batch.length > 0; batch = await taken(objects, BATCH)) {
    const small = new Map(await Promise.all(batch.filter(({ sizeBytes }) => sizeBytes <= SMALL_BYTES).map(async ({ key }) => [key, await readOrGone(async () => buffer((await artifacts.get(key)).stream))] as const)));
    for (const { key } of batch) {
      const bytes = small.get(key);
      if (bytes) await archive.addBytes(`artifacts/${key}`, bytes);
      else if (!small.has(key) && (await readOrGone(async () => { await pipeline((await artifacts.get(key)).stream, createWriteStream(copy, { mode: 0o600 })); return true; }))) await archive.addFile(`artifacts/${key}`, copy);
    }
  }
  rmSync(copy, { force: true });
}

async function taken<Item>(items: AsyncGenerator<Item>, limit: number): Promise<Item[]> {
  const batch: Item[] = [];
  while (batch.length < limit) {
    const { value, done } = await items.next();
    if (done) break;
    batch.push(value);
  }
  return batch;
}

/** @returns null when its days ran out meanwhile */
async function readOrGone<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CodedError && error.code === 'NotFound') return null;
    throw error;
  }
}

/** Of backups that were cut off: whatever a day ago was half done stays so. */
function removeLeftOvers(folder: string): void {
  const halves = globSync(['.awp-work-*', '.awp-*.tar.partial'], { cwd: folder }).filter((file) => statSync(join(folder, file)).mtimeMs < Date.now() - DAY_MS);
  for (const file of halves) rmSync(join(folder, file), { recursive: true, force: true });
}

function removeOld(folder: string, days: number): number {
  if (days <= 0) return 0;
  const old = globSync('awp-*.tar', { cwd: folder }).filter((file) => statSync(join(folder, file)).mtimeMs < Date.now() - days * DAY_MS);
  for (const file of old) rmSync(join(folder, file));
  return old.length;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
