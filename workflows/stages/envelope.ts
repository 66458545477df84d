import type { Message } from '#contracts/providers';
import type { Cap } from '#contracts/runs';
import { callCost, type Price } from '#contracts/cost';
import type { Caps } from '#contracts/workflow';

/** The envelope of one stage (guarantee G3): a deterministic counter in workflow state. A call reserves its worst case
 * before it starts and settles with what it used, so that parallel steps together can never overshoot. */
export interface Grant { readonly inputTokens: number; readonly maxOutputTokens: number; readonly costUsdMicros: number }
export interface Used { inputTokens: number; outputTokens: number; costUsdMicros: number | null }

/** An answer shorter than this is of no use: below it the cap counts as reached. */
const MIN_OUTPUT_TOKENS = 16;

/** Thrown by `reserve` and `turn`; the stage turns it into `cap_reached` with the work so far kept. */
export class CapReached extends Error {
  readonly cap: Cap;
  readonly limit: number;
  readonly used: number;
  constructor(cap: Cap, limit: number, used: number) {
    super(`cap reached: ${cap}`);
    this.name = 'CapReached';
    this.cap = cap;
    this.limit = limit;
    this.used = used;
  }
}

export class Envelope {
  caps: Readonly<Caps>;
  readonly price: Price | null;
  #settled: { inputTokens: number; outputTokens: number; costUsdMicros: number };
  #open = new Set<Grant>();
  #turns = 0;
  #closed = 0;

  /** @param spentUsdMicros what the run has spent before this stage: the money cap is the run's */
  constructor(caps: Caps, price: Price | null, spentUsdMicros = 0) {
    this.caps = caps;
    this.price = price;
    this.#settled = { inputTokens: 0, outputTokens: 0, costUsdMicros: spentUsdMicros };
  }

  /** Tokens and micro-dollars used or promised. */
  committed(): { inputTokens: number; outputTokens: number; costUsdMicros: number } {
    const sum = { ...this.#settled };
    for (const grant of this.#open) {
      sum.inputTokens += grant.inputTokens;
      sum.outputTokens += grant.maxOutputTokens;
      sum.costUsdMicros += grant.costUsdMicros;
    }
    return sum;
  }

  /** Takes the worst case of one call out of what is left; output tokens are clamped to it.
   * @param inputTokens estimated, see estimateInputTokens @param price of the model that is called, the stage's when left out
   * @throws CapReached when the call cannot fit */
  reserve(inputTokens: number, wantedOutputTokens: number, price: Price | null = this.price): Grant {
    const used = this.committed();
    const { caps } = this;
    if (used.inputTokens + inputTokens > caps.inputTokens) throw new CapReached('input_tokens', caps.inputTokens, used.inputTokens);
    const output = Math.min(wantedOutputTokens, caps.outputTokens - used.outputTokens);
    if (output < Math.min(MIN_OUTPUT_TOKENS, wantedOutputTokens)) throw new CapReached('output_tokens', caps.outputTokens, used.outputTokens);
    const maxOutputTokens = this.#affordable(inputTokens, output, used.costUsdMicros, price);
    const grant: Grant = { inputTokens, maxOutputTokens, costUsdMicros: callCost(price, inputTokens, maxOutputTokens) ?? 0 };
    this.#open.add(grant);
    return grant;
  }

  #affordable(inputTokens: number, output: number, spent: number, price: Price | null): number {
    const { caps } = this;
    if (caps.costUsdMicros === null || !price) return output;
    const left = caps.costUsdMicros - spent - (callCost(price, inputTokens, 0) ?? 0);
    const fits = price.output === 0 ? (left >= 0 ? output : 0) : Math.min(output, Math.floor((left * 1_000_000) / price.output));
    if (left < 0 || fits < Math.min(MIN_OUTPUT_TOKENS, output)) throw new CapReached('cost', caps.costUsdMicros, spent);
    return fits;
  }

  /** Replaces the reservation by what the call really used. */
  settle(grant: Grant, used: Used): void {
    if (!this.#open.delete(grant)) return;
    this.#closed += 1;
    this.#settled.inputTokens += used.inputTokens;
    this.#settled.outputTokens += used.outputTokens;
    this.#settled.costUsdMicros += used.costUsdMicros ?? 0;
  }

  /** A call that was not made or failed without usage gives its reservation back. */
  release(grant: Grant): void {
    if (this.#open.delete(grant)) this.#closed += 1;
  }

  /** Takes back what was settled for tries that the same call will count again. */
  refund({ costUsdMicros }: Pick<Grant, 'costUsdMicros'>): void {
    this.#settled.costUsdMicros -= costUsdMicros;
  }

  /** A person gave more money. Only upward: what is promised stays covered. */
  raiseCost(costUsdMicros: number): void {
    if (costUsdMicros > (this.caps.costUsdMicros ?? Infinity)) this.caps = { ...this.caps, costUsdMicros };
  }

  /** calls that have started and not settled; each may give something back */
  get openGrants(): number {
    return this.#open.size;
  }

  /** grows with each call that settled or gave back */
  get closedGrants(): number {
    return this.#closed;
  }

  /** The least money cap that lets this call start with an answer of use, micro-dollars. */
  neededFor(inputTokens: number, wantedOutputTokens: number, price: Price | null = this.price): number {
    return this.committed().costUsdMicros + (callCost(price, inputTokens, Math.min(MIN_OUTPUT_TOKENS, wantedOutputTokens)) ?? 0);
  }

  /** Counts one turn of an agent loop. @throws CapReached before a turn beyond the cap */
  turn(): void {
    if (this.#turns >= this.caps.iterations) throw new CapReached('iterations', this.caps.iterations, this.#turns);
    this.#turns += 1;
  }
}

/** Estimated input tokens: one token per three UTF-8 bytes and eight per message, on the safe side for prose and code. */
export function estimateInputTokens(messages: readonly Message[]): number {
  const encoder = new TextEncoder();
  return messages.reduce((sum, message) => sum + Math.ceil(encoder.encode(message.content).length / 3) + 8, 0);
}
