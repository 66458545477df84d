/** Where to go after signing in: only a path of this site, never another host. */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith('/')) return '/';
  const url = new URL(next, 'http://here.invalid');
  return url.origin === 'http://here.invalid' && !url.pathname.startsWith('/sign-in') ? url.pathname + url.search + url.hash : '/';
}
