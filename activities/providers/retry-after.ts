/** How long the vendor asks us to wait.
 * @param headers of the answer; `retry-after-ms` goes before `retry-after` (seconds, or an HTTP date)
 * @param now     ms since the epoch
 * @returns ms, or undefined when nothing (or nonsense) is said */
export function retryAfterMs(headers: Headers, now: number = Date.now()): number | undefined {
  const exact = nonNegative(headers.get('retry-after-ms'));
  if (exact !== undefined) return exact;
  const said = headers.get('retry-after')?.trim();
  if (!said) return undefined;
  if (/^-\d/.test(said)) return undefined;
  const seconds = nonNegative(said);
  if (seconds !== undefined) return Math.ceil(Number(said) * 1000);
  const at = Date.parse(said);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Google's RetryInfo in an error body: a protobuf duration such as "12s" or "0.5s". @returns ms */
export function durationMs(text: string | null | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)s$/.exec(text?.trim() ?? '');
  return match ? Math.ceil(Number(match[1]) * 1000) : undefined;
}

function nonNegative(text: string | null): number | undefined {
  if (text === null || !/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return undefined;
  return Math.ceil(Number(text));
}
