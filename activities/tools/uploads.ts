import type { Readable } from 'node:stream';
import { UPLOAD_KIND_INFO, type UploadKind } from '#contracts/uploads';
import { ToolProblem, type ToolContext, type ToolOwner } from './tool.ts';

export interface UploadFile { id: string; fileName: string; kind: UploadKind; sha256: string; sizeBytes: number; open(): Promise<Readable> }
/** An upload of this owner, null when there is none: somebody else's is not told from one that never was. */
export type FindUpload = (owner: ToolOwner, id: string) => Promise<UploadFile | null>;

/** @throws ToolProblem `failed` when it is not there or not of a kind the tool takes */
export async function requireUpload(find: FindUpload | undefined, context: ToolContext, id: string, kinds: readonly UploadKind[]): Promise<UploadFile> {
  if (!find || !context.owner) throw new ToolProblem('unavailable', 'Uploads cannot be read here.');
  const upload = await find(context.owner, id);
  if (!upload) throw new ToolProblem('failed', 'There is no such upload: it was deleted, or its time ran out. Upload the file again.');
  if (!kinds.includes(upload.kind)) throw new ToolProblem('failed', `${upload.fileName} is of kind ${UPLOAD_KIND_INFO[upload.kind].title}; this tool takes ${kinds.map((kind) => UPLOAD_KIND_INFO[kind].title).join(', ')}.`);
  return upload;
}
