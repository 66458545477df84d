import { redact } from '#platform/redact';

/** Stars whatever looks like a key in the texts of a bundle, and counts the places. No key is ever written into run, events,
 * ledger or history by us; but a person may have typed one into a form. Key shapes hold no quote and no backslash, so JSON
 * stays JSON. */
export class TextMask {
  masked = 0;

  /** @param text  JSON or JSON lines */
  text(text: string): string {
    const clean = redact(text) as string;
    if (clean !== text) this.masked += 1;
    return clean;
  }

  /** A Temporal history as JSON keeps its payloads in base64: they are opened, masked and closed again. Lengths may change;
   * replay does not look at them. */
  history(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.history(item));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value).map(([name, item]): [string, unknown] => {
      const payload = name === 'data' && typeof item === 'string' && 'metadata' in value;
      return [name, payload ? this.#payload(item) : this.history(item)];
    });
    return Object.fromEntries(entries);
  }

  #payload(base64: string): string {
    const bytes = Buffer.from(base64, 'base64');
    const text = bytes.toString('utf8');
    if (!Buffer.from(text, 'utf8').equals(bytes)) return base64; // not text (an encrypted payload): there is nothing to see
    const clean = this.text(text);
    return clean === text ? base64 : Buffer.from(clean, 'utf8').toString('base64');
  }
}
