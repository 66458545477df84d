import { z } from 'zod';
import { shownText, Timestamp } from './common.schema.ts';

export const PauseBody = z.strictObject({
  paused: z.boolean(),
  reason: shownText(300).min(3).optional().meta({ description: 'Shown on every run that waits; needed to pause' }),
}).refine(({ paused, reason }) => !paused || reason !== undefined, { path: ['reason'], message: 'say why: it is shown on every run that waits' });
export const PauseSchema = z.object({ paused: z.boolean(), reason: z.string().nullable(), since: Timestamp.nullable(), by: z.string().nullable().meta({ description: 'User id' }) }).meta({ id: 'Pause' });
export type PauseWire = z.infer<typeof PauseSchema>;
