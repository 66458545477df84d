import type { z } from 'zod';
import type { RerunBody, RerunPreviewWire } from '#contracts/api/reruns.schema';
import type { RunBody } from '#contracts/api/runs.schema';
import type { ProviderId } from '#contracts/providers';
import { isTerminal, stagesOf } from '#contracts/runs';
import type { RunFork } from '#contracts/workflow';
import { CodedError, invalidField } from '#platform/coded-error';
import { digestOf } from '#platform/ids';
import { findFreshEvidence } from '#platform/repositories/evidence';
import { findRunRequest, type RunRecord } from '#platform/repositories/run-queries';
import type { Deps } from '../deps.ts';
import type { Principal } from '../endpoint.ts';
import { evidenceSubject, prepareRun } from '../routes/runs/prepare-run.ts';
import { requireRun } from '../routes/runs/require-run.ts';
import { pricedCalls, sumRanges } from './priced-calls.ts';
import { recordedCalls, reusableCalls, type RecordedCall } from './recorded-calls.ts';

type Wish = z.output<typeof RerunBody>;
export interface RerunPlan { body: z.output<typeof RunBody>; fork: RunFork; preview: RerunPreviewWire; edits: { callId: string; before: string; after: string }[] }

/** Edits travel with the run's request, which stays well under what Temporal takes. */
const MAX_EDIT_BYTES = 100_000;

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
  const edits = checkEdits(source, calls, new Set(reuse), wish);
  const fork: RunFork = { sourceRunId: source.id, kind: wish.kind, reuse, edits: wish.edits ?? {}, editedBy: edits.length > 0 ? principal.userId : null, retest: from?.stage === 'test' };
  const provider = wish.provider ?? source.provider;
  const body = { workflow_id: source.workflowSlug, inputs: wish.inputs ?? source.inputs, run_mode: source.runMode, provider, model: wish.model ?? (wish.provider && wish.provider !== source.provider ? undefined : source.model), persona: source.persona, ...(await governanceOf(deps, principal, source, wish, provider)) };
  return { body, fork, edits, preview: await previewOf(deps, principal, source, { wish, calls, fork, body }) };
}

/** Budget and chain of the earlier run, where the person does not say otherwise: a re-run must not lose its money cap unseen. */
async function governanceOf(deps: Deps, principal: Principal, source: RunRecord, wish: Wish, provider: ProviderId): Promise<Pick<z.output<typeof RunBody>, 'budget' | 'fallback'>> {
  const before = (await findRunRequest(deps.db, principal.userId, source.id))?.request;
  const cap = before?.caps.full.costUsdMicros ?? null;
  const budget = wish.budget === undefined ? (cap === null ? null : { cost_usd_micros: cap }) : wish.budget;
  const earlier = provider === 'demo' ? [] : (before?.fallback ?? []).filter((link) => link.provider !== provider).map((link) => ({ provider: link.provider, model: link.model }));
  const fallback = wish.fallback ?? earlier;
  return { ...(budget ? { budget } : {}), ...(fallback.length > 0 ? { fallback } : {}) };
}

function checkEdits(source: RunRecord, calls: readonly RecordedCall[], reuse: ReadonlySet<string>, wish: Wish): RerunPlan['edits'] {
  const edits = Object.entries(wish.edits ?? {}).map(([callId, { text }]) => {
    const place = `#/edits/${callId.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const call = calls.find((candidate) => candidate.id === callId);
    if (!call || !reuse.has(callId)) throw invalidField(place, 'is not a call whose answer this re-run takes over');
    if (source.runMode === 'full_run' && call.stage === 'test') throw invalidField(place, 'is part of the Test of a Full run, which must stand as the model made it');
    if (isJson(call.text) && !isJson(text)) throw invalidField(`${place}/text`, 'must be JSON, as the answer it stands for');
    return { callId, before: call.text, after: text };
  });
  if (Buffer.byteLength(JSON.stringify(wish.edits ?? {})) > MAX_EDIT_BYTES) throw new CodedError('PayloadTooLarge', `All edits together may have ${MAX_EDIT_BYTES} bytes.`);
  return edits;
}

function isJson(text: string): boolean {
  try { return typeof JSON.parse(text) === 'object'; } catch { return false; }
}

interface Parts { wish: Wish; calls: RecordedCall[]; fork: RunFork; body: RerunPlan['body'] }

/** Prepares the run as a start would, so that what a start refuses, the preview refuses too. */
async function previewOf(deps: Deps, principal: Principal, source: RunRecord, { wish, calls, fork, body }: Parts): Promise<RerunPreviewWire> {
  const { run, entry, definitionHash } = await prepareRun(deps, principal, body, fork);
  const { request } = run;
  const subject = evidenceSubject(run, entry.version, definitionHash);
  const fresh = run.runMode === 'full_run' && !fork.retest ? await findFreshEvidence(deps.db, deps.evidenceKeys, subject, deps.config.AWP_EVIDENCE_MAX_AGE_HOURS) : null;
  const stages = stagesOf(run.runMode).filter((stage) => stage !== 'validate').filter((stage) => stage !== 'test' || !fresh);
  const versionChanged = definitionHash !== source.definitionHash;
  const inputsChanged = digestOf(run.inputs) !== source.inputDigest || versionChanged;
  const modelChanged = run.provider !== source.provider || run.model !== source.model;
  const priced = pricedCalls({
    calls, reusable: new Set(fork.reuse), edited: new Set(Object.keys(fork.edits)), plans: stages.map((stage) => ({ stage, plan: entry.plan(run.inputs, stage) })), price: request.price, inputsChanged,
    modelChangedIn: (stage) => modelChanged && run.runMode === 'full_run' && stage === 'test',
  });
  const count = (...states: string[]) => priced.filter((call) => states.includes(call.state)).length;
  return {
    source_run_id: source.id, kind: wish.kind, run_mode: run.runMode, provider: run.provider, model: run.model, version_changed: versionChanged, calls: priced,
    counts: { reused: count('reused', 'edited'), maybe: count('maybe'), to_pay: count('to_pay') }, cost_usd_micros: sumRanges(priced.map((call) => call.cost_usd_micros)), tokens: sumRanges(priced.map((call) => call.tokens)) ?? { low: 0, expected: 0, worst: 0 },
    price_date: deps.providerDataDate, evidence_run_id: fresh?.runId ?? null,
    notes: notesOf({ versionChanged, inputsChanged: inputsChanged && !versionChanged, modelChanged: modelChanged && fork.reuse.length > 0, edited: fork.editedBy !== null, outside: priced.some((call) => call.state === 'maybe') && calls.some((call) => call.afterOutside), evidenceRunId: fresh?.runId ?? null }),
  };
}

function notesOf(facts: { versionChanged: boolean; inputsChanged: boolean; modelChanged: boolean; edited: boolean; outside: boolean; evidenceRunId: string | null }): string[] {
  return [
    ...(facts.versionChanged ? ['The workflow has changed since: steps whose prompts differ now are paid again.'] : []),
    ...(facts.inputsChanged ? ['The inputs differ: steps whose prompts differ now are paid again.'] : []),
    ...(facts.modelChanged ? ['Answers that are kept stay those of the earlier model; only what is paid is asked of the new one. Such a Test is no evidence for a Full run.'] : []),
    ...(facts.edited ? ['Edited answers are marked as yours, and steps that build on them are paid again. Such a run is no evidence for a Full run.'] : []),
    ...(facts.outside ? ['Web tools are asked again; when they answer otherwise, the steps that read them are paid again.'] : []),
    ...(facts.evidenceRunId ? [`The Test is skipped: that of run ${facts.evidenceRunId} still counts.`] : []),
  ];
}
