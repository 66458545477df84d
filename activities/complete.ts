import { ApplicationFailure, Context } from '@temporalio/activity';
import { answerJsonSchema, answerSchema, type CatalogEntry } from '#contracts/catalog.schema';
import type { BudgetRule } from '#contracts/budgets';
import type { ErrorCode } from '#contracts/errors';
import { callCost } from '#contracts/cost';
import { jsonSafe } from '#contracts/json-safe';
import type { CompletionAnswer, CompletionCall } from '#contracts/providers';
import { toolCovers } from '#contracts/tool-policy';
import { callId, type CompleteRequest, type CompleteResult } from '#contracts/workflow';
import { CodedError } from '#platform/coded-error';
import type { Transaction } from '#platform/db';
import { digestOf } from '#platform/ids';
import { priceOf, worstCost } from '#platform/provider-catalog';
import { admitCall, countAnswer, countFailure, type BreakerKey } from '#platform/repositories/provider-health';
import { appendEvents } from '#platform/repositories/append-events';
import { baseUrlHash, type ResolvedSecret } from '#platform/secrets/secret-store';
import { requireCost } from '#platform/repositories/budgets';
import { billedTries, closeCall, failCall, openCall, type OpenedCall } from '#platform/repositories/completions';
import { closeOpenCall, openNewCall, type QuickOpening } from '#platform/repositories/quick-calls';
import { appendRunEvents, lockRun, pruneTextDeltas, type KeyedEvent } from '#platform/repositories/run-events';
import { parseAnswer } from './answers.ts';
import { mostExtraBytes } from './call-extras.ts';
import { awaitTurn, isPaced } from './await-turn.ts';
import type { ActivityDeps } from './deps.ts';
import { carriedEvents } from './record-run-events.ts';
import { classify, isCancelled, toFailure } from './failures.ts';
import { pausedFailure } from './pause.ts';
import { requireRights } from './rights.ts';
import { ProviderError } from './providers/provider.ts';
import { describeTool, toToolDefinition } from './tools/tool.ts';
import { startHeart } from './heart.ts';
import { billedMark, inlineText, keyOf, promptMark, site, takenEvents } from './call-events.ts';
import { askAgain, auditProvider, warningOf } from './call-notes.ts';
import { keepTrying } from './keep-trying.ts';
import { countCall, countUsage } from './metrics.ts';
import { restKeyAfter } from './rest-key.ts';
import { TextDeltas } from './text-deltas.ts';
import { chatSpan } from './trace/live-spans.ts';

/** Calls one model once, through the ledger: reads it first, stores the answer before returning. Safe to retry; cancelling
 * aborts the HTTP request.
 * @param request  messages in order, `maxOutputTokens` (tokens, already clamped to the run's envelope), `timeoutMs` (ms)
 * @returns text and usage in tokens; `data` parsed by the definition's answer schema or `problem`; `costUsdMicros` null when the model has no price
 * @throws ApplicationFailure BudgetExceeded before the call is made; PermissionDenied when the person lost the right meanwhile; else typed by contracts/errors.ts, retryable with nextRetryDelay while its class has tries left */
export async function complete(given: ActivityDeps, request: CompleteRequest): Promise<CompleteResult> {
  const stopHeart = startHeart();
  try {
    const entry = await given.findEntry(request.slug, request.runId);
    const deps: CallDeps = { ...given, findEntry: () => entry };
    const standing = await requireRights(deps, request);
    if (standing.pause) throw pausedFailure(standing.pause, request.step, await billedTries(deps.db, request));
    const wanted = answerSchemaOf(deps, request);
    const tools = toolsOf(deps, request);
    const worst = worstCost(deps.config, request, mostExtraBytes(deps, request.tools ?? [], tools, wanted));
    const digestAs = (provider: string, model: string) => digestOf({ provider, model, messages: request.messages, max: request.maxOutputTokens, temperature: request.temperature ?? null, answer: wanted ?? null, tools: tools ?? null });
    const digest = digestAs(request.provider, request.model);
    const line: Line = { secret: null, breaker: { provider: request.provider, keyOwner: 'workspace' }, probe: false, counted: false, turn: isPaced(deps, request.provider) ? 'needed' : 'free', asked: false };
    const opened = await open(deps, request, digest, digestAs, worst, line, standing.budgets.filter(({ metric }) => metric === 'cost'));
    if (opened.attempt === null) {
      deps.metrics.ledger.inc({ outcome: 'reused' });
      const cost = opened.row.costUsdMicros === null ? null : Number(opened.row.costUsdMicros);
      return result(deps, request, opened.answer as CompletionAnswer, { costUsdMicros: cost, reused: true, fromFork: opened.row.reusedFromId !== null, possiblyBilledAttempts: opened.possiblyBilled });
    }
    // Of a try that died nobody could count this before.
    const died = opened.row.attempts.filter(({ state }) => state === 'in_flight').length;
    if (died > 0) deps.metrics.ledger.inc({ outcome: 'possibly_billed' }, died);
    const { answer, costUsdMicros } = await buy(deps, request, wanted, digest, { ...opened, worst }, opened.attempt, line);
    return result(deps, request, answer, { costUsdMicros, reused: false, fromFork: false, possiblyBilledAttempts: opened.possiblyBilled });
  } finally {
    stopHeart();
  }
}

/** With the entry of this call's run at hand. */
type CallDeps = ActivityDeps & { findEntry(slug: string): CatalogEntry | undefined };

/** Key and breaker of one try, and how far it came. A key that cannot be read fails the try, not the reading of an answer that is there. */
interface Line { secret: ResolvedSecret | Error | null; breaker: BreakerKey; probe: boolean; /** failures stand against the provider, so that an answer is worth telling */ counted: boolean; /** at the rate limit of the key */ turn: 'free' | 'needed' | 'taken'; /** the provider was asked: from here on a try without an answer may be charged */ asked: boolean }
/** @property worst  micro-dollars; null without a price */
type PricedCall = OpenedCall & { worst: number | null };
/** Undoes the ledger's transaction of a call that has to take its turn first: the line is no place to hold a run's lock. */
class TurnNeeded extends Error {
  readonly possiblyBilled: number;
  constructor(possiblyBilled: number) {
    super('this call has to take its turn');
    this.possiblyBilled = possiblyBilled;
  }
}

/** Resolves the key and asks the breaker, both in the ledger's transaction: only a call that is to be bought comes here.
 * @param possiblyBilled earlier tries of the call that may have been charged: the run counts them when this is its end
 * @throws a final failure when the breaker is open: the vendor is not asked and no try is counted */
async function takeLine(deps: CallDeps, tx: Transaction, request: CompleteRequest, line: Line, possiblyBilled: number): Promise<void> {
  line.secret = await deps.secrets.resolve(request.userId, request.provider, { within: tx, runId: request.runId }).catch((error: unknown) => error as Error);
  const own = line.secret !== null && !(line.secret instanceof Error) && line.secret.source === 'own';
  line.breaker = { provider: request.provider, keyOwner: own ? request.userId : 'workspace' };
  const admission = await admitCall(tx, line.breaker, request.timeoutMs);
  if (!admission.admitted) throw toFailure({ code: 'ProviderUnavailable', detail: `${request.provider} failed several times in a row and is not asked: breaker open until ${admission.until.toISOString()}`, delayMs: null, notBeforeMs: admission.until.getTime(), possiblyBilled }, request.step);
  if (line.turn === 'needed') throw new TurnNeeded(possiblyBilled);
  line.probe = admission.probe;
  line.counted = admission.counted;
}

/** The same of a call that was opened in one statement: it found no breaker open. */
async function keepLine(deps: CallDeps, request: CompleteRequest, line: Line, { secret, failures }: QuickOpening): Promise<void> {
  try {
    line.secret = await deps.secrets.open(request.userId, request.provider, secret);
  } catch (error) {
    line.secret = error as Error;
  }
  const own = line.secret !== null && !(line.secret instanceof Error) && line.secret.source === 'own';
  line.breaker = { provider: request.provider, keyOwner: own ? request.userId : 'workspace' };
  line.counted = (own ? failures.own : failures.workspace) > 0;
}

const AWAY = new Set<unknown>(['ProviderUnavailable', 'ProviderTimeout']);

/** Tells the breaker how a try ended. Being refused is an answer too; a cancel says nothing. */
async function tellBreaker(deps: CallDeps, line: Line, error: unknown): Promise<void> {
  if (error !== null && !(error instanceof ProviderError)) return;
  const told = error !== null && AWAY.has(error.code) ? countFailure(deps.db, line.breaker, deps.config.AWP_BREAKER_OPEN_MS, line.probe) : countAnswer(deps.db, line.breaker);
  await told.catch((problem: unknown) => deps.logger.warn({ err: problem }, 'the state of the provider was not recorded'));
}

/** One paid try: call, store, or record how it failed. */
async function buy(deps: CallDeps, request: CompleteRequest, wanted: CompletionCall['answerSchema'], digest: string, opened: PricedCall, attempt: number, line: Line): Promise<{ answer: CompletionAnswer; costUsdMicros: number | null }> {
  const price = priceOf(deps.config, request.provider, request.model);
  const started = performance.now();
  try {
    const { answer, firstTokenMs } = await chatSpan(deps.config, request, attempt, () => callProvider(deps, request, wanted, attempt, line)).catch(async (error: unknown) => { await tellBreaker(deps, line, error); throw await restKeyAfter(deps, request, line.secret, error); });
    const costUsdMicros = callCost(price, answer.usage.inputTokens, answer.usage.outputTokens);
    // The answer is paid for: keep trying to store it while the worker lives, rather than buy it again.
    const kept = await keepTrying(() => store(deps, request, digest, opened, attempt, answer, costUsdMicros, Math.round(performance.now() - started), firstTokenMs));
    deps.metrics.ledger.inc({ outcome: 'bought' });
    if (line.counted) await tellBreaker(deps, line, null);
    return kept;
  } catch (error) {
    throw await failed(deps, request, opened, attempt, error, line.asked);
  }
}

function answerSchemaOf(deps: CallDeps, request: CompleteRequest): CompletionCall['answerSchema'] {
  if (!request.answer) return undefined;
  const schema = answerSchema(deps.findEntry(request.slug), request.answer);
  if (!schema) throw toFailure({ code: 'Internal', detail: `${request.slug} has no answer schema named ${request.answer.name}.`, delayMs: null }, request.step);
  return { name: request.answer.name, schema: answerJsonSchema(schema) };
}

/** The tools a model is shown are those that its workflow was granted. @throws Internal for a name that nobody knows */
function toolsOf(deps: CallDeps, request: CompleteRequest): CompletionCall['tools'] {
  return request.tools?.map((name) => {
    const tool = deps.tools[name];
    if (!tool || !deps.findEntry(request.slug)?.tools.some((grant) => toolCovers(grant, name))) throw toFailure({ code: 'Internal', detail: `${request.slug} was not granted a tool named ${name}.`, delayMs: null }, request.step);
    return toToolDefinition(tool);
  });
}

/** The same with the words and schemas that only an MCP server knows; one that cannot be asked keeps our own sentence. The
 * ledger's key is made of ours, so that a server that rewords itself does not make an answer be bought again. */
async function describedTools(deps: CallDeps, request: CompleteRequest, signal: AbortSignal): Promise<CompletionCall['tools']> {
  const ours = toolsOf(deps, request);
  return ours && Promise.all(ours.map(async (definition, index) => {
    const tool = deps.tools[request.tools?.[index] ?? ''];
    return tool?.define ? describeTool(tool, signal).catch(() => { signal.throwIfAborted(); return definition; }) : definition;
  }));
}

async function open(deps: CallDeps, request: CompleteRequest, digest: string, digestAs: (provider: string, model: string) => string, worst: number | null, line: Line, budgets: readonly BudgetRule[]): Promise<OpenedCall> {
  try {
    const call = { ...request, requestDigest: digest, digestAs };
    const startOf = (attempt: number, possiblyBilled: number): KeyedEvent => ({ key: keyOf(request, digest, `${attempt}/start`), event: { type: 'completion-start', ...site(request), attempt, data: { provider: request.provider, model: request.model, max_output_tokens: request.maxOutputTokens, ...billedMark(possiblyBilled) } } });
    // A call at the rate limit of its key waits in the line first, and the line is not asked in one statement with the ledger; under a
    // budget the try is opened and its worst cost reserved in one transaction.
    const fresh = request.fork || line.turn === 'needed' || budgets.length > 0 ? null : await openNewCall(deps.db, call, [...carriedEvents(request.before), startOf(1, 0)], baseUrlHash(deps.config, request.provider), worst);
    if (fresh) {
      await keepLine(deps, request, line, fresh);
      return fresh.opened;
    }
    return await deps.db.$transaction(async (tx) => {
      const run = await lockRun(tx, request.runId);
      if (run === null) throw new CodedError('NotFound', 'The run was deleted.');
      const opened = await openCall(tx, call, worst === null ? null : BigInt(worst), (possiblyBilled) => takeLine(deps, tx, request, line, possiblyBilled));
      const near = opened.attempt === null || budgets.length === 0 ? [] : await requireCost(tx, budgets, request.userId, worst);
      const start = opened.attempt === null ? [] : [startOf(opened.attempt, opened.possiblyBilled), ...near.map((rule) => warningOf(request, rule))];
      await appendRunEvents(tx, request.runId, [...carriedEvents(request.before), ...(opened.taken ? takenEvents(request, digest, opened.taken) : start)], run);
      return opened;
    });
  } catch (error) {
    if (error instanceof TurnNeeded) return inTurn(deps, request, line, error.possiblyBilled, () => open(deps, request, digest, digestAs, worst, line, budgets));
    if (error instanceof ApplicationFailure) throw error;
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), request.step);
  }
}

/** An answer that is there needs no turn, and a provider that is away takes none: only then the line is asked. */
async function inTurn(deps: CallDeps, request: CompleteRequest, line: Line, possiblyBilled: number, then: () => Promise<OpenedCall>): Promise<OpenedCall> {
  try {
    await awaitTurn(deps, line.breaker, request, possiblyBilled);
  } catch (error) {
    if (error instanceof ApplicationFailure || isCancelled(error)) throw error;
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), request.step);
  }
  line.turn = 'taken';
  return then();
}

async function callProvider(deps: CallDeps, request: CompleteRequest, wanted: CompletionCall['answerSchema'], attempt: number, line: Line): Promise<{ answer: CompletionAnswer; firstTokenMs: number | null }> {
  const { secret } = line;
  if (secret instanceof Error) throw secret;
  if (!secret) throw new ProviderError('ProviderAuthentication', `There is no active key for ${request.provider}`);
  const provider = deps.provider(request.provider, secret.apiKey);
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = AbortSignal.any([Context.current().cancellationSignal, timeout]);
  const keyPrefix = `${callId(request)}/${attempt}/${Context.current().info.attempt}`;
  const deltas = new TextDeltas(
    (text, batch) => appendEvents(deps.db, request.runId, [{ key: `${keyPrefix}/text-${batch}`, event: { type: 'text-delta', ...site(request), attempt, data: { text } } }]).then(() => undefined),
    (error) => deps.logger.warn({ err: error }, 'a batch of streamed text was not written'),
  );
  const started = performance.now();
  let firstTokenMs: number | null = null;
  let status = 'ok';
  deps.metrics.callsInFlight.inc();
  try {
    const tools = await describedTools(deps, request, signal);
    line.asked = true;
    for await (const chunk of provider.stream({ model: request.model, messages: request.messages, maxOutputTokens: request.maxOutputTokens, temperature: request.temperature, answerSchema: wanted, tools, requestId: `${request.runId}/${callId(request)}` }, signal)) {
      if (chunk.type === 'end') return { answer: jsonSafe(chunk.answer), firstTokenMs };
      firstTokenMs ??= Math.round(performance.now() - started);
      deltas.push(chunk.text);
    }
    throw new ProviderError('ProviderUnavailable', `${request.provider} ended its answer early`);
  } catch (error) {
    status = error instanceof ProviderError ? error.code : isCancelled(error) ? 'cancelled' : 'error';
    if (timeout.aborted && !Context.current().cancellationSignal.aborted) throw new ProviderError('ProviderTimeout', `${request.provider} did not finish within ${request.timeoutMs / 1000} s`, { uncharged: error instanceof ProviderError && error.uncharged, cause: error });
    throw error;
  } finally {
    countCall(deps.metrics, request.provider, status, (performance.now() - started) / 1000);
    await deltas.stop();
  }
}

/** Final event, ledger row and the end of the streamed deltas in one commit; locks in the order of `open`, run before call.
 * @returns what the ledger holds: a twin of this try may have been first */
async function store(deps: CallDeps, request: CompleteRequest, digest: string, opened: OpenedCall, attempt: number, answer: CompletionAnswer, cost: number | null, durationMs: number, firstTokenMs: number | null): Promise<{ answer: CompletionAnswer; costUsdMicros: number | null }> {
  const { text, truncated } = inlineText(answer.text);
  const ended: KeyedEvent = {
    key: keyOf(request, digest, 'end'),
    event: {
      type: 'completion-end', ...site(request), attempt,
      data: { provider: request.provider, model: request.model, model_served: answer.modelServed, usage: answer.usage, finish_reason: answer.finishReason, cost_usd_micros: cost, text, text_truncated: truncated, duration_ms: durationMs, first_token_ms: firstTokenMs, reused: false, ...promptMark(request), possibly_billed_attempts: opened.possiblyBilled },
    },
  };
  const kept = (await closeOpenCall(deps.db, request.runId, opened.row.id, attempt, answer, cost, ended)) ? { answer, costUsdMicros: cost } : await deps.db.$transaction(async (tx) => {
    await appendRunEvents(tx, request.runId, [ended]);
    await pruneTextDeltas(tx, request.runId, site(request));
    return closeCall(tx, opened.row.id, attempt, answer, cost);
  });
  countUsage(deps.metrics, request.provider, answer.usage, cost);
  return kept;
}

function result(deps: CallDeps, request: CompleteRequest, answer: CompletionAnswer, facts: Pick<CompleteResult, 'costUsdMicros' | 'reused' | 'fromFork' | 'possiblyBilledAttempts'>): CompleteResult {
  const parsed = request.answer ? parseAnswer(answer.text, answerSchema(deps.findEntry(request.slug), request.answer)) : {};
  return { ...answer, ...parsed, ...facts };
}

/** Writes the failed try to ledger and log, then gives the failure to throw. A cancel is rethrown as it is. */
async function failed(deps: CallDeps, request: CompleteRequest, opened: PricedCall, attempt: number, error: unknown, asked: boolean): Promise<unknown> {
  const cancelled = Context.current().cancellationSignal.aborted;
  const earlier = (wanted: ErrorCode) => opened.row.attempts.filter((row) => row.errorCode === wanted).length + 1;
  const failing = classify(error, earlier, deps.config.AWP_RETRY_BASE_MS);
  // Whatever cut it (a timer, the wire, a cancel, a worker that stops): once asked, only a no in place of an answer costs nothing.
  const doubtful = asked && !(error instanceof ProviderError && error.uncharged);
  const state = doubtful ? 'possibly_billed' : cancelled ? 'cancelled' : 'failed';
  const worst = doubtful ? opened.worst : null;
  if (!cancelled && error instanceof ProviderError && failing.delayMs === null) await auditProvider(deps, request, failing.code);
  // A person who cancels is no trouble that anybody has to be told of.
  const asWished = Context.current().cancellationDetails?.cancelRequested === true;
  if (doubtful && !asWished) deps.metrics.ledger.inc({ outcome: 'possibly_billed' });
  const { code, detail } = cancelled ? { code: asWished ? 'Cancelled' : 'WorkerStopped', detail: asWished ? 'cancelled while it was under way' : 'its worker was stopped or given up' } : failing;
  const waitMs = cancelled || failing.delayMs === null ? null : Math.round(failing.delayMs);
  let possiblyBilled = opened.possiblyBilled + Number(doubtful);
  await deps.db.$transaction(async (tx) => {
    const run = await lockRun(tx, request.runId);
    if (run === null) return; // deleted meanwhile, with its ledger
    possiblyBilled = await failCall(tx, opened.row.id, attempt, state, cancelled ? null : failing.code, detail, worst === null ? null : BigInt(worst));
    if (waitMs !== null || doubtful) await appendRunEvents(tx, request.runId, [{ key: `${callId(request)}/${attempt}/retry-${opened.row.id}`, event: { type: 'completion-retry', ...site(request), attempt, data: { code, detail, wait_ms: waitMs, ...billedMark(possiblyBilled) } } }], run);
  }).catch((writing: unknown) => deps.logger.warn({ err: writing }, 'the failed try was not recorded; its row stays in flight and counts as possibly billed'));
  // Whatever the socket said while it was being closed, the cancel is what happened.
  return cancelled ? Context.current().cancellationSignal.reason : toFailure({ ...failing, ...(await askAgain(deps, failing)), possiblyBilled }, request.step);
}
