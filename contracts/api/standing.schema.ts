import { z } from 'zod';
import { Timestamp, Uuid } from './common.schema.ts';

export const STANDING_KINDS = ['temporal_away', 'no_worker', 'queued_behind', 'rate_limited', 'provider_down', 'paused', 'waiting', 'retrying', 'working'] as const;

/** Why a run does not move: facts, the one that explains most first. */
export const StandingSchema = z.object({
  run_id: Uuid, asked_at: Timestamp, last_event_at: Timestamp.nullable(),
  reasons: z.array(z.object({
    kind: z.enum(STANDING_KINDS),
    detail: z.string().meta({ description: 'One sentence a person understands' }),
    remedy: z.string().nullable().meta({ description: 'What can be done; null where it passes by itself' }),
    until: Timestamp.nullable().meta({ description: 'When it goes on by itself, where that is known' }),
    ahead: z.int().nullable().meta({ description: 'queued_behind: runs accepted before this one that no worker has taken up' }),
  })),
}).meta({ id: 'RunStanding' });
export type StandingWire = z.infer<typeof StandingSchema>;
export type StandingReason = StandingWire['reasons'][number];
