import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { CodedError, notFound } from '../coded-error.ts';
import { sha256Hex } from '../ids.ts';
import type { ArtifactStorage, StoredObject } from './artifact-storage.ts';
import { requireKey } from './safe-join.ts';

export interface S3Settings {
  bucket: string;
  /** in front of every key, without slashes at its ends; may be empty */
  prefix: string;
  region: string;
  /** undefined = Amazon's own */
  endpoint: string | undefined;
  /** the same store as browsers and programs reach it */
  publicEndpoint: string | undefined;
  /** undefined = where the SDK always looks: environment, profile, role of pod or machine */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** how long a link for one download lives; 0 = none is given */
  presignSeconds: number;
}

const CONNECT_MS = 3_000;
const REQUEST_MS = 30_000;
const PAGE = 1000;

/** The SDK is loaded at the first use: an installation that keeps its artifacts on disk never does. */
const load = () => Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage'), import('@aws-sdk/s3-request-presigner')]).then(([s3, upload, presigner]) => ({ ...s3, ...upload, ...presigner }));
type Sdk = Awaited<ReturnType<typeof load>>;

/** Artifacts in a bucket of Amazon's or of any compatible store. An object appears whole or not at all; two writers of one key leave
 * one of the two. Folders sort as their keys do, which for ids of one length is by name. */
export function createS3Storage(settings: S3Settings): ArtifactStorage {
  const { bucket, prefix } = settings;
  const base = prefix === '' ? '' : `${prefix}/`;
  let opened: Promise<{ sdk: Sdk; client: S3Client; links: S3Client }> | undefined;
  const open = () => (opened ??= load().then((sdk) => ({ sdk, client: new sdk.S3Client(clientConfig(settings, settings.endpoint)), links: new sdk.S3Client(clientConfig(settings, settings.publicEndpoint)) })));
  const at = (key: string) => { requireKey(key); return { Bucket: bucket, Key: base + key }; };

  async function page(input: Omit<ListObjectsV2CommandInput, 'Bucket'>): Promise<ListObjectsV2CommandOutput> {
    const { sdk, client } = await open();
    return client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, ...input }));
  }
  async function objects(name: string, start = ''): Promise<{ key: string; sizeBytes: number; changedAt: Date }[]> {
    requireKey(name);
    const found = [];
    for (let token: string | undefined, more = true; more;) {
      const part = await page({ Prefix: `${base}${name}/${start}`, MaxKeys: PAGE, ContinuationToken: token });
      found.push(...(part.Contents ?? []).map(({ Key = '', Size = 0, LastModified = new Date(0) }) => ({ key: Key.slice(base.length), sizeBytes: Size, changedAt: LastModified })));
      token = part.NextContinuationToken;
      more = part.IsTruncated === true;
    }
    return found;
  }

  return {
    put: (key, content) => guarded(async () => {
      const { sdk, client } = await open();
      if (content instanceof Readable) return putStream(sdk, client, at(key), key, content);
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
      await client.send(new sdk.PutObjectCommand({ ...at(key), Body: bytes }));
      return { key, sizeBytes: bytes.byteLength, sha256: sha256Hex(bytes) };
    }),
    get: (key) => guarded(async () => {
      const { sdk, client } = await open();
      const { Body, ContentLength = 0 } = await client.send(new sdk.GetObjectCommand(at(key)));
      return { stream: Body as Readable, sizeBytes: ContentLength };
    }),
    stat: (key) => guarded(async () => {
      const { sdk, client } = await open();
      try {
        return { sizeBytes: (await client.send(new sdk.HeadObjectCommand(at(key)))).ContentLength ?? 0 };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    }),
    delete: (key) => guarded(async () => {
      const { sdk, client } = await open();
      await client.send(new sdk.DeleteObjectCommand(at(key)));
    }),
    folders: (after, limit) => guarded(async () => {
      // '0' follows '/': whatever lies in the folder `after` comes before it.
      const { CommonPrefixes = [] } = await page({ Prefix: base, Delimiter: '/', MaxKeys: limit, ...(after === '' ? {} : { StartAfter: `${base}${after}0` }) });
      const names = CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(base.length, -1)).filter((name) => name > after);
      return Promise.all(names.map(async (name) => ({ name, changedAt: new Date(Math.max(0, ...(await objects(name)).map((each) => each.changedAt.getTime()))) })));
    }),
    deleteFolder: (name, start = '') => guarded(async () => {
      const { sdk, client } = await open();
      const found = await objects(name, start);
      for (let first = 0; first < found.length; first += PAGE) {
        const { Errors = [] } = await client.send(new sdk.DeleteObjectsCommand({ Bucket: bucket, Delete: { Quiet: true, Objects: found.slice(first, first + PAGE).map(({ key }) => ({ Key: base + key })) } }));
        if (Errors[0]) throw Object.assign(new Error('an object was not deleted'), { name: Errors[0].Code });
      }
      return found.length;
    }),
    list: (name) => guarded(async () => (await objects(name)).map(({ key, sizeBytes }) => ({ key, sizeBytes }))),
    downloadUrl: (key, { contentType, contentDisposition }) => guarded(async () => {
      if (settings.presignSeconds === 0) return null;
      const { sdk, links } = await open();
      return sdk.getSignedUrl(links, new sdk.GetObjectCommand({ ...at(key), ResponseContentType: contentType, ResponseContentDisposition: contentDisposition, ResponseCacheControl: 'private, no-store' }), { expiresIn: settings.presignSeconds });
    }),
  };
}

function clientConfig({ region, credentials }: S3Settings, endpoint: string | undefined): S3ClientConfig {
  return {
    region, maxAttempts: 3, requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
    // Newer checksums only where the operation asks for them: other stores do not know them.
    requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
    ...(credentials ? { credentials } : {}),
    // A store of one's own rarely has a name for each bucket.
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
  };
}

/** Parts of 5 MB, so that a large file is never whole in memory; a source that breaks leaves nothing. */
async function putStream(sdk: Sdk, client: S3Client, at: { Bucket: string; Key: string }, key: string, content: Readable): Promise<StoredObject> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const counted = new Transform({ transform(chunk: Buffer, _encoding, done) { hash.update(chunk); sizeBytes += chunk.byteLength; done(null, chunk); } });
  content.once('error', (error) => counted.destroy(error));
  await new sdk.Upload({ client, params: { ...at, Body: content.pipe(counted) } }).done();
  return { key, sizeBytes, sha256: hash.digest('hex') };
}

const isMissing = (error: unknown): boolean => ['NoSuchKey', 'NotFound'].includes((error as Error).name);

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError) throw error;
    if (isMissing(error)) throw notFound('The stored file');
    throw new CodedError('StorageUnavailable', `The artifact store answered ${(error as Error & { code?: string }).code ?? (error as Error).name}.`, { cause: error });
  }
}
