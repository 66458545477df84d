import { z } from 'zod';

/** What a judge of two candidates answers; it sees them in both orders (`judgePair` of workflows/steps/panel.ts). */
export const pairAnswer = (what: string) => z.strictObject({ winner: z.enum(['first', 'second', 'tie']).describe(what), reason: z.string().min(1).max(240) });
