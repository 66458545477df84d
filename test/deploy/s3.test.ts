import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { get as httpGet, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newStorageKey, openArtifactStorage, type ArtifactStorage } from '#platform/storage/artifact-storage';
import { copyArtifacts, everyObject } from '#platform/storage/copy-artifacts';
import { startS3Server, type S3Server } from '../support/deploy/s3-server.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

/** Artifacts in a bucket of a real S3 server that checks signatures. */
let s3: S3Server;
const open = (prefix: string, changes: Partial<Parameters<typeof openArtifactStorage>[0]> = {}): ArtifactStorage =>
  openArtifactStorage({ home: '/nowhere', ARTIFACTS_URL: `s3://${s3.bucket}/${prefix}`, S3_ENDPOINT: s3.endpoint, S3_ACCESS_KEY_ID: s3.environment['S3_ACCESS_KEY_ID'], S3_SECRET_ACCESS_KEY: s3.environment['S3_SECRET_ACCESS_KEY'], ...changes });
const sha = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const answer = { contentType: 'text/markdown', contentDisposition: 'attachment; filename="notes.md"' };

beforeAll(async () => { s3 = await startS3Server(); });
afterAll(() => s3.stop());

/** As a browser's click or curl: no redirect is followed. */
function click(url: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    httpGet(url, { headers }, (res) => { void text(res).then((body) => { resolve({ status: res.statusCode ?? 0, headers: res.headers, body }); }); }).on('error', reject);
  });
}

describe('the storage', () => {
  it('gives back what was put, whole, with size and hash; a large stream goes in parts', async () => {
    const storage = open('basic');
    const key = newStorageKey('0199aaaa-0000-7000-8000-000000000001');
    expect(await storage.put(key, Readable.from([Buffer.from('# no'), Buffer.from('tes ✓')]))).toEqual({ key, sizeBytes: 11, sha256: sha('# notes ✓') });
    expect(await text((await storage.get(key)).stream)).toBe('# notes ✓');
    expect(await storage.stat(key)).toEqual({ sizeBytes: 11 });
    const large = Buffer.alloc(12_000_000, 'awp ');
    const stored = await storage.put('run/large', Readable.from([large.subarray(0, 7_000_000), large.subarray(7_000_000)]));
    expect(stored).toMatchObject({ sizeBytes: large.length, sha256: sha(large) });
    expect((await storage.get('run/large')).sizeBytes).toBe(large.length);
  });

  it('keeps the old content when the new stream breaks, forgives a second delete, and refuses keys that are not its own', async () => {
    const storage = open('whole');
    await storage.put('run/a', 'old');
    await expect(storage.put('run/a', Readable.from((async function* () { yield Buffer.from('ne'); await Promise.resolve(); throw new Error('source died'); })()))).rejects.toMatchObject({ code: 'StorageUnavailable' });
    expect(await text((await storage.get('run/a')).stream)).toBe('old');
    await storage.delete('run/a');
    await storage.delete('run/a');
    await expect(storage.get('run/a')).rejects.toMatchObject({ code: 'NotFound' });
    expect(await storage.stat('run/a')).toBeNull();
    for (const key of ['../whole/run/a', 'a/../b', '/etc/passwd', '']) await expect(storage.get(key)).rejects.toMatchObject({ code: 'InvalidInput' });
  });

  it('lists folders in order and deletes by folder and prefix, in its own prefix of the bucket alone', async () => {
    const storage = open('folders');
    await open('folders-2').put('zzz/a', 'x');
    for (const name of ['aaa', 'bbb', 'ccc']) for (const file of ['payload-1', 'x']) await storage.put(`${name}/${file}`, name);
    expect((await storage.folders('', 2)).map(({ name }) => name)).toEqual(['aaa', 'bbb']);
    const [last] = await storage.folders('bbb', 10);
    expect(last?.name).toBe('ccc');
    expect(Math.abs(Date.now() - (last?.changedAt.getTime() ?? 0))).toBeLessThan(120_000);
    expect(await storage.list('aaa')).toEqual([{ key: 'aaa/payload-1', sizeBytes: 3 }, { key: 'aaa/x', sizeBytes: 3 }]);
    expect([await storage.deleteFolder('aaa', 'payload-'), await storage.deleteFolder('bbb'), await storage.deleteFolder('none')]).toEqual([1, 2, 0]);
    expect((await storage.folders('', 10)).map(({ name }) => name)).toEqual(['aaa', 'ccc']);
    const seen = [];
    for await (const { key } of everyObject(storage)) seen.push(key);
    expect(seen).toEqual(['aaa/x', 'ccc/payload-1', 'ccc/x']);
  });

  it('a store that is away or refuses the key is StorageUnavailable and names no secret', async () => {
    for (const storage of [open('x', { S3_ENDPOINT: 'http://127.0.0.1:1' }), open('x', { S3_SECRET_ACCESS_KEY: 'not the secret' })]) {
      const error = (await storage.put('run/a', 'x').catch((thrown: unknown) => thrown)) as { code: string; detail: string };
      expect(error.code).toBe('StorageUnavailable');
      expect(error.detail).not.toMatch(/secret/);
    }
    expect(() => open('x', { ARTIFACTS_URL: 's3://' })).toThrow(/bucket/);
    expect(() => open('x', { S3_SECRET_ACCESS_KEY: undefined })).toThrow(/belong together/);
  });

  it('a link serves one object with the signed headers, and nothing else', async () => {
    const storage = open('links');
    await storage.put('run/a', '# Notes');
    await storage.put('run/b', 'other');
    const link = (await storage.downloadUrl('run/a', answer)) as string;
    const served = await click(link);
    expect([served.status, served.body, served.headers['content-type'], served.headers['content-disposition']]).toEqual([200, '# Notes', 'text/markdown', answer.contentDisposition]);
    expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('60');
    for (const forged of [link.replace('run/a', 'run/b'), link.replace('X-Amz-Expires=60', 'X-Amz-Expires=600000'), link.replace(/X-Amz-Signature=..../, 'X-Amz-Signature=0000'), link.split('?')[0] as string]) expect((await click(forged)).status).toBe(403);
    expect(await open('links', { S3_PRESIGN_SECONDS: 0 }).downloadUrl('run/a', answer)).toBeNull();
  });
});

describe('moving from disk to a bucket', () => {
  it('copies what is missing, goes on where it was interrupted, and leaves out what is not what the database says', async () => {
    const home = mkdtempSync(join(tmpdir(), 'awp-move-'));
    const disk = openArtifactStorage({ ARTIFACTS_URL: undefined, home });
    const bucket = open('moved');
    const rows = new Map<string, string>();
    for (const key of ['aaa/1', 'aaa/2', 'bbb/1']) rows.set(key, (await disk.put(key, `content of ${key}`)).sha256);
    await disk.put('ccc/damaged', 'not what it was');
    rows.set('ccc/damaged', sha('what it was'));
    await bucket.put('aaa/1', 'content of aaa/1');
    const shaOf = (key: string) => Promise.resolve(rows.get(key) ?? null);
    expect(await copyArtifacts(disk, bucket, shaOf)).toEqual({ copied: 2, bytes: 32, present: 1, damaged: ['ccc/damaged'] });
    expect(await copyArtifacts(disk, bucket, shaOf)).toMatchObject({ copied: 0, present: 3 });
    expect(await text((await bucket.get('bbb/1')).stream)).toBe('content of bbb/1');
    expect(await bucket.stat('ccc/damaged')).toBeNull();
    rmSync(home, { recursive: true });
  });
});

describe('the product on a bucket', () => {
  let platform: PlatformUnderTest;
  beforeAll(async () => { platform = await startPlatform({ ARTIFACTS_URL: `s3://${s3.bucket}/product`, ...s3.environment }); });
  afterAll(() => platform.close());

  it('a run leaves its files there; a download passes the authorisation and then leaves for the bucket', async () => {
    const { api } = platform;
    const [alice, mallory] = [await api.person('researcher'), await api.person('researcher')];
    const run = await platform.run(alice.token, { workflow_id: 'learn_agentic_ai', provider: 'demo', run_mode: 'test_run', inputs: { learning_goal: 'Build a small agent that calls tools' } });
    expect(run.status).toBe('completed');
    const notes = run.artifacts.find((file) => file.file_name === 'notes.md');
    const address = `${api.url}/api/v1/artifacts/${notes?.id ?? ''}/download`;
    expect((await click(address)).status).toBe(401);
    expect((await click(address, { authorization: `Bearer ${mallory.token}` })).status).toBe(404);
    const sent = await click(address, { authorization: `Bearer ${alice.token}` });
    expect([sent.status, sent.headers['cache-control'], sent.headers.location]).toEqual([302, 'no-store', expect.stringContaining(`${s3.endpoint}/${s3.bucket}/product/${run.id}/`)]);
    const served = await click(sent.headers.location as string);
    expect([served.status, sha(served.body), served.headers['content-disposition']]).toEqual([200, notes?.sha256, expect.stringContaining('attachment; filename="notes.md"')]);
    // What a page reads by script comes from the API itself.
    const read = await click(address, { authorization: `Bearer ${alice.token}`, 'sec-fetch-mode': 'cors' });
    expect([read.status, read.body]).toEqual([200, served.body]);
    const zip = await api.call('GET', `/api/v1/runs/${run.id}/artifacts?format=zip`, { as: alice.token });
    expect([zip.status, zip.headers.get('content-type')]).toEqual([200, 'application/zip']);
  });
});
