/** What a test may make the simulator do instead of answering. The first rule that matches a model call fires. */
export type Fault =
  /** an error status in the vendor's shape; `body` replaces the shape, `reason` picks one of wire.ts REASONS */
  | { kind: 'status'; status: number; reason?: string; headers?: Record<string, string>; body?: unknown }
  /** the spending limit: a 429 without Retry-After */
  | { kind: 'quota' }
  | { kind: 'context-too-long' }
  /** the model declines (`model`), or the vendor's filter stops the prompt (`prompt`) or the answer (`filter`) */
  | { kind: 'refusal'; by?: 'model' | 'prompt' | 'filter' }
  /** accepts and sends nothing; `afterFrames` sends some frames first and then stalls */
  | { kind: 'hang'; afterFrames?: number }
  /** the normal answer, one byte each `everyMs` */
  | { kind: 'slow-drip'; everyMs: number }
  /** stops before the end: cleanly closed, or the socket destroyed */
  | { kind: 'truncated'; afterFrames?: number; destroy?: boolean }
  /** an error event in the stream after a 200 */
  | { kind: 'error-event'; afterFrames?: number; reason?: string; status?: number }
  | { kind: 'malformed-json' }
  | { kind: 'html' }
  | { kind: 'wrong-schema' }
  | { kind: 'huge-body'; bytes: number }
  | { kind: 'disconnect' }
  /** fixed answers; `whole`: also beyond the tokens that were asked for */
  | { kind: 'text'; text: string; finish?: 'stop' | 'length'; whole?: boolean }
  | { kind: 'tool-call'; name: string; arguments: Record<string, unknown> }
  /** the normal answer, later */
  | { kind: 'latency'; ms: number };

export interface FaultRule {
  fault: Fault;
  /** all given parts must match; `requestId` may end in `*`; `health` = the list of models instead of model calls */
  match?: { requestId?: string; model?: string; vendor?: string; health?: boolean };
  /** fires from the nth matching call on (1 = the first, the default) … */
  nth?: number;
  /** … and this many times (default 1; 0 = for ever) */
  times?: number;
}

export interface CallFacts { requestId: string; model: string; vendor: string; health: boolean }

/** Holds the rules in order and counts how often each has matched. */
export class FaultScript {
  #rules: { rule: FaultRule; seen: number; fired: number }[] = [];

  add(...rules: FaultRule[]): void {
    for (const rule of rules) this.#rules.push({ rule, seen: 0, fired: 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  next(call: CallFacts): Fault | null {
    let chosen: Fault | null = null;
    for (const entry of this.#rules) {
      if (!matches(entry.rule, call)) continue;
      entry.seen += 1;
      const { nth = 1, times = 1 } = entry.rule;
      if (chosen || entry.seen < nth || (times > 0 && entry.fired >= times)) continue;
      entry.fired += 1;
      chosen = entry.rule.fault;
    }
    return chosen;
  }
}

function matches({ match = {} }: FaultRule, call: CallFacts): boolean {
  if ((match.health ?? false) !== call.health) return false;
  if (match.model !== undefined && match.model !== call.model) return false;
  if (match.vendor !== undefined && match.vendor !== call.vendor) return false;
  if (match.requestId === undefined) return true;
  return match.requestId.endsWith('*') ? call.requestId.startsWith(match.requestId.slice(0, -1)) : call.requestId === match.requestId;
}
