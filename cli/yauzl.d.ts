/** yauzl has no types of its own; this is the part that is used. */
declare module 'yauzl' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  export interface Entry { fileName: string; uncompressedSize: number }
  export interface ZipFile extends EventEmitter { readEntry(): void; openReadStream(entry: Entry, done: (error: Error | null, stream?: Readable) => void): void }
  const yauzl: { fromBuffer(data: Buffer, options: { lazyEntries: boolean; validateEntrySizes: boolean }, done: (error: Error | null, zip?: ZipFile) => void): void };
  export default yauzl;
}
