import { inputJsonSchema, type CatalogEntry } from '#contracts/catalog.schema';
import { columnList, inTableSpelling, missingColumns, missingWords } from '#contracts/columns';
import { UPLOAD_KIND_INFO, uploadReferences } from '#contracts/uploads';
import { CodedError, type FieldError } from '#platform/coded-error';
import { findUploads } from '#platform/repositories/uploads';
import type { Deps } from '../../deps.ts';

/** Every upload in the inputs is there, belongs to this person and is of a kind the field takes; every column that the inputs name is
 * in its table, the uploaded or the pasted one, as far as its header can be told.
 * @returns ids of the uploads, each once, and the inputs with columns in the spelling of their tables
 * @throws CodedError InvalidInput naming each field; somebody else's upload is not told from one that never was */
export async function checkUploads(deps: Pick<Deps, 'db'>, userId: string, entry: CatalogEntry, input: Record<string, unknown>, inputsField: string): Promise<{ uploadIds: string[]; input: Record<string, unknown> }> {
  const schema = inputJsonSchema(entry);
  const references = uploadReferences(schema, input);
  const uploads = new Map((references.length === 0 ? [] : await findUploads(deps.db, userId, references.map(({ id }) => id))).map((upload) => [upload.id, upload]));
  const errors = references.flatMap(({ pointer, id, accept }): FieldError[] => {
    const upload = uploads.get(id.toLowerCase());
    const at = `#/${inputsField}${pointer}`;
    if (!upload) return [{ pointer: at, detail: 'is not an upload of yours; it may have been deleted. Upload the file again' }];
    return accept.includes(upload.kind) ? [] : [{ pointer: at, detail: `takes ${accept.map((kind) => UPLOAD_KIND_INFO[kind].title).join(', ')}; ${upload.fileName} is ${UPLOAD_KIND_INFO[upload.kind].title}` }];
  });
  const columnsOf = (id: string): string[] | null => uploads.get(id)?.columns ?? null;
  const missing = missingColumns(schema, input, columnsOf);
  errors.push(...missing.map((column) => ({ pointer: `#/${inputsField}${column.pointer}`, detail: missingWords(column) })));
  const remedy = missing[0] && missing.length === errors.length ? { remedy: `Name one of its columns: ${columnList(missing[0].columns)}.` } : {};
  if (errors.length > 0) throw new CodedError('InvalidInput', errors.length === 1 ? `The inputs: ${errors[0]?.pointer} ${errors[0]?.detail}` : `The inputs: ${errors.length} fields need a change.`, { errors, ...remedy });
  return { uploadIds: [...uploads.keys()], input: inTableSpelling(schema, input, columnsOf) };
}
