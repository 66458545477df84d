import { UPLOAD_KIND_INFO, UPLOAD_KINDS, type UploadKind } from '#contracts/uploads';

/** Kinds of files in words, and as the browser's file dialog takes them. */
export const kindWords = (accept: readonly UploadKind[]): string => (accept.length === UPLOAD_KINDS.length ? 'any document or table' : new Intl.ListFormat('en', { type: 'disjunction' }).format(accept.map((kind) => UPLOAD_KIND_INFO[kind].title)));
export const extensionsOf = (accept: readonly UploadKind[]): string => accept.flatMap((kind) => UPLOAD_KIND_INFO[kind].extensions.map((extension) => `.${extension}`)).join(',');
