import { z } from 'zod';
import { RunStatusSchema, Timestamp, Uuid } from './common.schema.ts';

export const DrillKillSchema = z.object({ run_id: Uuid, killed_at: Timestamp, pid: z.int().meta({ description: 'of the worker that was killed' }) }).meta({ id: 'DrillKill' });
export type DrillKillWire = z.infer<typeof DrillKillSchema>;

export const DrillReportSchema = z.object({
  run_id: Uuid, status: RunStatusSchema, killed_at: Timestamp, killed_by: z.string(),
  lost: z.boolean().meta({ description: 'true when the run ended otherwise than completed' }),
  finished_before: z.int().meta({ description: 'answers recorded before the kill' }),
  called_again: z.int().meta({ description: 'of those, how many were asked again' }),
  bought_twice: z.int().meta({ description: 'calls with more than one recorded answer' }),
  possibly_billed: z.int().meta({ description: 'calls in flight when the worker died: the vendor may have charged them' }),
  seconds_to_recover: z.number().nullable(),
}).meta({ id: 'DrillReport' });
export type DrillReportWire = z.infer<typeof DrillReportSchema>;
