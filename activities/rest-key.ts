import type { CompleteRequest } from '#contracts/workflow';
import { restKey } from '#platform/repositories/provider-keys';
import { baseUrlHash, type ResolvedSecret } from '#platform/secrets/secret-store';
import type { ActivityDeps } from './deps.ts';
import { ProviderError } from './providers/provider.ts';

/** Where the vendor does not say how long. */
const REST_MS = 60_000;
const LONGEST_REST_MS = 3_600_000;

/** After a 429 a person's key rests for as long as the vendor asked, and their other keys take its calls: with one awake the call
 * is tried again without waiting for this one. A spending limit is another matter (ProviderQuota): resting does not help.
 * @returns what to fail the try with */
export async function restKeyAfter(deps: ActivityDeps, request: Pick<CompleteRequest, 'userId' | 'provider'>, secret: ResolvedSecret | Error | null, error: unknown): Promise<unknown> {
  if (!(error instanceof ProviderError) || error.code !== 'ProviderRateLimited' || secret === null || secret instanceof Error || secret.keyId === null) return error;
  const restMs = Math.min(Math.max(error.retryAfterMs ?? REST_MS, 1000), LONGEST_REST_MS);
  try {
    const another = await restKey(deps.db, request.userId, secret.keyId, restMs, baseUrlHash(deps.config, request.provider));
    return another ? new ProviderError(error.code, `${error.detail}; this key rests and another one takes over`, { uncharged: error.uncharged, cause: error }) : error;
  } catch (problem) {
    deps.logger.warn({ err: problem }, 'the rest of a key was not recorded');
    return error;
  }
}
