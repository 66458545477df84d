import { z } from 'zod';
import { Timestamp } from './common.schema.ts';

export const InfoSchema = z.object({ message: z.string(), version: z.string(), docs: z.string(), openapi: z.string() }).meta({ id: 'Info' });
export const HealthSchema = z.object({ status: z.literal('ok'), version: z.string(), environment: z.enum(['local', 'production']), timestamp: Timestamp }).meta({ id: 'Health' });
export const ReadyQuery = z.strictObject({ for: z.enum(['all', 'reads']).optional() });
const Check = z.object({ ok: z.boolean(), latency_ms: z.int().nullable(), detail: z.string().nullable() });
export const ReadySchema = z.object({ status: z.enum(['ready', 'not_ready']), checks: z.object({ database: Check, temporal: Check.optional() }) }).meta({ id: 'Ready' });
