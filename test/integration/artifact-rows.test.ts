import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reduceRunEvents } from '#contracts/run-reducer';
import { saveRunArtifact, type NewArtifact } from '#platform/repositories/artifacts';
import { allRunEvents, appendRunEvents } from '#platform/repositories/run-events';
import { openArtifactStorage, type ArtifactStorage } from '#platform/storage/artifact-storage';
import { loadConfig } from '#platform/config';
import { openTestRows, type TestRows } from '../support/rows.ts';
import { ended } from '../support/run-log.ts';

let rows: TestRows;
let home: string;
let storage: ArtifactStorage;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'awp-artifacts-'));
  storage = openArtifactStorage(loadConfig({ AWP_HOME: home }));
  rows = await openTestRows();
});
afterAll(async () => { await rows.close(); rmSync(home, { recursive: true, force: true }); });

const notes = (runId: string, content: string, retentionDays = 30) => {
  const artifact: NewArtifact = { runId, userId: rows.userId, artifactType: 'notes', fileName: 'notes.md', mimeType: 'text/markdown', content, stage: 'test', stepIndex: 0, summary: null, key: 'test/save-notes/notes.md' };
  return saveRunArtifact(rows.db, storage, artifact, retentionDays);
};
/** The bytes that lie on disk for a run. */
async function onDisk(runId: string): Promise<string[]> {
  const files = (await readdir(home, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && entry.parentPath.includes(runId));
  return Promise.all(files.map((file) => readFile(path.join(file.parentPath, file.name), 'utf8')));
}
const viewOf = async (runId: string) => reduceRunEvents(await allRunEvents(rows.db, runId));

describe('a file of a run', () => {
  it('is row, event and bytes that agree', async () => {
    const runId = await rows.run();
    const saved = await notes(runId, '# Notes\n');
    const row = await rows.db.artifact.findUniqueOrThrow({ where: { id: saved?.id ?? '' } });
    expect(row).toMatchObject({ fileName: 'notes.md', sha256: saved?.sha256, fileSizeBytes: 8n, userId: rows.userId });
    expect(row.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    expect((await viewOf(runId)).artifacts).toEqual([{ id: saved?.id, fileName: 'notes.md', mimeType: 'text/markdown', fileSizeBytes: 8, sha256: saved?.sha256 }]);
    expect(await onDisk(runId)).toEqual(['# Notes\n']);
  });

  it('saved again unchanged, as by a retried activity, changes nothing', async () => {
    const runId = await rows.run();
    const first = await notes(runId, 'same');
    expect(await notes(runId, 'same')).toEqual(first);
    expect(await onDisk(runId)).toEqual(['same']);
    expect((await allRunEvents(rows.db, runId)).filter((event) => event.type === 'artifact-save')).toHaveLength(1);
  });

  it('saved anew keeps its id, and the bytes before it are gone', async () => {
    const runId = await rows.run();
    const first = await notes(runId, 'one');
    const second = await notes(runId, 'two');
    expect(second?.id).toBe(first?.id);
    expect(await onDisk(runId)).toEqual(['two']);
    expect((await viewOf(runId)).artifacts.map((artifact) => artifact.sha256)).toEqual([second?.sha256]);
  });

  it('saved by several at once ends as one row, one set of bytes and the id that the log names', async () => {
    const runId = await rows.run();
    await Promise.all(Array.from({ length: 8 }, (_, index) => notes(runId, `version ${index}`)));
    const row = await rows.db.artifact.findUniqueOrThrow({ where: { runId_fileName: { runId, fileName: 'notes.md' } } });
    const [shown] = (await viewOf(runId)).artifacts;
    expect({ id: shown?.id, sha256: shown?.sha256 }).toEqual({ id: row.id, sha256: row.sha256 });
    expect(await onDisk(runId)).toHaveLength(1);
  });

  it('of a run that is gone leaves nothing behind', async () => {
    const gone = '01990000-0000-7000-8000-00000000dead';
    expect(await notes(gone, 'x')).toBeNull();
    expect(await onDisk(gone)).toEqual([]);
  });

  it('is taken after the end, and kept for ever when nothing limits it', async () => {
    const runId = await rows.run();
    await rows.db.$transaction((tx) => appendRunEvents(tx, runId, [{ key: 'end', event: ended('failed') }]));
    const saved = await notes(runId, 'late', 0);
    expect((await rows.db.artifact.findUniqueOrThrow({ where: { id: saved?.id ?? '' } })).expiresAt).toBeNull();
    expect((await viewOf(runId))).toMatchObject({ status: 'failed', artifacts: [{ fileName: 'notes.md' }] });
  });
});
