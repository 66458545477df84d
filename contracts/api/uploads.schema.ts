import { z } from 'zod';
import { UPLOAD_KINDS } from '../uploads.ts';
import { PagingQuery, Timestamp, Uuid } from './common.schema.ts';

export const UploadSchema = z.object({
  id: Uuid, file_name: z.string(), kind: z.enum(UPLOAD_KINDS).meta({ description: 'What the content is, found by looking at it' }), mime_type: z.string(), file_size_bytes: z.int(), sha256: z.string(),
  columns: z.array(z.string()).nullable().meta({ description: 'Of a CSV file: the names in its first line' }),
  expires_at: Timestamp.nullable().meta({ description: 'When the retention rule removes it; each run that uses it starts the time anew' }), created_at: Timestamp,
}).meta({ id: 'Upload' });
export type UploadWire = z.infer<typeof UploadSchema>;

export const UploadParams = z.strictObject({ id: Uuid });
export const UploadsQuery = z.strictObject({ ...PagingQuery, kind: z.enum(UPLOAD_KINDS).optional() });
/** The body is the file itself; its name comes in the address. */
export const PostUploadQuery = z.strictObject({ file_name: z.string().trim().min(1).max(255).meta({ description: 'The file\'s name with its extension' }) });
