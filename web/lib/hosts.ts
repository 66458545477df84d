/** Host of a web address; null for anything a link must not open. */
export function hostOf(url: string): string | null {
  try { const { protocol, host } = new URL(url); return protocol === 'https:' || protocol === 'http:' ? host : null; } catch { return null; }
}
