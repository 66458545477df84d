import { TEXT_DELTA_BATCH_MS } from '#contracts/limits';

/** Collects streamed text and hands it on at most every 100 ms, one batch at a time, in order. A batch that cannot be written
 * is dropped and reported: the live view may skip, the answer never does, for the final event holds the whole text. */
export class TextDeltas {
  #buffer = '';
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #batches = 0;
  readonly #write: (text: string, batch: number) => Promise<void>;
  readonly #onError: (error: unknown) => void;

  constructor(write: (text: string, batch: number) => Promise<void>, onError: (error: unknown) => void) {
    this.#write = write;
    this.#onError = onError;
  }

  push(text: string): void {
    this.#buffer += text;
    this.#timer ??= setTimeout(() => this.#flush(), TEXT_DELTA_BATCH_MS);
  }

  /** Drops what is not yet written and waits for the write under way, so that nothing comes after the final event. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#buffer = '';
    await this.#writing;
  }

  #flush(): void {
    this.#timer = undefined;
    this.#writing = this.#writing.then(async () => {
      const text = this.#buffer;
      this.#buffer = '';
      if (text) await this.#write(text, (this.#batches += 1)).catch(this.#onError);
    });
  }
}
