import mammoth from 'mammoth';
import yauzl from 'yauzl';
import type { Extracted } from './extracted.ts';
import { extractHtml } from './html.ts';

const MAX_UNPACKED_BYTES = 50 * 1024 * 1024;
const MAX_ENTRIES = 2_000;

/** The text of a Word document with its headings, lists and tables. Pictures are left out; nothing outside the file is read. */
export async function extractDocx(bytes: Buffer): Promise<Extracted> {
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') return { kind: 'problem', problem: 'encrypted' };
  if (!(await fits(bytes))) return { kind: 'problem', problem: 'too-large' };
  const { value } = await mammoth.convertToHtml({ buffer: bytes }, { externalFileAccess: false, convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })) });
  return extractHtml(Buffer.from(`<body>${value}</body>`), 'utf-8', 'document');
}

/** What the archive says it unpacks to; yauzl checks each entry's name and sizes. A lie dies of the process's memory limit. */
function fits(bytes: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true }, (error, archive) => {
      if (error || !archive) { reject(error ?? new Error('no archive')); return; }
      let entries = 0;
      let unpacked = 0;
      archive.on('entry', (entry: { uncompressedSize: number }) => {
        unpacked += entry.uncompressedSize;
        entries += 1;
        if (unpacked > MAX_UNPACKED_BYTES || entries > MAX_ENTRIES) resolve(false); else archive.readEntry();
      });
      archive.once('end', () => { resolve(true); });
      archive.once('error', reject);
      archive.readEntry();
    });
  });
}
