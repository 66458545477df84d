import type { z } from 'zod';
import { ToolProblem, type ToolContext } from '../tool.ts';
import { guardedFetch } from './guarded-fetch.ts';
import type { Resolve } from './url-guard.ts';

/** Reads the documented interfaces of public services behind the guard. A base URL that the admin set may be private: it,
 * and only it, joins the private hosts that may be reached. Redirects are checked like the first address. */
export interface ApiClientDeps { allowedPrivateHosts: readonly string[]; resolve?: Resolve | undefined }
export interface ApiCall { label: string; url: URL; context: ToolContext; maxBytes?: number; timeoutMs?: number; accept?: string }
export interface ApiClient {
  /** @returns null when the service says that there is no such thing (404, 410). @throws ToolProblem */
  bytes(call: ApiCall): Promise<Buffer | null>;
  text(call: ApiCall): Promise<string | null>;
  json<T>(call: ApiCall, schema: z.ZodType<T>): Promise<T | null>;
}

const MAX_BYTES = 4 * 1_048_576;
const TIMEOUT_MS = 12_000;

/** @param baseUrls  of the services, as configured */
export function createApiClient({ allowedPrivateHosts, resolve }: ApiClientDeps, baseUrls: readonly string[]): ApiClient {
  const hosts = [...allowedPrivateHosts, ...baseUrls.map((base) => new URL(base).host)];
  const bytes = async ({ label, url, context, maxBytes = MAX_BYTES, timeoutMs = TIMEOUT_MS, accept = 'application/json' }: ApiCall): Promise<Buffer | null> => {
    context.heartbeat?.({ service: label });
    const answer = await guardedFetch(url.href, { allowedPrivateHosts: hosts, grantedHosts: null, resolve, maxBytes, timeoutMs, accept, signal: context.signal });
    if (answer.status === 404 || answer.status === 410) return null;
    if (answer.status !== 200) throw refusal(label, answer.status);
    return answer.bytes;
  };
  const text = async (call: ApiCall): Promise<string | null> => (await bytes(call))?.toString('utf8') ?? null;
  return {
    bytes, text,
    async json(call, schema) {
      const body = await text(call);
      if (body === null) return null;
      let value: unknown;
      try { value = JSON.parse(body); } catch { throw new ToolProblem('unavailable', `${call.label} answered with something that is not JSON.`); }
      const parsed = schema.safeParse(value);
      if (!parsed.success) throw new ToolProblem('unavailable', `${call.label} answered in a form that is not known.`);
      return parsed.data;
    },
  };
}

function refusal(label: string, status: number): ToolProblem {
  if (status === 400 || status === 422) return new ToolProblem('failed', `${label} does not take this question (${status}).`);
  if (status === 429) return new ToolProblem('unavailable', `${label} asks to slow down (429).`);
  return new ToolProblem('unavailable', `${label} ${status === 401 || status === 403 ? 'refused the request' : 'cannot answer now'} (${status}).`);
}
