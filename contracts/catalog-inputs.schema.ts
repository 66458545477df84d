import { z } from 'zod';
import { UPLOAD_KINDS, UPLOAD_KIND_INFO, type UploadKind } from './uploads.ts';

/** Building blocks for the inputs of catalog definitions: fields whose control is more than a text box. */
interface FieldWords { title: string; description: string }

/** In small letters, as rows hold it: a run's inputs are searched for it before the upload may be deleted. */
const UploadId = z.uuid('must be the id of an upload').toLowerCase();

/** One uploaded file; the value is the upload's id. The API refuses a run whose upload is missing, somebody else's or of another kind.
 * Use `.optional()` for a file that may be left out. @param accept  kinds that fit, all when left out */
export function uploadField({ accept = UPLOAD_KINDS, title, description, ...more }: FieldWords & { accept?: readonly UploadKind[] } & Record<`x-${string}`, unknown>): z.ZodUUID {
  return UploadId.meta({ title, description: `${description} ${acceptWords(accept)}`.trim(), 'x-ui': { widget: 'upload', accept }, ...more });
}

/** Several uploaded files, in order. */
export function uploadsField({ accept = UPLOAD_KINDS, title, description, max = 10, min = 0, ...more }: FieldWords & { accept?: readonly UploadKind[]; min?: number; max?: number } & Record<`x-${string}`, unknown>): z.ZodDefault<z.ZodArray<z.ZodUUID>> | z.ZodArray<z.ZodUUID> {
  const list = z.array(UploadId).min(min).max(max);
  const meta = { title, description: `${description} ${acceptWords(accept)}`.trim(), uniqueItems: true, 'x-ui': { widget: 'upload', accept, multiple: true }, ...more };
  return min === 0 ? list.default([]).meta(meta) : list.meta(meta);
}

/** A list of web addresses, one a line. */
export function urlListField({ title, description, max = 10, min = 0, ...more }: FieldWords & { min?: number; max?: number } & Record<`x-${string}`, unknown>): z.ZodDefault<z.ZodArray<z.ZodURL>> {
  return z.array(z.url({ protocol: /^https?$/, error: 'must be a web address that begins with http:// or https://' }).max(2_048)).min(min).max(max).default([]).meta({ title, description, 'x-ui': { widget: 'urls' }, ...more });
}

/** What the form needs to offer the columns of a table as choices: names of the fields that hold it, as pasted text or as an upload; the
 * first one that is filled counts. A name that such a table lacks is refused before a run starts (`columns.ts`); where the header
 * cannot be read, any text may be the name. For cells of a `tableField` as well. */
export const columnsOf = (...fields: readonly [string, ...string[]]) => ({ 'x-ui': { widget: 'column' }, 'x-options-from': { columns_of: fields } });

/** A small table that is edited in place; the value is an array of objects with exactly these columns. Columns are text, number
 * or boolean fields or enums with a `title` in their meta; optional ones may stay empty. */
export function tableField<Columns extends z.ZodRawShape>({ columns, title, description, min = 0, max = 50, ...more }: FieldWords & { columns: Columns; min?: number; max?: number } & Record<`x-${string}`, unknown>): z.ZodArray<z.ZodObject<Columns, z.core.$strict>> {
  return z.array(z.strictObject(columns)).min(min).max(max).meta({ title, description, 'x-ui': { widget: 'table' }, ...more });
}

const acceptWords = (accept: readonly UploadKind[]): string => (accept.length === UPLOAD_KINDS.length ? '' : `Takes ${new Intl.ListFormat('en', { type: 'disjunction' }).format(accept.map((kind) => UPLOAD_KIND_INFO[kind].title))}.`);
