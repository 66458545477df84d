import { hostOf } from '#platform/public-address';
import { ToolProblem, type ToolContext } from './tool.ts';
import { createRobots } from './net/robots.ts';
import { guardedFetch, type FetchedDocument } from './net/guarded-fetch.ts';
import { type Resolve } from './net/url-guard.ts';

export interface ReadDocumentDeps { allowedPrivateHosts: readonly string[]; resolve?: Resolve; now?: () => number }
export interface ReadDocumentOptions { maxBytes: number; timeoutMs: number; accept: string; types: readonly string[]; wanted: string }
export type ReadDocument = (address: string, options: ReadDocumentOptions, context: ToolContext) => Promise<FetchedDocument>;

const MAX_ROBOTS_BYTES = 524_288;

/** Fetches one public document behind the guard, asks robots.txt before each hop, and judges status and content type.
 * @throws ToolProblem with the sentence for the person */
export function createReadDocument({ allowedPrivateHosts, resolve, now }: ReadDocumentDeps): ReadDocument {
  const robots = createRobots(now);
  return async (address, { maxBytes, timeoutMs, accept, types, wanted }, { signal, capabilities, heartbeat }) => {
    const common = { allowedPrivateHosts, grantedHosts: capabilities.hosts, resolve, timeoutMs, signal };
    const document = await guardedFetch(address, {
      ...common, maxBytes, accept,
      beforeHop: async (url) => {
        heartbeat?.({ host: hostOf(url) });
        await robots.check(url, (place) => guardedFetch(place, { ...common, maxBytes: MAX_ROBOTS_BYTES, accept: 'text/plain' }));
      },
    });
    const host = hostOf(new URL(document.url));
    if (document.status === 404 || document.status === 410) throw new ToolProblem('failed', `${host} has no such page (${document.status}).`);
    if (document.status === 429 || document.status >= 500) throw new ToolProblem('unavailable', `${host} cannot answer now (${document.status}).`);
    if (document.status !== 200) throw new ToolProblem('failed', `${host} does not give this page (${document.status}).`);
    if (!types.includes(document.contentType)) throw new ToolProblem('failed', `${host} sent ${document.contentType || 'an unnamed type'}; ${wanted} can be read.`);
    return document;
  };
}
