import { Context } from '@temporalio/activity';
import { EVIDENCE_SCHEMA, type EvidenceRecord, type SignedEvidence } from '#contracts/evidence';
import type { RunEvent } from '#contracts/run-events';
import { reduceRunEvents, type StageView } from '#contracts/run-reducer';
import type { EvidenceRequest, RunRequest } from '#contracts/workflow';
import { signEvidence } from '#platform/evidence/signed-evidence';
import { uuidv7 } from '#platform/ids';
import { appendEvents } from '#platform/repositories/append-events';
import { saveRunArtifact } from '#platform/repositories/artifacts';
import { evidenceOfRun, insertEvidence } from '#platform/repositories/evidence';
import { testLedgerOfRun } from '#platform/repositories/fork-answers';
import { deciders } from '#platform/repositories/run-decisions';
import { evidenceSubjectOfRun } from '#platform/repositories/run-queries';
import { allRunEvents } from '#platform/repositories/run-events';
import type { ActivityDeps } from './deps.ts';
import { classify, toFailure } from './failures.ts';
import { carriedEvents } from './record-run-events.ts';

/** Signs what the Test stage that just passed proves, from the event log and the ledger alone, and keeps it as row, event and
 * evidence.json. A Test with an edited answer or prompt, or with an answer of another model, proves nothing and leaves a log line. Idempotent. */
export async function recordEvidence(deps: ActivityDeps, { before, request }: EvidenceRequest): Promise<void> {
  try {
    if ((await appendEvents(deps.db, request.runId, carriedEvents(before))) === null) return; // deleted meanwhile
    const signed = (await evidenceOfRun(deps.db, request.userId, request.runId)) ?? (await make(deps, request));
    if (!signed) return;
    await saveRunArtifact(deps.db, deps.storage, {
      runId: request.runId, userId: request.userId, artifactType: 'evidence', fileName: 'evidence.json', mimeType: 'application/json', content: `${JSON.stringify(signed, null, 2)}\n`, stage: 'test', stepIndex: null,
      summary: 'Signed proof that the Test passed; check it with POST /api/v1/evidence/verify', key: 'test/evidence',
    }, deps.config.AWP_RETENTION_DAYS);
  } catch (error) {
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), null);
  }
}

async function make(deps: ActivityDeps, request: RunRequest): Promise<SignedEvidence | null> {
  const events = await allRunEvents(deps.db, request.runId);
  const view = reduceRunEvents(events);
  const subject = await evidenceSubjectOfRun(deps.db, request.runId);
  const test = view.stages.findLast((stage) => stage.stage === 'test');
  const checks = view.stages.find((stage) => stage.stage === 'validate')?.checks ?? [];
  if (!subject || !test?.endedAt || (test.status !== 'passed' && test.status !== 'capped')) return null;
  const ledger = await testLedgerOfRun(deps.db, request.runId);
  const foreign = ledger.find((row) => row.provider !== request.provider || row.model !== request.model);
  const reason = ledger.some((row) => row.editedBy !== null) || Object.keys(request.fork?.edits ?? {}).length > 0 ? 'an answer in it was edited' : Object.keys(request.fork?.prompts ?? {}).some((id) => id.startsWith('test/')) ? 'a prompt in it was edited' : foreign ? `an answer in it is ${foreign.provider} ${foreign.model}'s` : null;
  if (reason !== null) {
    await appendEvents(deps.db, request.runId, [{ key: 'test/evidence/void', event: { type: 'log-write', stage: 'test', data: { level: 'warn', message: `This Test is no evidence for a Full run: ${reason}.` } } }]);
    return null;
  }
  const ages = ledger.flatMap((row) => (row.completedAt ? [row.completedAt.getTime()] : []));
  const record: EvidenceRecord = {
    schema: EVIDENCE_SCHEMA, evidence_id: uuidv7(), run_id: request.runId, user_id: subject.userId, workflow_id: subject.workflowSlug, workflow_version: subject.workflowVersion, definition_hash: subject.definitionHash,
    input_digest: subject.inputDigest, provider: subject.provider, model: subject.model, simulated: view.simulated, stage: 'test', outcome: test.status,
    checks: checks.flatMap(({ check, outcome, detail }) => (outcome === 'failed' ? [] : [{ check, outcome, detail }])), cap: test.cap, remark: test.remark, ...usageOf(test),
    approvers: await deciders(deps.db, request.runId, approvalsIn(events)), started_at: test.startedAt, ended_at: test.endedAt, tested_at: new Date(Math.min(Date.parse(test.endedAt), ...ages)).toISOString(),
  };
  const signed = signEvidence(deps.evidenceKeys, record);
  const stored = await insertEvidence(deps.db, signed, { key: 'test/evidence', event: { type: 'evidence-record', stage: 'test', data: { evidence_id: record.evidence_id, key_id: signed.key_id, outcome: record.outcome } } });
  return stored ?? evidenceOfRun(deps.db, request.userId, request.runId);
}

/** Decisions that let the Test go on. A gate before Full comes after the evidence and is no part of it. */
const approvalsIn = (events: readonly RunEvent[]): string[] => events.flatMap((event) => (event.type === 'gate-decide' && event.data.decision === 'approve' ? [event.data.decision_id] : []));

function usageOf(test: StageView): Pick<EvidenceRecord, 'models_served' | 'tokens' | 'cost_usd_micros' | 'reused_calls'> {
  const ends = test.steps.flatMap((step) => step.completions.flatMap((completion) => (completion.end ? [completion.end] : [])));
  const sum = (pick: (end: (typeof ends)[number]) => number) => ends.reduce((total, end) => total + pick(end), 0);
  return {
    models_served: [...new Set(ends.map((end) => end.model_served))].sort(),
    tokens: { input: sum((end) => end.usage.inputTokens), output: sum((end) => end.usage.outputTokens) },
    cost_usd_micros: ends.some((end) => end.cost_usd_micros === null) ? null : sum((end) => end.cost_usd_micros ?? 0), reused_calls: ends.filter((end) => end.reused).length,
  };
}
