/** Dollars as a person types them, in micro-dollars; null when it is no amount of money. */
export function parseDollars(text: string): number | null {
  const cleaned = text.trim().replace(/^\$/, '');
  if (!/^\d{1,4}(\.\d{1,6})?$/.test(cleaned)) return null;
  const micros = Math.round(Number(cleaned) * 1_000_000);
  return micros > 0 ? micros : null;
}

/** A new budget worth proposing: twice the old one, and at least what the next call needs, in whole cents. */
export function proposedDollars(limitUsdMicros: number, neededUsdMicros: number): string {
  return (Math.ceil(Math.max(limitUsdMicros * 2, neededUsdMicros + 1) / 10_000) / 100).toFixed(2);
}
