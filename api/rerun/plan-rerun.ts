import type { z } from 'zod';
import type { BudgetBodyWire } from '#contracts/api/governance.schema';
import type { RerunBody, RerunPreviewWire } from '#contracts/api/reruns.schema';
import type { RunBody } from '#contracts/api/runs.schema';
import type { ProviderId } from '#contracts/providers';
import { isTerminal, stagesOf, type RunMode } from '#contracts/runs';
import type { RunFork, RunRequest } from '#contracts/workflow';
import { CodedError, invalidField } from '#platform/coded-error';
import { digestOf } from '#platform/ids';
import { findFreshEvidence } from '#platform/repositories/evidence';
import { findRunRequest, type RunRecord } from '#platform/repositories/run-queries';
import { capsOf } from '../caps.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../endpoint.ts';
import { evidenceSubject, prepareRun } from '../routes/runs/prepare-run.ts';
import { requireRun } from '../routes/runs/require-run.ts';
import { askedPrompts, checkOutputs, type Edit } from './check-edits.ts';
import { pricedCalls, sumRanges } from './priced-calls.ts';
import { recordedCalls, reusableCalls, type RecordedCall } from './recorded-calls.ts';

type Wish = z.output<typeof RerunBody>;
export interface RerunPlan { body: z.output<typeof RunBody>; fork: RunFork; preview: RerunPreviewWire; edits: Edit[] }

/** Everything about a re-run that can be known before the click: what it reuses, what it pays, and what may not be.
 * @throws CodedError NotFound, Conflict (the run goes on, or nothing failed), InvalidInput naming the field */
export async function planRerun(deps: Deps, principal: Principal, runId: string, wish: Wish): Promise<RerunPlan> {
  const source = await requireRun(deps.db, principal.userId, runId);
  if (!isTerminal(source.status)) throw new CodedError('Conflict', `This run is ${source.status}; it can be made again when it has ended.`, { remedy: 'Wait for its end, or cancel it.' });
  if (wish.kind === 'failed_only' && source.status === 'completed') throw new CodedError('Conflict', 'Nothing in this run failed.', { remedy: 'Run it again from the start or from a step.' });
  const view = await deps.views.viewOf(source.id, source.lastSequence);
  const { from } = wish;
  if (from && !view.stages.some((stage) => stage.stage === from.stage && stage.steps.some((step) => step.step === from.step))) throw invalidField('#/from/step', `is not a step of the ${from.stage} stage of this run`);
  const calls = recordedCalls(view);
  const reuse = reusableCalls(view, calls, wish);
  const before = (await findRunRequest(deps.db, principal.userId, source.id))?.request;
  const outputs = await checkOutputs(deps, source, calls, new Set(reuse), wish);
  const asked = await askedPrompts(deps, source, calls, before?.fork?.prompts, wish);
  const edits = [...outputs, ...asked.edits];
  const prompted = Object.keys(asked.prompts).length > 0;
  const fork: RunFork = {
    sourceRunId: source.id, kind: wish.kind, reuse, edits: wish.edits ?? {}, ...(prompted ? { prompts: asked.prompts } : {}), editedBy: outputs.length > 0 || prompted ? principal.userId : null, retest: from?.stage === 'test',
  };
  const provider = wish.provider ?? source.provider;
  const body = { workflow_id: source.workflowSlug, inputs: wish.inputs ?? source.inputs, run_mode: source.runMode, provider, model: wish.model ?? (wish.provider && wish.provider !== source.provider ? undefined : source.model), persona: source.persona, ...governanceOf(deps, source, before, wish, provider) };
  return { body, fork, edits, preview: await previewOf(deps, principal, source, { wish, calls, fork, body, reworded: new Set(asked.edits.map((edit) => edit.callId)), restored: asked.restored }) };
}

/** Limits and chain of the earlier run, where the person does not say otherwise: a re-run must not lose its money cap unseen. */
function governanceOf(deps: Deps, source: RunRecord, before: RunRequest | undefined, wish: Wish, provider: ProviderId): Pick<z.output<typeof RunBody>, 'budget' | 'fallback'> {
  const budget = wish.budget === undefined ? limitsBefore(deps, source, before) : wish.budget;
  const earlier = provider === 'demo' ? [] : (before?.fallback ?? []).filter((link) => link.provider !== provider).map((link) => ({ provider: link.provider, model: link.model }));
  const fallback = wish.fallback ?? earlier;
  return { ...(budget ? { budget } : {}), ...(fallback.length > 0 ? { fallback } : {}) };
}

/** What the earlier run had below the platform's caps of today; null when nothing. */
function limitsBefore({ config }: Deps, { runMode }: RunRecord, before: RunRequest | undefined): BudgetBodyWire | null {
  const stage = runMode === 'full_run' ? 'full' : 'test';
  const caps = capsOf(config)[stage];
  const had = before?.caps[stage];
  if (!had) return null;
  const budget: BudgetBodyWire = {
    ...(had.costUsdMicros === null ? {} : { cost_usd_micros: had.costUsdMicros }), ...(had.outputTokens < caps.outputTokens ? { output_tokens: had.outputTokens } : {}), ...(had.seconds < caps.seconds ? { seconds: had.seconds } : {}),
  };
  return Object.keys(budget).length > 0 ? budget : null;
}

interface Parts { wish: Wish; calls: RecordedCall[]; fork: RunFork; body: RerunPlan['body']; /** calls that ask otherwise now */ reworded: ReadonlySet<string>; restored: ReadonlySet<string> }

/** Prepares the run as a start would, so that what a start refuses, the preview refuses too. */
async function previewOf(deps: Deps, principal: Principal, source: RunRecord, { wish, calls, fork, body, reworded, restored }: Parts): Promise<RerunPreviewWire> {
  const { run, entry, definitionHash } = await prepareRun(deps, principal, body, fork);
  const { request } = run;
  const subject = evidenceSubject(run, entry.version, definitionHash);
  const fresh = run.runMode === 'full_run' && !fork.retest ? await findFreshEvidence(deps.db, deps.evidenceKeys, subject, deps.config.AWP_EVIDENCE_MAX_AGE_HOURS) : null;
  const stages = stagesOf(run.runMode).filter((stage) => stage !== 'validate').filter((stage) => stage !== 'test' || !fresh);
  const versionChanged = definitionHash !== source.definitionHash;
  const inputsChanged = digestOf(run.inputs) !== source.inputDigest || versionChanged;
  const modelChanged = run.provider !== source.provider || run.model !== source.model;
  const priced = pricedCalls({
    calls, reusable: new Set(fork.reuse), edited: new Set(Object.keys(fork.edits)), reworded, restored, plans: stages.map((stage) => ({ stage, plan: entry.plan(run.inputs, stage) })), price: request.price, inputsChanged,
    modelChangedIn: (stage) => modelChanged && run.runMode === 'full_run' && stage === 'test',
  });
  const count = (...states: string[]) => priced.filter((call) => states.includes(call.state)).length;
  return {
    source_run_id: source.id, kind: wish.kind, run_mode: run.runMode, provider: run.provider, model: run.model, version_changed: versionChanged, calls: priced,
    counts: { reused: count('reused', 'edited'), maybe: count('maybe'), to_pay: count('to_pay') }, cost_usd_micros: sumRanges(priced.map((call) => call.cost_usd_micros)), tokens: sumRanges(priced.map((call) => call.tokens)) ?? { low: 0, expected: 0, worst: 0 },
    price_date: deps.providerDataDate, evidence_run_id: fresh?.runId ?? null,
    limits: limitsOf(run), fallback: (request.fallback ?? []).map((link) => ({ provider: link.provider, model: link.model })),
    notes: notesOf({ versionChanged, inputsChanged: inputsChanged && !versionChanged, modelChanged: modelChanged && fork.reuse.length > 0, edited: Object.keys(fork.edits).length > 0, prompted: Object.keys(fork.prompts ?? {}).length > 0, full: run.runMode === 'full_run', outside: priced.some((call) => call.state === 'maybe') && calls.some((call) => call.afterOutside), evidenceRunId: fresh?.runId ?? null }),
  };
}

function limitsOf({ runMode, request }: { runMode: RunMode; request: RunRequest }): RerunPreviewWire['limits'] {
  const caps = request.caps[runMode === 'full_run' ? 'full' : 'test'];
  return { cost_usd_micros: caps.costUsdMicros, output_tokens: caps.outputTokens, seconds: caps.seconds };
}

function notesOf(facts: { versionChanged: boolean; inputsChanged: boolean; modelChanged: boolean; edited: boolean; prompted: boolean; full: boolean; outside: boolean; evidenceRunId: string | null }): string[] {
  return [
    ...(facts.versionChanged ? ['The workflow has changed since: steps whose prompts differ now are paid again.'] : []),
    ...(facts.inputsChanged ? ['The inputs differ: steps whose prompts differ now are paid again.'] : []),
    ...(facts.modelChanged ? ['Answers that are kept stay those of the earlier model; only what is paid is asked of the new one. Such a Test is no evidence for a Full run.'] : []),
    ...(facts.edited ? ['Edited answers are marked as yours, and steps that build on them are paid again. Such a run is no evidence for a Full run.'] : []),
    ...(facts.prompted ? [`Prompts of yours are asked in place of the workflow's, and marked so. ${facts.full ? 'The Test has not tried them.' : 'Such a run is no evidence for a Full run.'}`] : []),
    ...(facts.outside ? ['Web tools are asked again; when they answer otherwise, the steps that read them are paid again.'] : []),
    ...(facts.evidenceRunId ? [`The Test is skipped: that of run ${facts.evidenceRunId} still counts.`] : []),
  ];
}
