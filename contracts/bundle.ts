/** The file that `awp runs export` makes: one zip with a run as it was, for another machine or another year. The API writes
 * it, the CLI opens it; both read the names here. */
export const BUNDLE_FORMAT = 'awp-run-bundle';
/** Raised when an older reader would misread the file; new optional entries do not raise it. */
export const BUNDLE_VERSION = 1;

export const BUNDLE_ENTRIES = { manifest: 'manifest.json', run: 'run.json', events: 'events.jsonl', ledger: 'ledger.json', history: 'history.json', artifacts: 'artifacts/' } as const;

/** `manifest.json`, as written: snake_case. */
export interface BundleManifest {
  format: typeof BUNDLE_FORMAT;
  format_version: number;
  product_version: string;
  /** ISO 8601, UTC */
  exported_at: string;
  run_id: string;
  workflow_id: string;
  workflow_version: number;
  simulated: boolean;
  /** every other entry of the archive; `sha256` in hex, of the bytes as they are in it */
  entries: { name: string; sha256: string; bytes: number }[];
  /** what belongs in a bundle and is not in this one, and why */
  missing: { name: string; reason: string }[];
  /** how many parts (entries, history payloads) held something that looks like a key, now starred; files are kept byte for byte */
  masked: number;
}

/** One row of `ledger.json`: a call as it was asked and answered, with every try. Money in micro-dollars. */
export interface BundleLedgerRow {
  stage: string; step: string; ordinal: number; request_digest: string; provider: string; model: string; model_served: string | null; state: string;
  finish_reason: string | null; fallback_reason: string | null; input_tokens: number | null; output_tokens: number | null; cost_usd_micros: number | null; max_output_tokens: number;
  request: unknown; answer: unknown; created_at: string; completed_at: string | null;
  attempts: { attempt: number; state: string; error_code: string | null; error_detail: string | null; worst_cost_usd_micros: number | null; started_at: string; ended_at: string | null }[];
}
