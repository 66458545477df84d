/** What PostgreSQL takes as JSON: it refuses U+0000 and halves of a surrogate pair, both of which a model, a tool or a web page can
 * send. Pure and without imports: the sandbox uses it.
 * @returns the same value when nothing is to do; else a copy, without U+0000 and with U+FFFD for a half, in keys too */
export function jsonSafe<T>(value: T): T {
  return cleaned(value) as T;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? value.replaceAll('\0', '').toWellFormed() : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(cleaned);
    return items.some((item, index) => !Object.is(item, value[index])) ? items : value;
  }
  const entries = Object.entries(value);
  const kept = entries.map(([key, child]) => [cleaned(key), cleaned(child)] as [string, unknown]);
  return kept.some(([key, child], index) => key !== entries[index]?.[0] || !Object.is(child, entries[index]?.[1])) ? Object.fromEntries(kept) : value;
}
