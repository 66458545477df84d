import { once, type EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import type { RunWire } from '#contracts/api/runs.schema';
import { CodedError } from '#platform/coded-error';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';
import { endEvent, writeArtifact, writeEvents } from '../support/runs.ts';

interface ZipReader extends EventEmitter { readEntry(): void; openReadStream(entry: object, done: (error: Error | null, stream: NodeJS.ReadableStream) => void): void }
// yauzl has no types of its own; this is the part that is used.
const yauzl = createRequire(import.meta.url)('yauzl') as { fromBuffer(data: Buffer, options: object, done: (error: Error | null, zip: ZipReader) => void): void };

let api: ApiUnderTest;
let alice: { id: string; token: string };
beforeAll(async () => {
  api = await startApi();
  alice = await api.person('researcher');
});
afterAll(() => api.close());

const get = (address: string, as = alice.token, headers: Record<string, string> = {}) => api.call('GET', address, { as, headers });
const newRun = async () => (await api.call('POST', '/api/v1/runs', { as: alice.token, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL } } })).body as RunWire;

describe('artifacts', () => {
  it('list, content, download, zip and delete work; nothing is served as a page', async () => {
    const run = await newRun();
    const owner = { id: run.id, userId: alice.id };
    const notes = await writeArtifact(api.deps, owner, { fileName: 'notes "é".md', mimeType: 'text/markdown', content: '# Notes ✓' });
    const image = await writeArtifact(api.deps, owner, { fileName: '../../evil.html', mimeType: 'image/png', content: Buffer.from([1, 2, 3]) });
    const list = await get(`/api/v1/runs/${run.id}/artifacts`);
    expect((list.body as { file_name: string; file_size_bytes: number }[]).map((file) => file.file_size_bytes)).toEqual([11, 3]);
    expect(list.text).not.toContain('storage');
    expect((await get(`/api/v1/artifacts?artifact_type=notes&run_id=${run.id}`)).headers.get('x-total-count')).toBe('2');
    expect((await get(`/api/v1/artifacts/run/${run.id}`)).body).toEqual(list.body);
    expect((await get(`/api/v1/artifacts/${notes}/content`)).body).toMatchObject({ content: '# Notes ✓' });
    expect((await get(`/api/v1/artifacts/${image}/content`)).status).toBe(400);
    const download = await get(`/api/v1/artifacts/${notes}/download`);
    expect([download.text, download.headers.get('content-disposition')]).toEqual(['# Notes ✓', `attachment; filename="notes _e__.md"; filename*=UTF-8''notes%20%22%C3%A9%22.md`]);
    expect(download.headers.get('content-security-policy')).toContain('sandbox');
    expect((await get(`/api/v1/artifacts/${notes}/download`, alice.token, { 'If-None-Match': download.headers.get('etag') ?? '' })).status).toBe(304);
    expect(await zipEntries(run.id)).toEqual({ 'notes _é_.md': '# Notes ✓', '__.._evil.html': '\u0001\u0002\u0003' });

    expect((await api.call('DELETE', `/api/v1/artifacts/${notes}`, { as: alice.token })).status).toBe(409);
    await writeEvents(api.deps, run.id, [endEvent()]);
    expect((await api.call('DELETE', `/api/v1/artifacts/${notes}`, { as: alice.token })).status).toBe(204);
    expect((await get(`/api/v1/artifacts/${notes}`)).status).toBe(404);
  });

  it('the files of a run come a page at a time where that is asked for, oldest first, none twice', async () => {
    const run = await newRun();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await writeArtifact(api.deps, { id: run.id, userId: alice.id }, { fileName: `${name}.md`, mimeType: 'text/markdown', content: name });
    const seen: string[] = [];
    let address: string | undefined = `/api/v1/runs/${run.id}/artifacts?limit=2`;
    while (address) {
      const page = await get(address);
      expect(page.headers.get('x-total-count')).toBe('5');
      seen.push(...(page.body as { file_name: string }[]).map(({ file_name: name }) => name));
      address = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(['a.md', 'b.md', 'c.md', 'd.md', 'e.md']);
    const whole = await get(`/api/v1/runs/${run.id}/artifacts`);
    expect([(whole.body as unknown[]).length, whole.headers.get('link')]).toEqual([5, null]);
    expect((await get(`/api/v1/runs/${run.id}/artifacts?cursor=x`)).status).toBe(400);
  });

  it('a file that is missing in the store is an error with words, not half an archive', async () => {
    const run = await newRun();
    await writeArtifact(api.deps, { id: run.id, userId: alice.id }, { fileName: 'gone.md', mimeType: 'text/markdown', content: 'x' });
    const { storageKey } = await api.deps.db.artifact.findFirstOrThrow({ where: { runId: run.id } });
    await api.deps.storage.delete(storageKey);
    const zip = await get(`/api/v1/runs/${run.id}/artifacts?format=zip`);
    expect([zip.status, zip.headers.get('content-disposition'), (zip.body as Problem).code]).toEqual([503, null, 'StorageUnavailable']);
  });

  it('the result of a run whose files are past their days is told without them', async () => {
    const run = await newRun();
    const id = await writeArtifact(api.deps, { id: run.id, userId: alice.id }, { fileName: 'old.md', mimeType: 'text/markdown', content: '# Old' });
    await writeEvents(api.deps, run.id, [endEvent()]);
    expect((await get(`/api/v1/runs/${run.id}/result`)).body).toMatchObject({ output: { formatted: '# Old' } });
    const { storageKey } = await api.deps.db.artifact.update({ where: { id }, data: { expiredAt: new Date() } });
    await api.deps.storage.delete(storageKey);
    expect(await get(`/api/v1/runs/${run.id}/result`)).toMatchObject({ status: 200, body: { run: { id: run.id }, output: { formatted: null } } });
  });

  it('a file that the store does not let go of now is still listed, and can be deleted later', async () => {
    const run = await newRun();
    const id = await writeArtifact(api.deps, { id: run.id, userId: alice.id }, { fileName: 'kept.md', mimeType: 'text/markdown', content: 'x' });
    await writeEvents(api.deps, run.id, [endEvent()]);
    const { storage } = api.deps;
    const away = vi.spyOn(storage, 'delete').mockRejectedValue(new CodedError('StorageUnavailable', 'The store is away.'));
    expect((await api.call('DELETE', `/api/v1/artifacts/${id}`, { as: alice.token })).status).toBe(503);
    away.mockRestore();
    expect((await get(`/api/v1/artifacts/${id}`)).status).toBe(200);
    expect((await api.call('DELETE', `/api/v1/artifacts/${id}`, { as: alice.token })).status).toBe(204);
    expect(await api.deps.db.auditEvent.count({ where: { type: 'artifact.deleted', resource: `artifact/${id}` } })).toBe(1);
  });

  async function zipEntries(runId: string): Promise<Record<string, string>> {
    const response = await fetch(`${api.url}/api/v1/runs/${runId}/artifacts`, { headers: { Authorization: `Bearer ${alice.token}`, Accept: 'application/zip' } });
    expect(response.headers.get('content-type')).toBe('application/zip');
    const data = Buffer.from(await response.arrayBuffer());
    const zip = await promisify(yauzl.fromBuffer.bind(yauzl))(data, { lazyEntries: true });
    const entries: Record<string, string> = {};
    const read = promisify(zip.openReadStream.bind(zip));
    for (;;) {
      const next = Promise.race([once(zip, 'entry'), once(zip, 'end')]);
      zip.readEntry();
      const [entry] = (await next) as [{ fileName: string } | undefined];
      if (!entry) break;
      entries[entry.fileName] = (await buffer(await read(entry))).toString('utf8');
    }
    return entries;
  }
});
