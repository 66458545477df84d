import { ApplicationFailure, Context } from '@temporalio/activity';
import { capabilityProblem } from '#contracts/capabilities';
import { beyondWords, dollars } from '#contracts/estimate';
import { suspectPhrases } from '#contracts/suspect-phrases';
import { ERRORS } from '#contracts/errors';
import { isAvailabilityCode } from '#contracts/governance';
import type { CatalogEntry } from '#contracts/catalog.schema';
import type { NewRunEvent } from '#contracts/run-events';
import type { CheckName, CheckRequest, CheckResult, RunRequest } from '#contracts/workflow';
import { estimateFor } from '#platform/estimates';
import { modelData, providerData } from '#platform/provider-catalog';
import { appendAuditOnce } from '#platform/repositories/audit';
import { keepListedModels } from '#platform/repositories/listed-models';
import { evidenceSubjectOfRun } from '#platform/repositories/run-queries';
import { asksElsewhere, measureExtras } from './call-extras.ts';
import type { ActivityDeps } from './deps.ts';
import { classify, isCancelled, toFailure } from './failures.ts';
import { ProviderError } from './providers/provider.ts';
import { requireRights } from './rights.ts';
import { grantsOfRun } from './tool-grants.ts';
import { startHeart } from './heart.ts';
import { carriedEvents } from './record-run-events.ts';
import { storeEvents } from './run-lines.ts';

type Finding = Omit<CheckResult, 'check' | 'title' | 'durationMs' | 'remedy' | 'code'> & Partial<Pick<CheckResult, 'remedy' | 'code'>>;
type Check = (deps: ActivityDeps, request: RunRequest, entry: CatalogEntry) => Promise<Finding>;

const TITLES: Record<CheckName, string> = { inputs: 'Inputs fit the form', secret: 'Key is there', provider: 'Provider answers', tools: 'Tools are reachable', estimate: 'Cost estimate' };
const passed = (detail: string): Finding => ({ outcome: 'passed', detail });

/** Runs one check of the Validate stage and records it. Nothing is bought: the provider check lists models.
 * @throws ApplicationFailure only for trouble that a retry may mend */
export async function runCheck(deps: ActivityDeps, { before, request, check }: CheckRequest): Promise<CheckResult> {
  const started = performance.now();
  // A cancel arrives with a heartbeat; local checks are over before the first one.
  const stopHeart = startHeart();
  try {
    const { pause } = await requireRights(deps, { userId: request.userId, stage: 'validate', step: check, slug: request.slug });
    const entry = await deps.findEntry(request.slug, request.runId);
    const finding: Finding = check === 'provider' && pause ? { outcome: 'warning', detail: 'Not asked: an administrator has paused all model calls.', remedy: 'The run waits before its first call until they go on.' }
      : entry ? await RUN[check](deps, request, entry) : { outcome: 'failed', detail: `The workflow ${request.slug} is not installed on this worker.`, code: 'NotFound' };
    const result: CheckResult = { check, title: TITLES[check], remedy: null, code: null, ...finding, durationMs: Math.round(performance.now() - started) };
    await auditCheck(deps, request, result);
    await storeEvents(deps, request.runId, [...carriedEvents(before), ...eventsOf(result).map((event, index) => ({ key: `validate/${check}/${index}`, event }))]);
    return result;
  } catch (error) {
    if (isCancelled(error) || error instanceof ApplicationFailure || Context.current().cancellationSignal.aborted) throw error;
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), check);
  } finally {
    stopHeart();
  }
}

/** A failed check, once a run; and each key that this run reads, also those of its stand-ins and further models, once a run and provider. */
async function auditCheck(deps: ActivityDeps, { runId, userId, provider, mode, fallback = [], targets = [] }: RunRequest, { check, outcome, code }: CheckResult): Promise<void> {
  const about = { subject: userId, actorKind: 'system', resource: `run/${runId}` } as const;
  if (outcome === 'failed') await deps.db.$transaction((tx) => appendAuditOnce(tx, { ...about, type: 'run.validation_failed', outcome: 'failed', data: { check, code } }));
  if (check !== 'secret' || outcome === 'failed') return;
  const sources = await deps.secrets.sources(userId);
  const reads = [...new Set([provider, ...[...fallback, ...targets].map((link) => link.provider)])]
    .flatMap((name) => { const source = sources.get(name); return name !== 'demo' && (source === 'own' || source === 'workspace') ? [{ provider: name, source, mode }] : []; });
  if (reads.length === 0) return;
  await deps.db.$transaction(async (tx) => {
    for (const data of reads) await appendAuditOnce(tx, { ...about, type: 'secret.read', outcome: 'success', data }, { provider: data.provider });
  });
}

function eventsOf(result: CheckResult): NewRunEvent[] {
  const { check, title, outcome, detail, remedy, durationMs, estimate, grants } = result;
  const ended: NewRunEvent = { type: 'check-end', stage: 'validate', data: { check, title, outcome, detail, remedy, duration_ms: durationMs } };
  return [ended, ...(estimate ? [{ type: 'estimate-record' as const, stage: 'validate' as const, data: estimate }] : []), ...(grants ? [{ type: 'grant-record' as const, stage: 'validate' as const, data: grants }] : [])];
}

/** Each link of the fallback chain and each further model has its own key and can do the work; checked again here because a key may have gone since the start. */
async function chainProblem(deps: ActivityDeps, request: RunRequest): Promise<Finding | null> {
  for (const { provider, model } of request.fallback ?? []) {
    if (!(await deps.secrets.resolve(request.userId, provider))) return { outcome: 'failed', detail: `There is no active key for ${provider}, which the run may fall back to.`, remedy: 'Add its key on the Providers page, or leave it out of the chain.', code: 'ProviderAuthentication' };
    const entry = await deps.findEntry(request.slug, request.runId);
    const problem = entry ? capabilityProblem(entry, request.input as never, providerData(deps.config, provider), model) : null;
    if (problem) return { outcome: 'failed', detail: problem, remedy: 'Choose another model for the chain, or leave it out.', code: 'ProviderRejected' };
  }
  for (const { provider, model } of request.targets ?? []) {
    if (!(await deps.secrets.resolve(request.userId, provider))) return { outcome: 'failed', detail: `There is no active key for ${provider}, whose model ${model} the inputs name.`, remedy: 'Add its key on the Providers page, or take the model out of the inputs.', code: 'ProviderAuthentication' };
  }
  return null;
}

/** Phrases of the person's own text that steer models: a remark on the run, in the log like every check; refused only where the
 * administrator wants it so (runs that were started before, or by a Schedule, are caught here). */
function suspectFinding({ config }: ActivityDeps, { input }: RunRequest): Finding | null {
  const found = suspectPhrases(input);
  if (found.length === 0) return null;
  const detail = `Every field fits. ${found.slice(0, 5).map(({ pointer, what }) => `${pointer} ${what}`).join('; ')}${found.length > 5 ? `; ${found.length - 5} more` : ''}.`;
  if (config.AWP_PROMPT_GUARD === 'strict') return { outcome: 'failed', detail, remedy: 'Word it otherwise: this installation refuses such phrases.', code: 'InvalidInput' };
  return { outcome: 'warning', detail, remedy: 'It is given to the model as data. Nothing to do if you meant it.' };
}

const RUN: Record<CheckName, Check> = {
  async inputs(deps, request, entry) {
    const parsed = entry.input.safeParse(request.input);
    if (parsed.success) return suspectFinding(deps, request) ?? passed('Every field holds what this version of the form asks for.');
    const detail = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return { outcome: 'failed', detail, remedy: ERRORS.InvalidInput.remedy, code: 'InvalidInput' };
  },

  async secret(deps, request) {
    const secret = await deps.secrets.resolve(request.userId, request.provider);
    if (!secret) return { outcome: 'failed', detail: `There is no active key for ${request.provider}.`, remedy: 'Add a key on the Providers page.', code: 'ProviderAuthentication' };
    const chain = await chainProblem(deps, request);
    if (chain) return chain;
    if (request.provider === 'demo') return { outcome: 'warning', detail: 'Demo provider: answers are drawn from the material given, not written by a language model.', remedy: 'Add a provider key to work with a real model.' };
    return passed({ own: 'Your own key is used.', workspace: 'The key of this installation is used.', not_needed: 'This endpoint needs no key.' }[secret.source]);
  },

  async provider(deps, request) {
    const secret = await deps.secrets.resolve(request.userId, request.provider);
    if (!secret) return { outcome: 'failed', detail: 'Not asked: there is no key to ask with.', remedy: 'Add a key on the Providers page.', code: 'ProviderAuthentication' };
    try {
      const signal = AbortSignal.any([Context.current().cancellationSignal, AbortSignal.timeout(request.timings.pingTimeoutMs)]);
      const health = await deps.provider(request.provider, secret.apiKey).checkHealth(signal).catch((error: unknown) => {
        if (signal.aborted && !Context.current().cancellationSignal.aborted) throw new ProviderError('ProviderTimeout', `${request.provider} did not answer within ${request.timings.pingTimeoutMs / 1000} s`);
        throw error;
      });
      if (request.provider !== 'demo') await keepListedModels(deps.db, deps.config, { userId: request.userId, provider: request.provider, settingId: secret.settingId }, health.models);
      const listed = health.models.length === 0 || health.models.includes(request.model);
      if (!listed) return { outcome: 'warning', detail: `Answered in ${health.latencyMs} ms, but does not list the model ${request.model}.`, remedy: 'Choose a model it lists, or go on if you know it is there.' };
      return passed(`Answered in ${health.latencyMs} ms; ${request.model} is ready.`);
    } catch (error) {
      // A worker that stops cut the question: the next one asks again, and the provider failed nothing.
      if (!(error instanceof ProviderError) || Context.current().cancellationSignal.aborted) throw error;
      const failing = classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS);
      if (failing.delayMs !== null) throw error;
      const [next] = request.fallback ?? [];
      if (next && isAvailabilityCode(failing.code)) return { outcome: 'warning', detail: `${failing.detail}. The run goes on with ${next.provider} ${next.model}, as you allowed.`, remedy: null };
      return { outcome: 'failed', detail: failing.detail, remedy: ERRORS[failing.code].remedy, code: failing.code };
    }
  },

  async tools(deps, request, entry) {
    const parsed = entry.input.safeParse(request.input);
    const names = parsed.success ? entry.toolsFor(parsed.data) : [];
    const grants = (await grantsOfRun(deps, { runId: request.runId, slug: request.slug, stage: request.mode === 'test_run' ? 'test' : 'full' })) ?? undefined;
    // Within a workflow task nothing is asked that is elsewhere: the run calls again, with an activity.
    if (Context.current().info.isLocal && asksElsewhere(deps, names)) throw ApplicationFailure.retryable('A tool is described over the network.', 'AskedElsewhere');
    const measured = { grants, extras: await measureExtras(deps, entry, names, Context.current().cancellationSignal) };
    if (names.length === 0) return { ...passed('These inputs ask for no tools.'), ...measured };
    const probes = request.mode !== 'test_run' && names.some((name) => deps.tools[name]?.probe && deps.tools[name].availability().available);
    if (probes && Context.current().info.isLocal) throw ApplicationFailure.retryable('A tool is asked over the network.', 'AskedElsewhere');
    const away: string[] = [];
    for (const name of names) {
      const tool = deps.tools[name];
      const state = tool ? tool.availability() : { available: false, detail: `${name} is not installed.` };
      const probed = state.available && tool?.probe && request.mode !== 'test_run' ? await tool.probe(AbortSignal.any([Context.current().cancellationSignal, AbortSignal.timeout(4000)])) : state;
      Context.current().cancellationSignal.throwIfAborted();
      if (!probed.available) away.push(`${tool?.title ?? name}: ${probed.detail}`);
    }
    const refused = (grants?.grants ?? []).filter(({ allowed }) => !allowed);
    if (refused.length > 0) return { outcome: 'warning', detail: `${refused.map(({ title, reason }) => `${title}: ${reason}`).join(' ')} The run goes on without.`, remedy: 'Ask an administrator to allow it in the tool policy, or leave that tool out.', ...measured };
    if (away.length === 0) return { ...passed(`${names.length} ${names.length === 1 ? 'tool is' : 'tools are'} ready.`), ...measured };
    return { outcome: 'warning', detail: `${away.join(' ')} The run goes on with the starter library and says so.`, remedy: 'Configure a search, or leave that tool out.', ...measured };
  },

  async estimate(deps, request, entry) {
    const parsed = entry.input.safeParse(request.input);
    if (!parsed.success) return { outcome: 'warning', detail: 'No estimate: the inputs do not fit.' };
    const { userId, mode, provider, model, caps, price } = request;
    const { estimate, beyond } = await estimateFor(deps, entry, { userId, mode, provider, model, caps, price, input: parsed.data, subject: request.fork?.retest ? null : await evidenceSubjectOfRun(deps.db, request.runId) });
    const cost = estimate.cost_usd_micros;
    const limits = modelData(deps.config, request.provider, request.model);
    const money = provider === 'demo' ? 'nothing to pay' : cost ? `about ${dollars(cost.expected)}, at most ${dollars(cost.worst)}` : 'no known price for this model';
    const detail = `${money}; about ${estimate.tokens.expected.toLocaleString('en-US')} tokens in ${estimate.seconds.expected} s, by ${estimate.basis === 'plan' ? 'its plan' : `your ${estimate.basis}`}${limits ? '' : ' (unknown model)'}.`;
    if (beyond.length === 0) return { ...passed(detail), estimate };
    return { outcome: 'warning', detail: `${detail} ${beyond.map(beyondWords).join(' ')}`, remedy: 'Ask for less in the inputs, or give the run a larger budget; how far a run may go at all is set by the administrator. As it is, the run goes as far as the limit and keeps what it has.', estimate };
  },
};
