import { kindOfFileName, UPLOAD_KIND_INFO, UPLOAD_KINDS, type UploadKind } from '#contracts/uploads';
import { CodedError } from './coded-error.ts';

/** As much of a file as is looked at. */
export const SNIFF_BYTES = 65_536;

/** What a file is, by its first bytes; the name only decides between kinds of text.
 * @param head  the first SNIFF_BYTES of it, or all when it is shorter
 * @throws CodedError UnsupportedMediaType that says what the content is not */
export function sniffKind(head: Buffer, fileName: string): UploadKind {
  const named = kindOfFileName(fileName);
  const found = signatureOf(head);
  if (found === 'zip') return refuse(named === 'docx' ? 'The file says it is a Word document but is not one.' : 'Archives are not taken.');
  if (found === 'office') {
    // An old or a protected document; the reader of Word documents tells which.
    if (named === 'docx') return 'docx';
    return refuse('The old Office format is not taken; save it as .docx.');
  }
  if (found) return found;
  if (named === 'pdf' || named === 'docx' || named === 'parquet') return refuse(`The name says ${UPLOAD_KIND_INFO[named].title}, but the content is something else.`);
  if (isBinary(head)) return refuse('The content is not of a kind that can be read.');
  const start = head.toString('utf8', 0, 1_024).replace(/^\uFEFF/, '').trimStart();
  if (named === 'json' && !/^[[{"\d-]|^(true|false|null)/.test(start)) return refuse('The name says JSON, but the content does not begin like it.');
  if (named) return named;
  if (/^<!doctype html|^<html[\s>]/i.test(start)) return 'html';
  return refuse('The file\'s name has no ending that tells what kind of text it is.');
}

function signatureOf(head: Buffer): UploadKind | 'zip' | 'office' | null {
  if (head.subarray(0, 1_024).includes('%PDF-')) return 'pdf';
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  if (head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') return head.includes('word/') ? 'docx' : 'zip';
  return head.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1' ? 'office' : null;
}

/** Text has no NUL, unless it is UTF-16 and says so. */
function isBinary(head: Buffer): boolean {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  return mark !== 0xfffe && mark !== 0xfeff && head.includes(0);
}

function refuse(detail: string): never {
  throw new CodedError('UnsupportedMediaType', detail, { remedy: `Send one of: ${UPLOAD_KINDS.map((kind) => `${UPLOAD_KIND_INFO[kind].title} (.${UPLOAD_KIND_INFO[kind].extensions[0]})`).join(', ')}.`, errors: [{ pointer: '#/body', detail }] });
}
