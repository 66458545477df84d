import type { ProviderId } from './providers.ts';
import type { Cap } from './runs.ts';

/** What a passed Test proves (guarantee G5), as it is signed: plain JSON, snake_case, no secret and no text of a model in it.
 * Anybody with the public key can check it; what it says holds for exactly this workflow version, definition, input digest,
 * provider and model. */
export const EVIDENCE_SCHEMA = 'awp.evidence/v1';

export interface EvidenceRecord {
  schema: typeof EVIDENCE_SCHEMA;
  evidence_id: string;
  run_id: string;
  user_id: string;
  workflow_id: string;
  workflow_version: number;
  /** SHA-256 of the definition's canonical JSON, hex */
  definition_hash: string;
  /** SHA-256 of the parsed inputs' canonical JSON, hex */
  input_digest: string;
  provider: ProviderId;
  model: string;
  /** what the vendor said it served, sorted */
  models_served: string[];
  /** true for the demo provider: never evidence for a real one */
  simulated: boolean;
  stage: 'test';
  outcome: 'passed' | 'capped';
  checks: { check: string; outcome: 'passed' | 'warning'; detail: string }[];
  cap: Cap | null;
  remark: string | null;
  tokens: { input: number; output: number };
  /** micro-dollars; null when a price is unknown */
  cost_usd_micros: number | null;
  /** answers taken from the run this one was forked from */
  reused_calls: number;
  /** user ids of those who approved; empty while nobody had to */
  approvers: string[];
  started_at: string;
  ended_at: string;
  /** when the oldest answer it stands on was given: freshness counts from here, so that a re-run does not make old answers young */
  tested_at: string;
}

export interface SignedEvidence { record: EvidenceRecord; algorithm: 'Ed25519'; key_id: string; /** base64url, over `awp.evidence/v1\n` and the canonical JSON of the record */ signature: string }

export const EVIDENCE_REFUSALS = ['malformed', 'unknown_key', 'bad_signature'] as const;
export type EvidenceRefusal = (typeof EVIDENCE_REFUSALS)[number];
export interface EvidenceVerdict { valid: boolean; reason: EvidenceRefusal | null; detail: string }

/** What a Full run needs evidence for. */
export interface EvidenceSubject { userId: string; workflowSlug: string; workflowVersion: number; definitionHash: string; inputDigest: string; provider: ProviderId; model: string }
