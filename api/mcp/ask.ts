import type { Request } from 'express';
import { CodedError } from '#platform/coded-error';
import type { Deps } from '../deps.ts';
import { HANDLED, type Answer, type Endpoint } from '../endpoint.ts';
import { perform, type Caller } from '../pipeline.ts';

interface Question { params?: Record<string, string>; query?: Record<string, string | number | undefined>; body?: unknown; headers?: Record<string, string> }

/** How a tool asks endpoints of the API: with the caller's own rights, limits and audit log, as if the caller had asked them by HTTP. */
export interface Ask {
  /** @returns the answer's body @throws CodedError as the endpoint does */
  one<Body>(endpoint: Endpoint, question: Question): Promise<Body>;
  list(endpoint: Endpoint, query: Question['query']): Promise<{ rows: unknown; total: number }>;
  /** of the web app */
  pageUrl(path: string): string;
}

export function createAsk(deps: Deps, caller: Caller): Ask {
  const origin = new URL(deps.config.WEB_ORIGIN).origin;
  const answerOf = async (endpoint: Endpoint, { params = {}, query = {}, body, headers }: Question): Promise<Answer> => {
    const written = Object.fromEntries(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
    const answer = await perform(deps, endpoint, { ...caller, req: headers ? withHeaders(caller.req, headers) : caller.req }, { params, query: written, body: () => Promise.resolve(body) });
    if (answer === HANDLED) throw new CodedError('Internal', 'This endpoint answers by itself.');
    return answer;
  };
  return {
    async one<Body>(endpoint: Endpoint, question: Question) { return (await answerOf(endpoint, question)).body as Body; },
    async list(endpoint, query) {
      const { body, headers } = await answerOf(endpoint, { query: query ?? {} });
      return { rows: body, total: Number(headers?.['X-Total-Count']) };
    },
    pageUrl: (path) => `${origin}${path}`,
  };
}

/** The same request with some headers of the tool's own. */
function withHeaders(req: Request, headers: Record<string, string>): Request {
  const get = (name: string): unknown => headers[name.toLowerCase()] ?? req.get(name);
  return Object.create(req, { get: { value: get } }) as Request;
}
