import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { MAX_BODY_BYTES } from '#contracts/limits';
import type { Permission } from '#contracts/permissions';
import { CodedError } from '#platform/coded-error';
import { sha256Hex } from '#platform/ids';
import { addLogFields } from '#platform/log-fields';
import type { NewAuditEvent } from '#platform/repositories/audit';
import { checkAddress, parseJsonBody } from './body.ts';
import type { Deps } from './deps.ts';
import { HANDLED, type Answer, type Call, type Endpoint, type Principal } from './endpoint.ts';
import { authenticate, refuseForeignWrites } from './middleware/authenticate.ts';
import { requestIdOf } from './middleware/request-context.ts';
import { temporalWebOrigins } from './origins.ts';
import { parseWith } from './problem.ts';
import { auditRefusal } from './refusals.ts';
import { createTurns, isLined, type Turns } from './turns.ts';

const writeTurns = new WeakMap<Deps, Turns>();
/** Each write takes the audit log's lock and a connection: three hundred at once of one student were 503 for everybody else. */
function turnsOf(deps: Deps): Turns {
  const turns = writeTurns.get(deps) ?? createTurns({ atOnce: 8, mayWait: 100, what: 'changes of one person' });
  writeTurns.set(deps, turns);
  return turns;
}

/** What is asked for at such an address is in the log, whether it is there or not. */
const OF_A_RUN = '/api/v1/runs/{id}';

/** What happens to every request of an endpoint, in this order: who calls, is it their own page, may they, is it JSON, does
 * it parse; then the handler. Nothing of the body is read before the caller is known. */
export function endpointHandler(deps: Deps, endpoint: Endpoint, origins: ReadonlySet<string>): RequestHandler {
  handlerOf(deps, endpoint);
  const withTemporalWeb = new Set([...origins, ...temporalWebOrigins(deps.config)]);
  return async (req, res) => {
    res.locals['route'] = endpoint.path;
    // An ended session must not keep anybody from signing in again.
    const principal = isOpen(deps, endpoint) ? null : await authenticate(deps, req);
    addLogFields({ user_id: principal?.userId });
    const answer = await perform(deps, endpoint, { principal, req, res }, {
      params: req.params, query: req.query, body: () => readJson(req, res, endpoint.bodyCaps),
      before: () => refuseForeignWrites(req, principal, endpoint.temporalWeb ? withTemporalWeb : origins),
    });
    if (answer !== HANDLED) await sendAnswer(req, res, answer);
  };
}

/** @property body  read only once the caller may send it @property before  what else a request of its own has to pass */
export interface Asked { params: Request['params']; query: Request['query']; body: () => Promise<unknown>; before?: () => void }
export interface Caller { principal: Principal | null; req: Request; res: Response }

/** An endpoint for a caller who is known, whatever brought the question: an HTTP request of its own, or a tool of the MCP server.
 * Refusals leave a row in the audit log. @throws CodedError */
export async function perform(deps: Deps, endpoint: Endpoint, { principal, req, res }: Caller, asked: Asked): Promise<Answer | typeof HANDLED> {
  const audit = (event: Partial<NewAuditEvent>) => auditEvent(req, res, principal, event);
  let body: unknown;
  let leave = (): void => {};
  try {
    asked.before?.();
    authorize(deps, endpoint, principal);
    if (isLined(endpoint) && principal) {
      // Files may take minutes and must not keep a cancel waiting.
      leave = await turnsOf(deps).enter(endpoint.file ? `${principal.userId} file` : principal.userId);
      if (endpoint.audit !== 'none') await deps.limits.change(res, principal.userId);
    }
    body = endpoint.body ? parseWith(endpoint.body, await asked.body(), '#', 'The body') : undefined;
    const call = {
      params: endpoint.params ? parseWith(endpoint.params, checkAddress(asked.params, '#/path'), '#/path', 'The address') : undefined,
      query: endpoint.query ? parseWith(endpoint.query, checkAddress(asked.query, '#/query'), '#/query', 'The query') : refuseQuery(asked.query),
      body, requestId: requestIdOf(res), req, res, audit,
      get principal() {
        if (!principal) throw new CodedError('Unauthenticated', 'No credential was sent.');
        return principal;
      },
    } as unknown as Call<undefined, undefined, undefined>;
    if (endpoint.path.startsWith(OF_A_RUN)) addLogFields({ run_id: (call.params as unknown as { id: string }).id });
    return await handlerOf(deps, endpoint)(call);
  } catch (error) {
    if (principal) await auditRefusal(deps, { endpoint, principal, req, res, input: [asked.params, asked.query, body] }, error, audit);
    throw error;
  } finally {
    leave();
  }
}

const handlers = new WeakMap<Deps, Map<Endpoint, ReturnType<Endpoint['handler']>>>();
/** Made once: some keep what they know from call to call. */
function handlerOf(deps: Deps, endpoint: Endpoint): ReturnType<Endpoint['handler']> {
  const made = handlers.get(deps) ?? new Map<Endpoint, ReturnType<Endpoint['handler']>>();
  handlers.set(deps, made);
  const handle = made.get(endpoint) ?? endpoint.handler(deps);
  made.set(endpoint, handle);
  return handle;
}

const isOpen = (deps: Pick<Deps, 'config'>, endpoint: Endpoint): boolean => endpoint.permission === 'public' || (endpoint.permission === 'operator' && deps.config.AWP_ENV === 'local');

function authorize(deps: Deps, endpoint: Endpoint, principal: Principal | null): void {
  const { permission } = endpoint;
  if (permission === 'public' || isOpen(deps, endpoint)) return;
  if (!principal) throw new CodedError('Unauthenticated', 'No credential was sent.');
  if (permission === 'signed-in') return;
  for (const needed of [permission === 'operator' ? 'settings:manage' as const : permission, ...(endpoint.alsoNeeds ?? [])]) requirePermission(principal, needed);
}

/** @throws CodedError PermissionDenied, which is audited as every refusal is */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (!principal.permissions.has(permission)) throw new CodedError('PermissionDenied', `This needs the permission ${permission}.`, { refused: { data: { permission } } });
}

function auditEvent(req: Request, res: Response, principal: Principal | null, event: Partial<NewAuditEvent>): NewAuditEvent {
  return {
    subject: principal?.userId ?? null, actorKind: principal?.kind ?? 'anonymous', outcome: 'success', resource: null, requestId: requestIdOf(res), ipAddress: req.ip ?? null, userAgent: req.get('user-agent') ?? null,
    ...event,
  } as NewAuditEvent;
}

const rawBody = (limit: number): RequestHandler => express.raw({ type: () => true, limit, inflate: false });
const usualBody = rawBody(MAX_BODY_BYTES);

async function readJson(req: Request, res: Response, caps: Endpoint['bodyCaps']): Promise<unknown> {
  const [type, ...parameters] = (req.headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length).replaceAll('"', '');
  if (type !== 'application/json' || (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')) throw new CodedError('UnsupportedMediaType', 'Send application/json in UTF-8.');
  await new Promise<void>((resolve, reject) => { (caps ? rawBody(caps.bytes) : usualBody)(req, res, (error?: unknown) => (error ? reject(error) : resolve())); });
  if (!(req.body instanceof Uint8Array) || req.body.length === 0) throw new CodedError('InvalidInput', 'The body is empty; send a JSON object.');
  return parseJsonBody(req.body, caps?.text);
}

/** An endpoint without query schema takes none: a misspelt filter must not be silently ignored. */
function refuseQuery(query: Request['query']): undefined {
  const [first] = Object.keys(query);
  if (first !== undefined) throw new CodedError('InvalidInput', 'This address takes no query.', { errors: [{ pointer: `#/query/${first.slice(0, 100)}`, detail: 'is not a known field' }] });
  return undefined;
}

export async function sendAnswer(req: Request, res: Response, answer: Answer): Promise<void> {
  if (answer.headers) res.set(answer.headers);
  if (answer.body === undefined) { res.status(answer.status).end(); return; }
  const json = JSON.stringify(answer.body);
  const packed = packs(req, res, json);
  if (answer.revalidate) {
    // Weak: the same content, whether it travels packed or not.
    const etag = `W/"${sha256Hex(json).slice(0, 32)}"`;
    res.set({ ETag: etag, 'Cache-Control': 'private, no-cache' });
    res.vary('Authorization, Cookie');
    if (matches(req.get('if-none-match'), etag)) { res.status(304).end(); return; }
  }
  res.status(answer.status).type('application/json');
  if (packed) res.set('Content-Encoding', 'gzip').send(await gzipped(json));
  else res.send(json);
}

const gzipped = promisify(gzip);
/** Below this, packing saves no packet. */
const PACKED_FROM_BYTES = 1024;
/** What is read travels packed where the client takes it: lists and runs shrink to a fifth. What a POST answers never does: tokens, links
 * and codes are told there, and the size of a packed secret beside words of somebody else gives it away (BREACH). */
function packs(req: Request, res: Response, json: string): boolean {
  if (req.method !== 'GET' || json.length < PACKED_FROM_BYTES) return false;
  res.vary('Accept-Encoding');
  return req.acceptsEncodings('gzip', 'identity') === 'gzip';
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
const matches = (header: string | undefined, etag: string): boolean => header !== undefined && header.split(',').map(opaque).some((tag) => tag === opaque(etag) || tag === '*');

/** 405 for a known address with another method. */
export function methodNotAllowed(methods: readonly string[]): RequestHandler {
  const allow = [...new Set(methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])))].join(', ');
  return (req: Request, res: Response, next: NextFunction) => {
    res.set('Allow', allow);
    next(new CodedError('MethodNotAllowed', `This address takes ${allow}, not ${req.method}.`));
  };
}
