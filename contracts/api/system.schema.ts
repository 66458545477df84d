import { z } from 'zod';
import { RunStatusSchema, Timestamp } from './common.schema.ts';

export const InfoSchema = z.object({ message: z.string(), version: z.string(), docs: z.string(), openapi: z.string() }).meta({ id: 'Info' });
export const HealthSchema = z.object({ status: z.literal('ok'), version: z.string(), environment: z.enum(['local', 'production']), timestamp: Timestamp }).meta({ id: 'Health' });
export const ReadyQuery = z.strictObject({ for: z.enum(['all', 'reads']).optional() });
const Check = z.object({ ok: z.boolean(), latency_ms: z.int().nullable(), detail: z.string().nullable() });
export const ReadySchema = z.object({ status: z.enum(['ready', 'not_ready', 'draining']), checks: z.object({ database: Check, temporal: Check.optional(), vault: Check.optional() }) }).meta({ id: 'Ready' });

export const OperationsSchema = z.object({
  version: z.string(), environment: z.enum(['local', 'production']), database: Check, temporal: Check, namespace: z.string(), temporal_web_url: z.string().nullable(),
  queues: z.array(z.object({
    name: z.string(), kind: z.enum(['workflow', 'activity']), backlog: z.int().meta({ description: 'Tasks that wait for a worker, as Temporal estimates' }),
    workers: z.array(z.object({ identity: z.string(), build: z.string().nullable(), seen_at: Timestamp.nullable() })).meta({ description: 'Polled in the last minutes' }),
  })).nullable().meta({ description: 'null: Temporal did not answer' }),
  live_runs: z.array(z.object({ status: RunStatusSchema, runs: z.int(), oldest_seconds: z.number() })).meta({ description: 'Of everybody' }),
}).meta({ id: 'Operations' });
export type OperationsWire = z.infer<typeof OperationsSchema>;
