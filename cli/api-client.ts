import type { Problem } from '#contracts/api/common.schema';
import { isErrorCode } from '#contracts/errors';
import { LIST_LIMIT_MAX } from '#contracts/limits';
import { allPages } from '#contracts/next-page';
import { ApiError, CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import type { Target } from './config.ts';

const TIMEOUT_MS = 30_000;
export interface RequestOptions { query?: Record<string, string | number | undefined>; body?: unknown; headers?: Record<string, string>; signal?: AbortSignal; /** for streams and downloads: no limit on the whole answer */ unbounded?: boolean }

/** The API over HTTP. Answers are typed by contracts/api; a refusal becomes an ApiError. Redirects are not followed: the token
 * goes to the address that was named and nowhere else. */
export class ApiClient {
  readonly target: Target;
  readonly #notice: (line: string) => void;

  constructor(target: Target, notice: (line: string) => void = () => undefined) {
    this.target = target;
    this.#notice = notice;
  }

  async get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return (await this.send('GET', path, options)).json() as Promise<T>;
  }

  /** Every row of a list, a page after the other. */
  async getAll<Row>(path: string): Promise<Row[]> {
    return allPages<Row>(`${path}?limit=${LIST_LIMIT_MAX}`, async (page) => {
      const response = await this.send('GET', page);
      return { rows: await response.json() as Row[], link: response.headers.get('link') };
    });
  }

  async post<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return (await this.send('POST', path, options)).json() as Promise<T>;
  }

  async put<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return (await this.send('PUT', path, options)).json() as Promise<T>;
  }

  /** @throws ApiError for a problem, CliError when nobody answers */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const query = Object.entries(options.query ?? {}).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
    const address = `${this.target.url}${path}${query.length > 0 ? `?${new URLSearchParams(Object.fromEntries(query.map(([name, value]) => [name, String(value)])))}` : ''}`;
    const timeout = options.unbounded ? [] : [AbortSignal.timeout(TIMEOUT_MS)];
    const signals = [...timeout, ...(options.signal ? [options.signal] : [])];
    let response: Response;
    try {
      response = await fetch(address, {
        method, redirect: 'error', signal: signals.length > 0 ? AbortSignal.any(signals) : null, ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        headers: { Accept: 'application/json, application/problem+json', ...(this.target.token ? { Authorization: `Bearer ${this.target.token}` } : {}), ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }), ...options.headers },
      });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      if (error instanceof DOMException && error.name === 'TimeoutError') throw new CliError(`${this.target.url} did not answer within ${TIMEOUT_MS / 1000} s.`, 'Try again; "awp doctor" looks at every part.', EXIT.timeout);
      throw new CliError(`Nobody answers at ${this.target.url} (${causeOf(error)}).`, this.target.source === 'local' ? 'Is "npm start" still running? "awp doctor" looks.' : 'Check AWP_API_URL or run "awp login" again; "awp doctor" looks.');
    }
    this.#tellDeprecation(response, path);
    if (response.ok || response.status === 304) return response;
    throw await this.#refusal(response);
  }

  async #refusal(response: Response): Promise<CliError> {
    const text = await response.text();
    try {
      const problem = JSON.parse(text) as Problem;
      if (isErrorCode(problem.code)) {
        if (problem.code === 'Unauthenticated') return new ApiError({ ...problem, remedy: this.target.token ? 'The token is not valid here: run "awp login", or set another AWP_API_TOKEN.' : 'Run "awp login", or set AWP_API_TOKEN.' });
        return new ApiError(problem);
      }
    } catch { /* not one of ours */ }
    return new CliError(`${this.target.url} answered ${response.status} and no words of this platform.`, 'Check that AWP_API_URL is the API and not another program.');
  }

  /** RFC 9745 and RFC 8594, told once a call. */
  #tellDeprecation(response: Response, path: string): void {
    const since = /^@(\d+)$/.exec(response.headers.get('deprecation') ?? '')?.[1];
    const sunset = response.headers.get('sunset');
    if (since) this.#notice(`! ${path} is deprecated since ${new Date(Number(since) * 1000).toISOString().slice(0, 10)}${sunset ? ` and goes on ${sunset}` : ''}.`);
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: unknown; message?: unknown } | undefined) : undefined;
  return String(cause?.code ?? cause?.message ?? (error instanceof Error ? error.message : error));
}
