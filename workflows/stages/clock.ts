import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { CapReached } from './envelope.ts';

/** The active time of a stage: a durable timer that stands still while the run waits for a person, a budget or a provider.
 * Work that goes on in a parallel lane meanwhile is not counted. */
export class StageClock {
  readonly #seconds: number;
  #leftMs: number;
  #pauses = 0;

  constructor(seconds: number) {
    this.#seconds = seconds;
    this.#leftMs = seconds * 1000;
  }

  pause(): void {
    this.#pauses += 1;
  }

  resume(): void {
    this.#pauses -= 1;
  }

  /** @throws CapReached('seconds') once the work was active for the stage's seconds; it is cancelled first */
  async run(work: () => Promise<void>): Promise<void> {
    const outer = CancellationScope.current();
    const [stage, watch] = [new CancellationScope(), new CancellationScope()];
    let over = false;
    const watching = watch.run(() => this.#untilUsedUp()).then(() => { over = true; stage.cancel(); }, () => undefined);
    try {
      await stage.run(work);
    } catch (error) {
      if (over && isCancellation(error) && !outer.consideredCancelled) throw new CapReached('seconds', this.#seconds, this.#seconds);
      throw error;
    } finally {
      watch.cancel();
      await watching;
    }
  }

  async #untilUsedUp(): Promise<void> {
    while (this.#leftMs > 0) {
      await condition(() => this.#pauses === 0);
      const began = Date.now();
      await condition(() => this.#pauses > 0, this.#leftMs);
      this.#leftMs -= Date.now() - began;
    }
  }
}
