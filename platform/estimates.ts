import type { CatalogEntry } from '#contracts/catalog.schema';
import type { Price } from '#contracts/cost';
import { beyondCaps, estimateRun, planSizes, type Beyond, type PastStage } from '#contracts/estimate';
import type { EvidenceSubject } from '#contracts/evidence';
import type { ProviderId } from '#contracts/providers';
import type { Estimate } from '#contracts/run-events';
import { stagesOf, type RunMode } from '#contracts/runs';
import type { Caps } from '#contracts/workflow';
import type { Config } from './config.ts';
import type { Database } from './db.ts';
import type { EvidenceKeys } from './evidence/evidence-keys.ts';
import { priceDate } from './provider-catalog.ts';
import { findFreshEvidence } from './repositories/evidence.ts';
import { pastStageUse, type StageUse } from './repositories/past-runs.ts';

export interface EstimateWish {
  userId: string; mode: RunMode; provider: ProviderId; model: string;
  /** parsed */
  input: Record<string, unknown>;
  caps: { test: Caps; full: Caps }; price: Price | null;
  /** what fresh evidence would have to be about; null = the Test is made in any case */
  subject: EvidenceSubject | null;
}

/** The one estimate: the API before a run, the Validate check inside it. Validate itself buys nothing, so its estimate is that
 * of the Test that may follow. */
export async function estimateFor(deps: { db: Database; config: Config; evidenceKeys: EvidenceKeys }, entry: CatalogEntry, wish: EstimateWish): Promise<{ estimate: Estimate; beyond: Beyond[]; evidenceRunId: string | null }> {
  const { userId, mode, provider, model, input, caps, price, subject } = wish;
  const fresh = mode === 'full_run' && subject ? await findFreshEvidence(deps.db, deps.evidenceKeys, subject, deps.config.AWP_EVIDENCE_MAX_AGE_HOURS) : null;
  const stages = stagesOf(mode === 'validate_only' ? 'test_run' : mode).filter((stage) => stage !== 'validate').filter((stage) => stage !== 'test' || !fresh);
  const used = await pastStageUse(deps.db, { userId, slug: entry.slug, version: entry.version, provider, model });
  const plans = stages.map((stage) => ({ stage, plan: entry.plan(input, stage), caps: caps[stage], past: used.filter((use) => use.stage === stage).flatMap((use) => pastStage(entry, use)) }));
  return { estimate: estimateRun(plans, price, priceDate()), beyond: beyondCaps(plans, price), evidenceRunId: fresh?.runId ?? null };
}

/** What a past run used beside what its own inputs had let expect; nothing when its inputs do not fit any more. */
function pastStage(entry: CatalogEntry, use: StageUse): PastStage[] {
  const parsed = entry.input.safeParse(use.inputs);
  return parsed.success ? [{ planned: planSizes(entry.plan(parsed.data, use.stage)).expected, used: { input: use.inputTokens, output: use.outputTokens, seconds: use.seconds } }] : [];
}
