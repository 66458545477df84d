import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { clip } from '#contracts/material';
import type { ReadUploadData } from '#contracts/data-tools';
import { ReadUploadArgs } from '#contracts/data-tools.schema';
import { DOCUMENT_KINDS } from '#contracts/uploads';
import { createRepair } from './data/table-file.ts';
import { firstLines, PROBLEMS } from './document-items.ts';
import { extractDocument, type ExtractDocument } from './extract/extract.ts';
import { MAX_EXTRACTED_CHARACTERS, type Extracted } from './extract/extracted.ts';
import { ToolProblem, type Tool } from './tool.ts';
import { requireUpload, type FindUpload, type UploadFile } from './uploads.ts';
import { sectionsOf } from './upload-sections.ts';

const MAX_BINARY_BYTES = 50 * 1024 * 1024;
const MAX_TEXT_BYTES = 4 * MAX_EXTRACTED_CHARACTERS;

/** Reads an uploaded document section by section. */
export function createReadUpload({ find, extract = extractDocument }: { find?: FindUpload | undefined; extract?: ExtractDocument | undefined }): Tool<z.output<typeof ReadUploadArgs>> {
  return {
    name: 'read_upload', title: 'Upload reader', networked: false, timeoutMs: 45_000, args: ReadUploadArgs,
    description: 'Reads a document that the person uploaded (PDF, Word, HTML, Markdown, text, CSV, JSON) and returns its sections, each with an id to cite. Long documents are read on with from.',
    availability: () => ({ available: true, detail: 'Reads the uploads of the person who started the run, in a process of its own.', remedy: null }),
    async run({ upload: id, label, from, sections: count }, context) {
      const upload = await requireUpload(find, context, id, DOCUMENT_KINDS);
      const { document, cut } = await readDocument(upload, extract, context.signal);
      if (document.kind === 'problem') throw new ToolProblem('failed', `${upload.fileName}: ${PROBLEMS[document.problem]}`);
      const sections = sectionsOf(document);
      if (sections.length === 0) throw new ToolProblem('empty', `${upload.fileName} holds no text${document.kind === 'pdf' ? ': it may be a scan' : ''}.`);
      if (from > sections.length) throw new ToolProblem('empty', `${upload.fileName} has ${sections.length} sections; there is none from ${from} on.`);
      const given = sections.slice(from - 1, from - 1 + count);
      const next = from - 1 + given.length < sections.length ? from + given.length : null;
      const pages = document.kind === 'pdf' ? document.pageCount : null;
      const items = given.map(({ place, title, text }) => ({ id: `${label}-${place}`, title: `${upload.fileName}: ${title}`, url: null, source: 'upload', snippet: firstLines(text), text, sha256: upload.sha256 }));
      const data: ReadUploadData = {
        upload_id: upload.id, file_name: upload.fileName, kind: upload.kind, sha256: upload.sha256, title: document.title || upload.fileName, page_count: pages, section_count: sections.length, next, cut,
        sections: given.map(({ place, title, page, text }) => ({ id: `${label}-${place}`, title, page, characters: text.length })),
      };
      const extent = pages === null ? `${sections.length} ${sections.length === 1 ? 'section' : 'sections'}` : `${pages} ${pages === 1 ? 'page' : 'pages'}`;
      return { outcome: 'ok', summary: clip(`Read ${upload.fileName} of ${extent}${next === null ? '' : `, sections ${from} to ${next - 1} of ${sections.length}`}${cut ? '; what lies beyond the first part was left out' : ''}.`, 500), items, data };
    },
  };
}

async function readDocument(upload: UploadFile, extract: ExtractDocument, signal: AbortSignal): Promise<{ document: Extracted; cut: boolean }> {
  const { kind, fileName } = upload;
  if (kind === 'pdf' || kind === 'docx') {
    if (upload.sizeBytes > MAX_BINARY_BYTES) throw new ToolProblem('failed', `${fileName} is larger than ${MAX_BINARY_BYTES / 1_048_576} MB, the most that can be read as a document.`);
    const document = await extract({ kind, bytes: await buffer(await upload.open()) }, signal);
    return { document, cut: document.kind === 'pdf' ? document.pageCount > document.pages.length : isFull(document) };
  }
  const head = await firstBytes(await upload.open(), MAX_TEXT_BYTES);
  const repair = createRepair();
  const text = (await buffer(Readable.from(repair.transform(Readable.from([head]))))).toString('utf8').replace(/^\uFEFF/, '');
  if (kind === 'html') { const document = await extract({ kind, bytes: Buffer.from(text), charset: 'utf-8', url: 'about:blank' }, signal); return { document: document.kind === 'page' && document.title === 'about:blank' ? { ...document, title: fileName } : document, cut: head.length < upload.sizeBytes || isFull(document) }; }
  const title = (kind === 'markdown' ? /^#\s+(.+)$/m.exec(text)?.[1] : undefined) ?? fileName;
  // Only Markdown has headings; a "#" elsewhere is a comment or a number.
  const body = kind === 'markdown' ? text : text.replace(/^#/gm, '\\#');
  return { document: { kind: 'page', title, byline: null, text: body.slice(0, MAX_EXTRACTED_CHARACTERS) }, cut: head.length < upload.sizeBytes || text.length > MAX_EXTRACTED_CHARACTERS };
}

const isFull = (document: Extracted): boolean => document.kind === 'page' && document.text.length >= MAX_EXTRACTED_CHARACTERS;

async function firstBytes(stream: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}
