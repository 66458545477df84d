/** Numbers, money and time as a person reads them. One locale for the interface's English; time zones are the reader's own. */
const LOCALE = 'en-GB';
const integer = new Intl.NumberFormat(LOCALE);
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** @param micros millionths of a dollar; null = price unknown, never shown as 0 */
export function formatCost(micros: number | null): string {
  if (micros === null) return 'price unknown';
  if (micros === 0) return '$0.00';
  const dollars = micros / 1_000_000;
  if (dollars < 0.0001) return '< $0.0001';
  if (dollars < 0.01) return `$${dollars.toFixed(4)}`;
  return `$${dollars.toFixed(2)}`;
}

/** A budget, or what is used of one: under a dollar with the digits that tell two of them apart. */
export function formatBudget(micros: number | null): string {
  if (micros === null || micros >= 1_000_000) return formatCost(micros);
  return `$${(micros / 1_000_000).toFixed(4).replace(/0{1,2}$/, '')}`;
}

export function formatTokens(tokens: number): string {
  return tokens < 10_000 ? integer.format(tokens) : compact.format(tokens);
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${integer.format(count)} ${count === 1 ? one : many}`;
}

/** Milliseconds as `820 ms`, `4.2 s`, `2 min 05 s`, `1 h 02 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A difference with its sign, `+1.2 s` or `−$0.02`. @param format  of the amount without its sign */
export function signed(difference: number, format: (amount: number) => string): string {
  return `${difference < 0 ? '−' : '+'}${format(Math.abs(difference))}`;
}

/** Elapsed clock for a header: `0:07`, `12:40`, `1:02:03`. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  const tail = `${hours > 0 ? String(minutes).padStart(2, '0') : minutes}:${String(rest).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `just now`, `4 min ago`, `3 h ago`, `yesterday`, `12 Nov`. The absolute time belongs in a title beside it. */
export function formatRelative(iso: string, now: number): string {
  const age = now - Date.parse(iso);
  if (age < 45_000) return age < 10_000 ? 'just now' : `${Math.round(age / 1000)} s ago`;
  const minutes = Math.round(age / 60_000);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(age / 3_600_000);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.round(age / 86_400_000);
  if (days === 1) return 'yesterday';
  if (days < 7) return `${days} days ago`;
  return new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', ...(days > 300 ? { year: 'numeric' } : {}) }).format(new Date(iso));
}

/** The zone of times where a caller names none; undefined = where the reader is. One switch for all pages (preferences). */
let zoneOfReader: string | undefined;
export function writeTimesIn(zone: string | undefined): void { zoneOfReader = zone; }

/** Date, time to the second and zone, for hovers and details. */
export function formatAbsolute(iso: string, timeZone = zoneOfReader): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'long', timeZone }).format(new Date(iso));
}

/** A day in words, `3 Dec 2026`: figures alone are read as another day elsewhere. */
export function formatDay(iso: string, timeZone = zoneOfReader): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone }).format(new Date(iso));
}

export function formatTimeOfDay(iso: string, timeZone = zoneOfReader): string {
  return new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone }).format(new Date(iso));
}

/** `learn_agentic_ai` → `Learn agentic ai`; used only where no title comes with a value. */
export function humanize(identifier: string): string {
  const words = inWords(identifier);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const SHORT_FORMS = new Set(['ai', 'api', 'csv', 'gpt', 'html', 'id', 'js', 'json', 'ml', 'pdf', 'sql', 'svg', 'url', 'usd']);

/** The same in the middle of a sentence: `fetch_url` → `fetch URL`. */
export function inWords(identifier: string): string {
  const words = identifier.replaceAll(/[_-]+/g, ' ').replaceAll(/([a-z])([A-Z])/g, '$1 $2').trim().toLowerCase();
  return words.split(' ').map((word) => (SHORT_FORMS.has(word) ? word.toUpperCase() : word)).join(' ');
}

/** Long ids keep head and tail. */
export function middleTruncate(text: string, head = 8, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

/** One line for a value of a run's inputs. */
export function inputText(value: unknown): string {
  if (Array.isArray(value)) return value.map(inputText).join(', ');
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === undefined ? '–' : JSON.stringify(value);
}
