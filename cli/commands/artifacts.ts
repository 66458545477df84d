import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { ArtifactWire } from '#contracts/api/artifacts.schema';
import { leaf, type Host } from '../context.ts';
import { CliError } from '../errors.ts';
import { usage } from '../inputs.ts';
import { size } from '../output.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const listOf = (runId: string): string => `/api/v1/runs/${encodeURIComponent(runId)}/artifacts`;

export function addArtifacts(host: Host, program: Command): void {
  const artifacts = program.command('artifacts').description('The files of a run');
  leaf(host, artifacts.command('list').argument('<run>').description('Names, sizes, hashes'), ['awp artifacts list 0199…'], async ({ client, output }, [run = '']) => {
    output.table(await client.get<ArtifactWire[]>(listOf(run)), [['FILE', (row: ArtifactWire) => row.file_name], ['SIZE', (row: ArtifactWire) => size(row.file_size_bytes)], ['TYPE', (row: ArtifactWire) => row.mime_type], ['SHA-256', (row: ArtifactWire) => row.sha256], ['ID', (row: ArtifactWire) => row.id]]);
  });
  leaf<{ output?: string; name: string[]; force?: boolean }>(host, artifacts.command('pull').argument('<run>').description('Download them, each checked by its hash').option('-o, --output <folder>', 'where to; a folder named by the run when left out')
    .option('--name <file>', 'only this one; may be repeated', (value: string, all: string[]) => [...all, value], []).option('--force', 'write over files that differ'), ['awp artifacts pull 0199… -o notes', 'awp artifacts pull 0199… --name notes.md'], async ({ client, output }, [run = ''], options) => {
    const all = await client.get<ArtifactWire[]>(listOf(run));
    const unknown = options.name.filter((name) => !all.some((file) => file.file_name === name));
    if (unknown.length > 0) throw usage(`This run has no ${unknown.join(', ')}.`, `Its files: ${all.map((file) => file.file_name).join(', ') || 'none yet'}.`);
    const wanted = options.name.length > 0 ? all.filter((file) => options.name.includes(file.file_name)) : all;
    const folder = options.output ?? `run-${run.slice(0, 8)}`;
    mkdirSync(folder, { recursive: true });
    const pulled = [];
    for (const file of wanted) {
      const path = join(folder, ...safeSegments(file.file_name));
      mkdirSync(dirname(path), { recursive: true });
      if (!isThere(path, file, options.force === true)) {
        const response = await client.send('GET', `/api/v1/artifacts/${file.id}/download`, { unbounded: true, headers: { Accept: '*/*' } });
        const bytes = Buffer.from(await response.arrayBuffer());
        if (sha256(bytes) !== file.sha256) throw new CliError(`${file.file_name} arrived with another hash than it was stored with.`, 'Pull it again; if it stays, the store is damaged.');
        // Beside and renamed: a broken download is never taken for the file.
        writeFileSync(`${path}.part`, bytes);
        renameSync(`${path}.part`, path);
      }
      pulled.push({ ...file, path });
      if (!output.json) output.data(path);
    }
    if (output.json) output.document(pulled);
    output.say(`${pulled.length} files, hashes checked.`);
  });
}

/** @returns true when the same bytes are there already @throws CliError (usage) when others are */
/** `test/notes.md` keeps its folder; no name can lead out of the target. */
const safeSegments = (name: string): string[] => name.split(/[\\/]/).filter((part) => part !== '' && !/^\.+$/.test(part)).map((part) => part.replace(/^\.+/, '_'));

function isThere(path: string, file: ArtifactWire, force: boolean): boolean {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return false;
  }
  if (sha256(bytes) === file.sha256) return true;
  if (!force) throw usage(`${path} is there already with other content.`, 'Choose another folder with -o, or --force.');
  return false;
}
