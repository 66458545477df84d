import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 5_000_000;
const TAIL_LINES = 15;

/** One service's log: bounded on disk (5 MB and one older file of 5 MB), the last lines kept in memory for error messages. */
export class LogFile {
  readonly path: string;
  #bytes: number;
  #tail: string[] = [];
  #rest = '';

  constructor(path: string) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(chunk: string): void {
    if (this.#bytes + chunk.length > MAX_BYTES) {
      renameSync(this.path, `${this.path}.1`);
      this.#bytes = 0;
    }
    appendFileSync(this.path, chunk, { mode: 0o600 });
    this.#bytes += Buffer.byteLength(chunk);
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    this.#tail = [...this.#tail, ...lines.filter((line) => line.trim() !== '')].slice(-TAIL_LINES);
  }

  /** The last lines written, newest last. */
  tail(count = TAIL_LINES): string[] {
    const lines = this.#rest.trim() === '' ? this.#tail : [...this.#tail, this.#rest];
    return lines.slice(-count);
  }

  clearTail(): void {
    this.#tail = [];
    this.#rest = '';
  }
}
