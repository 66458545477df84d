import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../ids.ts';
import { newStorageKey, openArtifactStorage } from './artifact-storage.ts';
import { createDiskStorage } from './disk-storage.ts';
import { safeJoin } from './safe-join.ts';

let root: string;
beforeEach(async () => { root = await mkdtemp(path.join(tmpdir(), 'awp-storage-')); });
afterEach(async () => { await rm(root, { recursive: true, force: true }); });

describe('disk storage', () => {
  it('gives back what was put, with size and hash, and leaves no temporary file', async () => {
    const storage = createDiskStorage(root);
    const key = newStorageKey('0199aaaa-0000-7000-8000-000000000001');
    const stored = await storage.put(key, Readable.from(['# no', 'tes ✓']));
    expect(stored).toEqual({ key, sizeBytes: Buffer.byteLength('# notes ✓'), sha256: sha256Hex('# notes ✓') });
    const { stream, sizeBytes } = await storage.get(key);
    expect(await text(stream)).toBe('# notes ✓');
    expect(sizeBytes).toBe(stored.sizeBytes);
    expect((await readdir(path.join(root, path.dirname(key)))).filter((name) => name.startsWith('.tmp'))).toEqual([]);
  });

  it('replaces a key whole, and keeps the old content when the new stream breaks', async () => {
    const storage = createDiskStorage(root);
    await storage.put('run/a', 'old');
    const broken = Readable.from((async function* () { yield 'ne'; await Promise.resolve(); throw new Error('source died'); })());
    await expect(storage.put('run/a', broken)).rejects.toMatchObject({ code: 'StorageUnavailable' });
    expect(await text((await storage.get('run/a')).stream)).toBe('old');
    expect(await readdir(path.join(root, 'run'))).toEqual(['a']);
  });

  it('says NotFound for a missing key and forgives a second delete', async () => {
    const storage = createDiskStorage(root);
    await expect(storage.get('run/none')).rejects.toMatchObject({ code: 'NotFound' });
    expect(await storage.stat('run/none')).toBeNull();
    await storage.put('run/a', 'x');
    await storage.delete('run/a');
    await storage.delete('run/a');
    expect(await readdir(root)).toEqual([]);
  });

  it('refuses symbolic links, as file and as folder', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'awp-outside-'));
    await writeFile(path.join(outside, 'secret'), 'canary');
    await mkdir(path.join(root, 'run'));
    await symlink(path.join(outside, 'secret'), path.join(root, 'run', 'link'));
    await symlink(outside, path.join(root, 'away'));
    const storage = createDiskStorage(root);
    await expect(storage.get('run/link')).rejects.toMatchObject({ code: 'InvalidInput' });
    await expect(storage.get('away/secret')).rejects.toMatchObject({ code: 'InvalidInput' });
    await expect(storage.put('away/new', 'x')).rejects.toMatchObject({ code: 'InvalidInput' });
    expect(await readdir(outside)).toEqual(['secret']);
    await rm(outside, { recursive: true });
  });

  it('turns a fault of the disk into StorageUnavailable without naming a path', async () => {
    await writeFile(path.join(root, 'run'), 'a file where a folder should be');
    const storage = createDiskStorage(root);
    const failure = await storage.put('run/a', 'x').catch((error: unknown) => error) as { code: string; detail: string };
    expect(failure.code).toBe('StorageUnavailable');
    expect(failure.detail).not.toContain(root);
    await chmod(root, 0o700);
  });

  it('keeps any string inside the root or refuses it', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.constantFrom('../x', '/etc/passwd', 'a/../../b', 'a//b', '.', '', 'a\0b', '%2e%2e/x', 'a\\..\\b')), (key) => {
      let joined: string;
      try { joined = safeJoin('/srv/artifacts', key); } catch { return true; }
      return joined.startsWith('/srv/artifacts/');
    }));
  });

  it('opens the folder that ARTIFACTS_URL names and refuses other schemes', async () => {
    await openArtifactStorage({ ARTIFACTS_URL: `file:${root}`, home: '/nowhere' }).put('run/a', 'x');
    await openArtifactStorage({ ARTIFACTS_URL: `file://${root}`, home: '/nowhere' }).put('run/b', 'x');
    await openArtifactStorage({ home: root, ARTIFACTS_URL: undefined }).put('run/c', 'x');
    expect(await readdir(path.join(root, 'run'))).toEqual(['a', 'b']);
    expect(await readdir(path.join(root, 'artifacts', 'run'))).toEqual(['c']);
    expect(() => openArtifactStorage({ ARTIFACTS_URL: 'ftp://x', home: root })).toThrow(/ARTIFACTS_URL/);
  });
});
