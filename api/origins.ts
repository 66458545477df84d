import type { Config } from '#platform/config';

/** The exact list of browser origins that may act here: the web, what CORS_ORIGINS adds, and our own docs page. On a local
 * machine localhost, 127.0.0.1 and [::1] are the same place. */
export function allowedOrigins(config: Pick<Config, 'AWP_ENV' | 'WEB_ORIGIN' | 'CORS_ORIGINS'>, apiPort: number): ReadonlySet<string> {
  const given = [config.WEB_ORIGIN, ...config.CORS_ORIGINS].map((origin) => new URL(origin).origin);
  if (config.AWP_ENV === 'production') return new Set(given);
  return new Set([...given, `http://127.0.0.1:${apiPort}`].flatMap(loopbackTwins));
}

/** Where Temporal Web runs: it may ask for decoded payloads, and nothing else. */
export function temporalWebOrigins(config: Pick<Config, 'AWP_ENV' | 'TEMPORAL_UI_URL'>): string[] {
  if (!config.TEMPORAL_UI_URL) return [];
  const { origin } = new URL(config.TEMPORAL_UI_URL);
  return config.AWP_ENV === 'production' ? [origin] : loopbackTwins(origin);
}

function loopbackTwins(origin: string): string[] {
  const url = new URL(origin);
  if (!isLoopback(url.hostname)) return [origin];
  return ['localhost', '127.0.0.1', '[::1]'].map((host) => `${url.protocol}//${host}${url.port ? `:${url.port}` : ''}`);
}

export const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname === '::1' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
