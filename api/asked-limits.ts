import { z } from 'zod';
import { FULL_RUN_GATE, type AskedCaps } from '#contracts/granted-limits';

const Shown = z.object({ caps: z.object({ outputTokens: z.int(), seconds: z.int(), costUsdMicros: z.int().nullable() }) });

/** What the approval of a Full run asks to use, as its approvers are shown it; null for every other gate. */
export function askedLimits({ gateId, kind, shown }: { gateId: string; kind: string; shown: unknown }): AskedCaps | null {
  if (kind !== 'approval' || gateId !== `full.${FULL_RUN_GATE}`) return null;
  return Shown.safeParse(shown).data?.caps ?? null;
}
