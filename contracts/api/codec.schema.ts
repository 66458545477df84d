import { z } from 'zod';
import { CODEC_BODY_BYTES } from '../limits.ts';

const Base64 = z.string().max(CODEC_BODY_BYTES).regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'must be base64');
/** A payload as Temporal's protocol for codec servers writes it: proto3 JSON, bytes in base64. */
const PayloadSchema = z.object({ metadata: z.record(z.string().max(200), Base64).optional(), data: Base64.optional() });

/** Temporal Web may send fields that we do not know: they are left out. */
export const CodecBody = z.object({ payloads: z.array(PayloadSchema).min(1).max(5000) }).meta({ id: 'CodecPayloads' });
