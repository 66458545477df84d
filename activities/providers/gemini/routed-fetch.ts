import { AsyncLocalStorage } from 'node:async_hooks';
import type { Fetch } from '../exchange.ts';

/** `@google/generative-ai` takes no fetch: it calls the global one, and its errors lose the headers. So the global fetch is
 * replaced once by one that hands a call made inside `withFetch` to that call's own fetch, and leaves every other alone. */
const own = new AsyncLocalStorage<Fetch>();
let installed: Fetch | undefined;

export function withFetch<T>(fetch: Fetch, work: () => T): T {
  if (globalThis.fetch !== installed) {
    const original = globalThis.fetch;
    installed = (input, init) => (own.getStore() ?? original)(input, init);
    globalThis.fetch = installed;
  }
  return own.run(fetch, work);
}

/** For the adapter's own fetch: outside of any `withFetch`, so that a default of the global fetch does not call itself. */
export function outsideOfCalls(fetch: Fetch): Fetch {
  return (input, init) => own.exit(() => fetch(input, init));
}
