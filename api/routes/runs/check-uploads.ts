import { inputJsonSchema, type CatalogEntry } from '#contracts/catalog.schema';
import { UPLOAD_KIND_INFO, uploadReferences } from '#contracts/uploads';
import { CodedError, type FieldError } from '#platform/coded-error';
import { findUploads } from '#platform/repositories/uploads';
import type { Deps } from '../../deps.ts';

/** Every upload in the inputs is there, belongs to this person and is of a kind the field takes.
 * @returns their ids, each once
 * @throws CodedError InvalidInput naming each field; somebody else's upload is not told from one that never was */
export async function checkUploads(deps: Pick<Deps, 'db'>, userId: string, entry: CatalogEntry, input: Record<string, unknown>, inputsField: string): Promise<string[]> {
  const references = uploadReferences(inputJsonSchema(entry), input);
  if (references.length === 0) return [];
  const uploads = new Map((await findUploads(deps.db, userId, references.map(({ id }) => id))).map((upload) => [upload.id, upload]));
  const errors = references.flatMap(({ pointer, id, accept }): FieldError[] => {
    const upload = uploads.get(id.toLowerCase());
    const at = `#/${inputsField}${pointer}`;
    if (!upload) return [{ pointer: at, detail: 'is not an upload of yours; it may have been deleted. Upload the file again' }];
    return accept.includes(upload.kind) ? [] : [{ pointer: at, detail: `takes ${accept.map((kind) => UPLOAD_KIND_INFO[kind].title).join(', ')}; ${upload.fileName} is ${UPLOAD_KIND_INFO[upload.kind].title}` }];
  });
  if (errors.length > 0) throw new CodedError('InvalidInput', errors.length === 1 ? `The inputs: ${errors[0]?.pointer} ${errors[0]?.detail}` : `The inputs: ${errors.length} fields need a change.`, { errors });
  return [...uploads.keys()];
}
