import type { Problem } from '#contracts/api/common.schema';
import { ERRORS, isErrorCode } from '#contracts/errors';
import { LIST_LIMIT_MAX } from '#contracts/limits';
import { allPages } from '#contracts/next-page';

/** Any failed request, as an RFC 9457 problem (worded by this client when the request never arrived). */
export class ApiError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }
  /** What the person can do next, one sentence. */
  get remedy(): string { return this.problem.remedy ?? ERRORS[this.problem.code].remedy; }
}

/** Words for a request that got no problem document: the API is away, or something between answered for it. */
export function unreachable(status: number): Problem {
  const code = status === 0 || status >= 500 ? 'ServiceUnavailable' : 'Internal';
  return { type: 'about:blank', title: ERRORS[code].title, status, code, detail: status === 0 ? 'The API did not answer.' : `The API could not be reached (HTTP ${status}).` };
}

/** Reads a failed response into a problem; anything that is not a problem document gets honest words instead. */
export async function readProblem(response: Response): Promise<Problem> {
  return problemOf(await response.text().catch(() => ''), response.status, response.headers.get('x-request-id'));
}

export function problemOf(text: string, status: number, requestId: string | null): Problem {
  try {
    const body = JSON.parse(text) as Partial<Problem>;
    if (typeof body.title === 'string' && isErrorCode(body.code)) return { ...body, status } as Problem;
  } catch { /* not JSON: handled below */ }
  return { ...unreachable(status), request_id: requestId ?? undefined };
}

export interface ApiRequest { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal }

/** Calls the API on this origin (web/proxy.ts forwards it).
 * @throws ApiError with the problem; AbortError when the caller aborts */
export async function apiResponse(path: string, { method = 'GET', body, headers, signal }: ApiRequest = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method, signal, credentials: 'same-origin', cache: 'no-cache',
      headers: { accept: 'application/json, application/problem+json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(unreachable(0));
  }
  if (!response.ok) throw new ApiError(await readProblem(response));
  return response;
}

export async function api<T>(path: string, request?: ApiRequest): Promise<T> {
  const response = await apiResponse(path, request);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Every row of a list, a page after the other: for lists that a person reads whole. */
export async function apiAll<Row>(path: string, signal: AbortSignal): Promise<Row[]> {
  return allPages<Row>(`${path}?limit=${LIST_LIMIT_MAX}`, async (page) => {
    const response = await apiResponse(page, { signal });
    return { rows: await response.json() as Row[], link: response.headers.get('link') };
  });
}

/** Builds a query string, leaving out what is empty. */
export function queryString(parameters: Record<string, string | number | null | undefined>): string {
  const entries = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString()}`;
}
