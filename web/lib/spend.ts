const DAY_MS = 86_400_000;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The month of a moment so far, as days in UTC: the ledger counts in UTC. */
export function monthSpan(now: Date): { from: string; to: string } {
  return { from: dayOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)), to: dayOf(now.getTime()) };
}

/** What the month may cost at the pace so far, in micro-dollars; null on its first day, which tells nothing yet. */
export function forecast(spentUsdMicros: number, now: Date): number | null {
  const begin = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  const passed = now.getTime() - begin;
  return passed < DAY_MS ? null : Math.round((spentUsdMicros * (end - begin)) / passed);
}

/** Every day of a span, also those without a row, so that a chart shows gaps as gaps. @param to  inclusive */
export function daysOf(from: string, to: string): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => dayOf(Date.parse(from) + index * DAY_MS));
}
