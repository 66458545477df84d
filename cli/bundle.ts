import { createHash } from 'node:crypto';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { BUNDLE_ENTRIES, BUNDLE_FORMAT, BUNDLE_VERSION, type BundleLedgerRow, type BundleManifest } from '#contracts/bundle';
import type { RunDetailWire, RunEventWire } from '#contracts/api/runs.schema';
import { reduceRunEvents, type RunView } from '#contracts/run-reducer';
import { runEventFromWire } from '#contracts/wire';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

const MAX_ENTRIES = 2000;
const MAX_BYTES = 512 * 1024 * 1024;

export interface RunBundle { manifest: BundleManifest; run: RunDetailWire; events: RunEventWire[]; ledger: BundleLedgerRow[]; history: unknown; files: Map<string, Buffer>; view: RunView }

const refused = (what: string, remedy = 'Export the run again; do not use this file.'): CliError => new CliError(what, remedy, EXIT.validation);

/** Opens a bundle read-only: every entry must be in the manifest with its hash, and every entry of the manifest in the file.
 * @throws CliError (validation) that names the entry which is wrong */
export async function openBundle(bytes: Buffer): Promise<RunBundle> {
  const entries = await unzip(bytes);
  const manifest = parse(entries, BUNDLE_ENTRIES.manifest) as BundleManifest;
  if (manifest.format !== BUNDLE_FORMAT || !Array.isArray(manifest.entries)) throw refused('This is not a run bundle.', 'Bundles are made by "awp runs export ID".');
  if (manifest.format_version > BUNDLE_VERSION) throw refused(`This bundle has format ${manifest.format_version}; this awp reads up to ${BUNDLE_VERSION}.`, 'Use a newer awp.');
  const named = new Set([BUNDLE_ENTRIES.manifest as string]);
  for (const { name, sha256, bytes: length } of manifest.entries) {
    const content = entries.get(name);
    if (!content) throw refused(`The bundle is incomplete: ${name} is missing.`);
    if (content.length !== length || createHash('sha256').update(content).digest('hex') !== sha256) throw refused(`The bundle was changed: ${name} does not match its hash.`);
    named.add(name);
  }
  for (const name of entries.keys()) if (!named.has(name)) throw refused(`The bundle was changed: ${name} is not in its manifest.`);
  const events = text(entries, BUNDLE_ENTRIES.events).split('\n').filter(Boolean).map((line) => JSON.parse(line) as RunEventWire);
  const history = entries.get(BUNDLE_ENTRIES.history);
  return {
    manifest, events, run: parse(entries, BUNDLE_ENTRIES.run) as RunDetailWire, ledger: parse(entries, BUNDLE_ENTRIES.ledger) as BundleLedgerRow[], view: reduceRunEvents(events.map(runEventFromWire)),
    history: history ? (JSON.parse(history.toString('utf8')) as unknown) : null,
    files: new Map([...entries].filter(([name]) => name.startsWith(BUNDLE_ENTRIES.artifacts)).map(([name, content]) => [name.slice(BUNDLE_ENTRIES.artifacts.length), content])),
  };
}

function text(entries: Map<string, Buffer>, name: string): string {
  const content = entries.get(name);
  if (!content) throw refused(`This is not a run bundle: ${name} is missing.`, 'Bundles are made by "awp runs export ID".');
  return content.toString('utf8');
}

function parse(entries: Map<string, Buffer>, name: string): unknown {
  const content = text(entries, name);
  try {
    return JSON.parse(content) as unknown;
  } catch {
    throw refused(`The bundle is damaged: ${name} is not JSON.`);
  }
}

/** All entries in memory, with limits against archives made to burst. yauzl itself refuses absolute and climbing names. */
async function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true }, (error, opened) => (opened ? resolve(opened) : reject(refused(`This is not a zip file (${error?.message ?? 'unreadable'}).`))));
  });
  const entries = new Map<string, Buffer>();
  let total = 0;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => { reject(error instanceof CliError ? error : refused(`The bundle is damaged: ${error.message}`)); };
    zip.on('error', fail).on('end', () => resolve(entries)).on('entry', (entry: Entry) => {
      total += entry.uncompressedSize;
      if (entries.size >= MAX_ENTRIES || total > MAX_BYTES) return fail(refused('The bundle is larger than any run makes.'));
      if (entries.has(entry.fileName)) return fail(refused(`The bundle was changed: ${entry.fileName} is in it twice.`));
      return zip.openReadStream(entry, (error, stream) => {
        if (!stream) return fail(refused(`The bundle is damaged at ${entry.fileName}: ${error?.message ?? 'unreadable'}`));
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', (broken: Error) => fail(refused(`The bundle was changed or damaged: ${entry.fileName} (${broken.message}).`))).on('end', () => {
          entries.set(entry.fileName, Buffer.concat(chunks));
          zip.readEntry();
        });
        return undefined;
      });
    });
    zip.readEntry();
  });
}
