import { Context } from '@temporalio/activity';
import type { EvidenceFound, EvidenceRequest } from '#contracts/workflow';
import { findFreshEvidence } from '#platform/repositories/evidence';
import { evidenceSubjectOfRun } from '#platform/repositories/run-queries';
import { appendEvents } from '#platform/repositories/append-events';
import type { ActivityDeps } from './deps.ts';
import { classify, toFailure } from './failures.ts';
import { carriedEvents } from './record-run-events.ts';

/** Fresh evidence for exactly this run's workflow, inputs, provider and model, made by another run of the same person. */
export async function findEvidence(deps: ActivityDeps, { before, request }: EvidenceRequest): Promise<EvidenceFound | null> {
  try {
    await appendEvents(deps.db, request.runId, carriedEvents(before));
    const subject = await evidenceSubjectOfRun(deps.db, request.runId);
    const found = subject && (await findFreshEvidence(deps.db, deps.evidenceKeys, subject, deps.config.AWP_EVIDENCE_MAX_AGE_HOURS));
    return found ? { runId: found.runId, testedAt: found.testedAt.toISOString() } : null;
  } catch (error) {
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), null);
  }
}
