import { ActivityFailure, ApplicationFailure, CancellationScope, condition } from '@temporalio/workflow';
import { MAX_REPAIR_TURNS } from '#contracts/limits';
import type { Message, ProviderId } from '#contracts/providers';
import type { Stage } from '#contracts/runs';
import { extraTokens, type CallExtras } from '#contracts/call-extras';
import { callId, type AnswerSpec, type CallSite, type CompleteResult, type RunRequest, type ToolResult } from '#contracts/workflow';
import { CapReached, estimateInputTokens, type Envelope, type Grant } from './envelope.ts';
import type { EventLog } from './event-log.ts';
import { askedPrompt, callFork } from './fork.ts';
import type { Governor } from './governor.ts';
import type { Target } from './provider-chain.ts';
import type { RunActivities } from './proxies.ts';

/** What a stage gives its steps. */
export interface StageRoom { request: RunRequest; stage: Exclude<Stage, 'validate'>; envelope: Envelope; log: EventLog; activities: RunActivities; governor: Governor; /** absent in runs whose check did not measure them */ extras?: CallExtras | undefined }
export interface Prompt {
  messages: Message[];
  maxOutputTokens: number;
  temperature?: number;
  /** a model of `request.targets` in place of the run's own: asked alone, without fallback */
  target?: { provider: ProviderId; model: string };
  /** user id of who wrote it in place of the playbook */
  editedBy?: string;
}

/** One named unit of work as the person sees it: model calls and tool calls in order, each under its own ordinal. */
export class Step {
  readonly key: string;
  readonly title: string;
  readonly #room: StageRoom;
  #ordinal = 0;
  #summary = '';

  constructor(room: StageRoom, key: string, title: string) {
    this.#room = room;
    this.key = key;
    this.title = title;
  }

  get summary(): string {
    return this.#summary;
  }

  /** The one plain sentence the story shows when the step is done. */
  summarise(sentence: string): void {
    this.#summary = sentence;
  }

  /** Free text from the model. */
  async write(prompt: Prompt): Promise<string> {
    return (await this.#complete(this.asked(prompt))).text;
  }

  /** An answer that fits `answers[name]` of the definition; up to two repair turns, then OutputInvalid.
   * @param items  for schemas that are made for a number of items */
  async answer<T>(name: string, playbook: Prompt, items?: number): Promise<T> {
    const prompt = this.asked(playbook);
    let messages = prompt.messages;
    for (let turn = 0; ; turn += 1) {
      const result = await this.#complete({ ...prompt, messages }, { name, ...(items === undefined ? {} : { items }) });
      if (result.problem === undefined) return result.data as T;
      if (turn === MAX_REPAIR_TURNS) throw ApplicationFailure.nonRetryable(`${this.title}: after ${MAX_REPAIR_TURNS} repair turns the answer still did not fit: ${result.problem}`, 'OutputInvalid', { step: this.key });
      messages = [...prompt.messages, { role: 'assistant', content: result.text }, { role: 'user', content: `That answer does not fit: ${result.problem}\nAnswer again, whole, as JSON that fits the schema.` }];
    }
  }

  /** One turn of a conversation with tools: the model answers, or asks for tool calls. @param tools  names; the activity knows their schemas */
  async converse(prompt: Prompt, tools: readonly string[]): Promise<Pick<CompleteResult, 'text' | 'toolCalls' | 'finishReason'>> {
    return this.#complete(prompt, undefined, tools);
  }

  /** A line of the log that belongs to this step. */
  remark(message: string, level: 'info' | 'warn' = 'warn'): void {
    this.#room.log.emit({ type: 'log-write', stage: this.#room.stage, step: this.key, data: { level, message } });
  }

  /** Calls one tool. Trouble outside is an outcome, not an exception: the run goes on and says so. */
  async tool(tool: string, args: Record<string, unknown>): Promise<ToolResult> {
    const { request, stage, log, activities } = this.#room;
    const site = this.#site();
    return log.carry((before) => activities.tool(
      { activityId: callId(site), summary: `${this.title}: ${tool}` },
      { ...site, before, title: this.title, userId: request.userId, slug: request.slug, stage, tool, arguments: args, timeoutMs: request.timings.callTimeoutMs },
    ));
  }

  /** The prompt of a conversation that begins with the next call: the playbook's, or what a person wrote in its place. */
  asked(prompt: Prompt): Prompt {
    const { request, stage } = this.#room;
    return askedPrompt(request, { stage, step: this.key, ordinal: this.#ordinal + 1 }, prompt);
  }

  #site(): CallSite {
    this.#ordinal += 1;
    return { runId: this.#room.request.runId, stage: this.#room.stage, step: this.key, ordinal: this.#ordinal };
  }

  /** One answer, from whichever provider of the run's chain gives it, or from the one that the prompt names; each call to a vendor
   * has its own ordinal. A call that only waited for its turn has not been made: it keeps its ordinal. */
  async #complete(prompt: Prompt, answer?: AnswerSpec, tools: readonly string[] = []): Promise<CompleteResult> {
    const { governor: { providers, turns }, stage, envelope } = this.#room;
    const named = prompt.target ? this.#named(prompt.target) : null;
    const inputTokens = this.#inputTokens(prompt, answer, tools);
    let site = this.#site();
    let waited: Grant | null = null;
    for (;;) {
      const target = named ?? providers.current;
      const grant: Grant = await this.#reserve(inputTokens, prompt, target);
      // Asked as before, the ledger counts the tries before the wait with this one's; asked for less, it is another request to it.
      if (waited?.maxOutputTokens === grant.maxOutputTokens) envelope.refund(waited);
      waited = null;
      try {
        const result = await this.#call(site, prompt, target, grant, answer, tools);
        if (!named) providers.succeeded();
        return result;
      } catch (error) {
        const at = { stage, step: this.key };
        if (await turns.waitedFor(error, at)) {
          waited = { ...grant, costUsdMicros: possiblyBilled(error) * grant.costUsdMicros };
          continue;
        }
        if (named) throw error;
        await providers.afterFailure(target, error, at);
        site = this.#site();
      }
    }
  }

  #inputTokens({ messages }: Prompt, answer: AnswerSpec | undefined, tools: readonly string[]): number {
    const { extras } = this.#room;
    return estimateInputTokens(messages) + (extras ? extraTokens(extras, { messages, tools, answer: answer?.name }) : 0);
  }

  /** @throws Internal when the run was not given this model: nothing is asked that the person did not choose */
  #named({ provider, model }: { provider: ProviderId; model: string }): Target {
    const { request } = this.#room;
    const own = { provider: request.provider, model: request.model, price: request.price };
    const found = [own, ...(request.targets ?? [])].find((target) => target.provider === provider && target.model === model);
    if (!found) throw ApplicationFailure.nonRetryable(`${provider} ${model} is not one of this run's models.`, 'Internal', { step: this.key });
    return { ...found, epoch: -1 };
  }

  async #call(site: CallSite, prompt: Prompt, target: Target, grant: Grant, answer: AnswerSpec | undefined, tools: readonly string[]): Promise<CompleteResult> {
    const { request, stage, envelope, log, activities } = this.#room;
    const queue = request.modelQueues?.[target.provider];
    try {
      const result = await log.carry((before) => activities.calls.complete.executeWithOptions(
        { activityId: callId(site), summary: `${this.title}: ${target.provider} ${target.model}`, ...(queue ? { taskQueue: queue } : {}) },
        [{
          ...site, before, userId: request.userId, slug: request.slug, provider: target.provider, model: target.model, messages: prompt.messages, maxOutputTokens: grant.maxOutputTokens,
          temperature: prompt.temperature, answer, ...(tools.length > 0 ? { tools: [...tools] } : {}), timeoutMs: request.timings.callTimeoutMs, ...(target.fallbackReason ? { fallbackReason: target.fallbackReason } : {}), ...(prompt.editedBy ? { promptEditedBy: prompt.editedBy } : {}), fork: callFork(request, site),
        }],
      ));
      // A try that died in flight may have been charged: its worst case counts against the money cap too.
      const costUsdMicros = (result.costUsdMicros ?? 0) + result.possiblyBilledAttempts * grant.costUsdMicros;
      // The caps of a Full run are for what it buys: answers taken over do not use them up. A Test stays as small as it must be.
      envelope.settle(grant, result.fromFork && stage === 'full' ? { inputTokens: 0, outputTokens: 0, costUsdMicros: 0 } : { ...result.usage, costUsdMicros });
      return result;
    } catch (error) {
      envelope.settle(grant, { inputTokens: 0, outputTokens: 0, costUsdMicros: possiblyBilled(error) * grant.costUsdMicros });
      throw error;
    }
  }

  /** In Full a call that the money does not cover waits: first for calls in flight, which may give something back, then for a
   * person. Every other cap is an outcome at once. */
  async #reserve(inputTokens: number, prompt: Prompt, { price }: Target): Promise<Grant> {
    const { envelope, stage, governor } = this.#room;
    for (;;) {
      try {
        return envelope.reserve(inputTokens, prompt.maxOutputTokens, price);
      } catch (error) {
        if (!(error instanceof CapReached) || error.cap !== 'cost' || stage !== 'full') throw error;
        const closed = envelope.closedGrants;
        if (envelope.openGrants > 0) await condition(() => envelope.closedGrants > closed);
        else await governor.budget.ask(envelope, error, { step: this.key, neededUsdMicros: envelope.neededFor(inputTokens, prompt.maxOutputTokens, price) });
      }
    }
  }
}

/** Tries of a failed call that the vendor may have charged, as the activity counted them. */
function possiblyBilled(error: unknown): number {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  const details = cause instanceof ApplicationFailure ? (cause.details?.[0] as { possiblyBilled?: number } | undefined) : undefined;
  return details?.possiblyBilled ?? 0;
}

/** Runs `work` over the items, at most `concurrency` at once, results in order. The first failure cancels the others and is
 * thrown only when all have ended, so nothing goes on unseen. */
export async function mapItems<T, R>(items: readonly T[], concurrency: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const failures: unknown[] = [];
  const scope = new CancellationScope({ cancellable: true });
  await scope.run(async () => {
    const lane = async (): Promise<void> => {
      while (next < items.length && failures.length === 0) {
        const index = next;
        next += 1;
        try {
          results[index] = await work(items[index] as T, index);
        } catch (error) {
          failures.push(error);
          scope.cancel();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane));
  });
  if (failures.length > 0) throw failures[0];
  return results;
}
