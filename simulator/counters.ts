import { EventEmitter } from 'node:events';

/** What the tests read: how often each call came, and what became of it. */
export interface Counters {
  /** model calls received */
  total: number;
  healthChecks: number;
  /** model calls answered to the end */
  completed: number;
  /** model calls whose client went away before the end */
  aborted: number;
  inFlight: number;
  peakInFlight: number;
  /** by X-Client-Request-Id; kept only with `control` on */
  byRequestId: Record<string, number>;
}

export interface SeenRequest { vendor: string; path: string; headers: Record<string, string | string[] | undefined>; body: unknown }

const MAX_SEEN = 500;

export class CallLog {
  readonly seen: SeenRequest[] = [];
  counters: Counters = emptyCounters();
  readonly #keep: boolean;
  readonly #changes = new EventEmitter().setMaxListeners(0);

  constructor(keep: boolean) {
    this.#keep = keep;
  }

  /** Counts a model call in. @returns the function that counts it out, once */
  begin(requestId: string, request: SeenRequest): (outcome: 'completed' | 'aborted' | 'failed') => void {
    const { counters } = this;
    counters.total += 1;
    counters.inFlight += 1;
    counters.peakInFlight = Math.max(counters.peakInFlight, counters.inFlight);
    if (this.#keep) {
      if (requestId) counters.byRequestId[requestId] = (counters.byRequestId[requestId] ?? 0) + 1;
      this.seen.push(request);
      if (this.seen.length > MAX_SEEN) this.seen.shift();
    }
    this.#changes.emit('change');
    let open = true;
    return (outcome) => {
      if (!open) return;
      open = false;
      counters.inFlight -= 1;
      if (outcome !== 'failed') counters[outcome] += 1;
      this.#changes.emit('change');
    };
  }

  countHealthCheck(request: SeenRequest): void {
    this.counters.healthChecks += 1;
    if (this.#keep) this.seen.push(request);
    this.#changes.emit('change');
  }

  reset(): void {
    this.counters = emptyCounters();
    this.seen.length = 0;
  }

  /** Resolves as soon as `check` holds; looked at on each change. @throws Error after `timeoutMs` (ms) */
  async until(check: (counters: Counters) => boolean, timeoutMs = 15_000): Promise<void> {
    if (check(this.counters)) return;
    await new Promise<void>((resolve, reject) => {
      const done = (act: () => void) => { clearTimeout(timer); this.#changes.off('change', look); act(); };
      const timer = setTimeout(() => { done(() => { reject(new Error(`the simulator's counters did not get there: ${JSON.stringify(this.counters)}`)); }); }, timeoutMs);
      const look = () => { if (check(this.counters)) done(resolve); };
      this.#changes.on('change', look);
    });
  }
}

function emptyCounters(): Counters {
  return { total: 0, healthChecks: 0, completed: 0, aborted: 0, inFlight: 0, peakInFlight: 0, byRequestId: Object.create(null) as Record<string, number> };
}
