import type { EvidenceVerdictWire } from '#contracts/api/evidence.schema';
import type { EvidenceRecord } from '#contracts/evidence';
import { verifyEvidence } from '#platform/evidence/signed-evidence';
import type { Deps } from './deps.ts';

/** What this installation says about a signed record: true or changed, and whether it is young enough to open a Full run. */
export function verdictOn(deps: Pick<Deps, 'config' | 'evidenceKeys'>, given: unknown, now = Date.now()): EvidenceVerdictWire {
  const verdict = verifyEvidence(deps.evidenceKeys, given);
  if (!verdict.valid) return { ...verdict, fresh: null, fresh_until: null };
  const until = Date.parse((given as { record: EvidenceRecord }).record.tested_at) + deps.config.AWP_EVIDENCE_MAX_AGE_HOURS * 3_600_000;
  return { ...verdict, fresh: until > now, fresh_until: new Date(until).toISOString() };
}
