import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { utimes } from 'node:fs/promises';
import { request } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Problem } from '#contracts/api/common.schema';
import type { UploadWire } from '#contracts/api/uploads.schema';
import { defineCatalogEntry, type CatalogEntry } from '#contracts/catalog.schema';
import { uploadField, uploadsField } from '#contracts/catalog-inputs.schema';
import { TABLE_KINDS } from '#contracts/uploads';
import type { PurgeResult } from '#contracts/workflow';
import { uuidv7 } from '#platform/ids';
import { createUploadReader, renewUploads } from '#platform/repositories/uploads';
import { transaction } from '#platform/sql';
import { catalog } from '#workflows/catalog/index';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';

/** A workflow that takes files; it is only accepted here, never run. */
const input = z.strictObject({ dataset: uploadField({ accept: TABLE_KINDS, title: 'Data', description: 'The table.' }), papers: uploadsField({ accept: ['pdf'], title: 'Papers', description: 'What to read.' }) });
const takesFiles: CatalogEntry = defineCatalogEntry({
  ...(catalog[0] as CatalogEntry), slug: 'takes_files', title: 'Takes files', input, tabs: [{ key: 'all', title: 'All', description: '', fields: ['dataset', 'papers'] }], presets: [], toolsFor: () => [], plan: () => [],
});

let engine: Engine;
let api: ApiUnderTest;
let alice: { id: string; token: string };
let bob: { id: string; token: string };
beforeAll(async () => {
  engine = await startEngine();
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', ARTIFACTS_URL: `file:${path.join(engine.config.home, 'artifacts')}`, AWP_UPLOAD_MAX_BYTES: '300000', AWP_UPLOAD_QUOTA_BYTES: '1000000' }, [...catalog, takesFiles]);
  [alice, bob] = [await api.person('student'), await api.person('student')];
});
afterAll(async () => { await api.close(); await engine.close(); });

const send = (raw: string | Uint8Array, fileName: string, as = alice.token, headers: Record<string, string> = {}) => api.call('POST', `/api/v1/uploads?file_name=${encodeURIComponent(fileName)}`, { as, raw, headers: { 'Content-Type': 'application/octet-stream', ...headers } });
const kept = async (raw: string | Uint8Array, fileName: string, as = alice.token) => (await send(raw, fileName, as)).body as UploadWire;
const folders = () => readdirSync(path.join(engine.config.home, 'artifacts')).filter((name) => name.startsWith('upload-')).sort();
const start = (inputs: object, as = alice.token) => api.call('POST', '/api/v1/runs', { as, json: { workflow_id: 'takes_files', run_mode: 'validate_only', inputs } });
const purge = (): Promise<PurgeResult> => engine.runner.deps.temporal.workflow.execute('purgeExpired', { workflowId: `purge-${randomUUID()}`, taskQueue: engine.taskQueue, args: [] }) as Promise<PurgeResult>;

describe('POST /uploads', () => {
  it('keeps the bytes, finds the kind, and gives the same upload for the same content', async () => {
    const csv = 'a,b\n1,2\n';
    const first = await send(csv, 'C:\\data\\sales \u202E.csv');
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ columns: ['a', 'b'], file_name: 'sales .csv', kind: 'csv', mime_type: 'text/csv', file_size_bytes: 8, sha256: createHash('sha256').update(csv).digest('hex') });
    expect(first.text).not.toMatch(/storage|upload-/);
    const before = folders();
    const again = await send(csv, 'renamed.csv');
    expect([again.status, (again.body as UploadWire).id, (again.body as UploadWire).file_name]).toEqual([200, (first.body as UploadWire).id, 'renamed.csv']);
    expect(folders()).toEqual(before);
    expect((await send(csv, 'sales.csv', bob.token)).status).toBe(201);
    const both = await Promise.all(Array.from({ length: 5 }, () => send('x,y\n3,4\n', 'race.csv')));
    expect([new Set(both.map(({ body }) => (body as UploadWire).id)).size, both.filter(({ status }) => status === 201).length]).toEqual([1, 1]);
  });

  it.each([
    ['paper.pdf', '<html>', 415, /something else/], ['x.docx', 'PK\u0003\u0004 nothing', 415, /not one/], ['x.zip', 'PK\u0003\u0004', 415, /Archives/], ['x.csv', '\u007fELF\u0000\u0001', 415, /not of a kind/], ['noending', 'plain words', 415, /no ending/], ['x.json', 'hello', 415, /does not begin/], ['x.csv', '', 400, /empty/], ['..', 'a', 400, /name of a file/],
  ])('%s holding %j is refused with %i', async (name, content, status, why) => {
    const before = folders();
    const reply = await send(content, name);
    expect([reply.status, (reply.body as Problem).detail]).toEqual([status, expect.stringMatching(why)]);
    expect((reply.body as Problem).errors?.[0]?.pointer).toMatch(/^#\/(body|query\/file_name)$/);
    expect(folders()).toEqual(before);
  });

  it('takes no form, no JSON and nothing packed', async () => {
    for (const headers of [{ 'Content-Type': 'application/json' } as Record<string, string>, { 'Content-Type': 'multipart/form-data; boundary=x' }, { 'Content-Type': 'text/csv' }, { 'Content-Encoding': 'gzip' }]) expect((await send('a,b\n', 'x.csv', alice.token, headers)).status).toBe(415);
    expect((await api.call('POST', '/api/v1/uploads', { as: alice.token, raw: 'a', headers: { 'Content-Type': 'application/octet-stream' } })).status).toBe(400);
  });

  it('too much is refused before a byte of it is read, and at the byte that is too much', async () => {
    const announced = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(`${api.url}/api/v1/uploads?file_name=a.csv`, { method: 'POST', headers: { Authorization: `Bearer ${alice.token}`, 'Content-Type': 'application/octet-stream', 'Content-Length': '300001' } }, (response) => { response.resume(); resolve(response.statusCode); });
      call.once('error', reject);
      call.flushHeaders();
    });
    expect(announced).toBe(413);
    const before = folders();
    const status = await new Promise<[number | undefined, string]>((resolve) => {
      const call = request(`${api.url}/api/v1/uploads?file_name=a.csv`, { method: 'POST', headers: { Authorization: `Bearer ${alice.token}`, 'Content-Type': 'application/octet-stream', 'Transfer-Encoding': 'chunked' } }, (response) => { let text = ''; response.on('data', (chunk: Buffer) => { text += chunk.toString(); }); response.once('close', () => { resolve([response.statusCode, text]); }); });
      // The answer comes while bytes are still on their way; the broken pipe after it is no news.
      call.on('error', () => {});
      for (let piece = 0; piece < 5; piece += 1) call.write('a,b\n'.repeat(16_000));
    });
    expect(status).toEqual([413, expect.stringContaining('#/body')]);
    expect(folders()).toEqual(before);
  });

  it('one that breaks off leaves nothing', async () => {
    const before = folders();
    await new Promise<void>((resolve) => {
      const call = request(`${api.url}/api/v1/uploads?file_name=a.csv`, { method: 'POST', headers: { Authorization: `Bearer ${alice.token}`, 'Content-Type': 'application/octet-stream', 'Content-Length': '100000' } });
      call.once('error', () => { resolve(); });
      call.write('a,b\n1,2\n', () => { setImmediate(() => { call.destroy(new Error('gone')); }); });
    });
    await expect.poll(() => folders()).toEqual(before);
    expect(await api.deps.db.upload.count({ where: { fileSizeBytes: 100_000n } })).toBe(0);
  });

  it('a person keeps so much and no more', async () => {
    const carol = await api.person('student');
    for (let file = 0; file < 3; file += 1) expect((await send(`a${file},b\n`.padEnd(290_000, '1'), 'x.csv', carol.token)).status).toBe(201);
    const full = await send('b,b\n'.padEnd(290_000, '2'), 'y.csv', carol.token);
    expect([full.status, (full.body as Problem).detail]).toEqual([413, 'Your uploads would be more than 1 MB.']);
    expect((await send('a1,b\n'.padEnd(290_000, '1'), 'same.csv', carol.token)).status).toBe(200);
  });
});

describe('whose upload', () => {
  it('list, read and delete reach only my own; a foreign id is as absent as any', async () => {
    const mine = await kept('m,n\n1,2\n', 'mine.csv');
    const list = await api.call('GET', '/api/v1/uploads?kind=csv&limit=200', { as: bob.token });
    expect((list.body as UploadWire[]).map(({ id }) => id)).not.toContain(mine.id);
    for (const method of ['GET', 'DELETE']) {
      const foreign = await api.call(method, `/api/v1/uploads/${mine.id}`, { as: bob.token });
      const none = await api.call(method, `/api/v1/uploads/${uuidv7()}`, { as: bob.token });
      expect([foreign.status, (foreign.body as Problem).detail]).toEqual([404, (none.body as Problem).detail]);
    }
    expect((await api.call('GET', `/api/v1/uploads/${mine.id}`, { as: alice.token })).body).toEqual(mine);
    const find = createUploadReader(api.deps.db, api.deps.storage);
    expect([await find({ userId: bob.id }, mine.id), (await find({ userId: alice.id }, mine.id))?.fileName]).toEqual([null, 'mine.csv']);
    expect((await api.call('DELETE', `/api/v1/uploads/${mine.id}`, { as: alice.token })).status).toBe(204);
    expect(folders()).not.toContain(`upload-${mine.id}`);
    const audited = await api.deps.db.auditEvent.findMany({ where: { resource: `upload/${mine.id}` }, orderBy: { sequence: 'asc' } });
    expect(audited.map(({ type, subject }) => [type, subject])).toEqual([['upload.created', alice.id], ['access.denied', bob.id], ['access.denied', bob.id], ['upload.deleted', alice.id]]);
  });
});

describe('uploads as inputs', () => {
  it('a run is refused when a file is not there, foreign or of another kind, with the field', async () => {
    const csv = await kept('p,q\n1,2\n', 'p.csv');
    const text = await kept('some words', 'words.txt');
    const foreign = await kept('f,g\n1,2\n', 'f.csv', bob.token);
    const problems = async (inputs: object) => ((await start(inputs)).body as Problem).errors;
    expect(await problems({ dataset: uuidv7() })).toEqual([{ pointer: '#/inputs/dataset', detail: expect.stringMatching(/^is not an upload of yours/) }]);
    expect(await problems({ dataset: foreign.id })).toEqual(await problems({ dataset: uuidv7() }));
    expect(await problems({ dataset: text.id, papers: [csv.id] })).toEqual([{ pointer: '#/inputs/dataset', detail: 'takes CSV, JSON, Parquet; words.txt is Text' }, { pointer: '#/inputs/papers/0', detail: 'takes PDF; p.csv is CSV' }]);
    expect(await problems({ dataset: 'x' })).toEqual([{ pointer: '#/inputs/dataset', detail: 'must be the id of an upload' }]);
  });

  it('a run starts its time anew, and keeps it from being deleted until it ends', async () => {
    const csv = await kept('r,s\n1,2\n', 'r.csv');
    await api.deps.db.upload.update({ where: { id: csv.id }, data: { expiresAt: new Date(Date.now() + 1_000) } });
    const run = (await start({ dataset: csv.id })).body as { id: string };
    expect((await api.deps.db.upload.findUniqueOrThrow({ where: { id: csv.id } })).expiresAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    expect((await api.call('DELETE', `/api/v1/uploads/${csv.id}`, { as: alice.token })).status).toBe(409);
    await api.deps.db.upload.update({ where: { id: csv.id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
    expect((await purge()).uploads).toBe(0);
    await api.deps.db.run.update({ where: { id: run.id }, data: { status: 'cancelled', completedAt: new Date() } });
    expect((await purge()).uploads).toBe(1);
    expect([await api.deps.db.upload.count({ where: { id: csv.id } }), folders().includes(`upload-${csv.id}`)]).toEqual([0, false]);
  });

  it('a deletion waits for a run that is just starting with the file, and then refuses', async () => {
    const csv = await kept('v,w\n1,2\n', 'v.csv');
    const { db } = api.deps;
    const run = (await start({ dataset: (await kept('y,z\n1,2\n', 'y.csv')).id })).body as { id: string };
    // As `store` of accept-run.ts: the row is renewed first, the run is there with the commit.
    let deleting: Promise<{ status: number }> | undefined;
    await transaction(db.pool, async (client) => {
      expect(await renewUploads(client, alice.id, [csv.id], 30)).toBe(true);
      deleting = api.call('DELETE', `/api/v1/uploads/${csv.id}`, { as: alice.token });
      const { rows: [me] } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await expect.poll(async () => (await db.$queryRaw<{ waiting: number }[]>`SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted AND ${me?.pid}::int = ANY(pg_blocking_pids(pid))`)[0]?.waiting).toBe(1);
      await client.query('UPDATE runs SET inputs = $1 WHERE id = $2', [{ dataset: csv.id }, run.id]);
    });
    expect((await deleting)?.status).toBe(409);
  });

  it('an id in capitals is the same file: it is in use, and kept in small letters', async () => {
    const csv = await kept('aa,bb\n1,2\n', 'aa.csv');
    const reply = await start({ dataset: csv.id.toUpperCase(), papers: [] });
    expect([reply.status, (reply.body as { inputs: object }).inputs]).toEqual([201, { dataset: csv.id, papers: [] }]);
    expect((await api.call('DELETE', `/api/v1/uploads/${csv.id.toUpperCase()}`, { as: alice.token })).status).toBe(409);
    // A run from before ids were kept so.
    await api.deps.db.run.update({ where: { id: (reply.body as { id: string }).id }, data: { inputs: { dataset: csv.id.toUpperCase() } } });
    await api.deps.db.upload.update({ where: { id: csv.id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
    expect([(await api.call('DELETE', `/api/v1/uploads/${csv.id}`, { as: alice.token })).status, (await purge()).uploads]).toEqual([409, 0]);
  });

  it('bytes without a row go after an hour, others stay', async () => {
    const csv = await kept('t,u\n1,2\n', 't.csv');
    const lost = uuidv7();
    await api.deps.storage.put(`upload-${lost}/x`, 'x');
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const id of [lost, csv.id]) await utimes(path.join(engine.config.home, 'artifacts', `upload-${id}`), old, old);
    await purge();
    expect([folders().includes(`upload-${lost}`), folders().includes(`upload-${csv.id}`)]).toEqual([false, true]);
  });
});
