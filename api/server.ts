import { createServer as createHttpServer, type Server } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { CodedError } from '#platform/coded-error';
import type { Deps } from './deps.ts';
import { docsPage } from './docs-page.ts';
import { endpoints } from './endpoints.ts';
import { signedInInProduction } from './middleware/authenticate.ts';
import { requestContext, requestIdOf } from './middleware/request-context.ts';
import { cors, cutSlowBodies, refuseOddRequests, securityHeaders } from './middleware/security.ts';
import { openApiDocument } from './openapi/document.ts';
import { allowedOrigins, temporalWebOrigins } from './origins.ts';
import { endpointHandler, methodNotAllowed, sendAnswer } from './pipeline.ts';
import { asCodedError, toProblem } from './problem.ts';

/** The longest that a file may take to arrive; any other body has BODY_TIMEOUT_MS. */
const UPLOAD_TIMEOUT_MS = 600_000;

/** The API as an HTTP server, not yet listening. */
export function createServer(deps: Deps): Server {
  const server = createHttpServer({ headersTimeout: 15_000, requestTimeout: UPLOAD_TIMEOUT_MS, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 }, createApp(deps));
  server.maxConnections = 5000;
  return server;
}

function createApp(deps: Deps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('trust proxy', deps.config.TRUST_PROXY_HOPS).set('case sensitive routing', true);
  const origins = allowedOrigins(deps.config, deps.config.API_PORT);
  app.use(closeWhileDraining(deps), requestContext(deps), ...securityHeaders(deps.config), refuseOddRequests, cutSlowBodies, cors(origins, { origins: temporalWebOrigins(deps.config), paths: new Set(endpoints.filter((endpoint) => endpoint.temporalWeb).map((endpoint) => endpoint.path)) }));
  const signedIn = signedInInProduction(deps);
  app.use('/docs', signedIn, docsPage());
  app.get('/redoc', (_req, res) => { res.redirect('/docs'); });
  const document = openApiDocument(endpoints);
  app.get('/favicon.ico', (_req, res) => { res.status(204).end(); });
  app.get('/openapi.json', (_req, res, next) => { res.locals['route'] = '/openapi.json'; next(); }, signedIn, sending(document));
  // An address of fixed words with its 405 first: `PUT /settings/secrets` is no setting with the id "secrets".
  const [fixed, named] = [endpoints.filter(({ path }) => !path.includes('{')), endpoints.filter(({ path }) => path.includes('{'))];
  for (const some of [fixed, named]) {
    for (const endpoint of some) app[endpoint.method](expressPath(endpoint.path), endpointHandler(deps, endpoint, origins));
    for (const [path, list] of Map.groupBy(some, (endpoint) => endpoint.path)) app.all(expressPath(path), methodNotAllowed(list.map((endpoint) => endpoint.method)));
  }
  app.all('/openapi.json', methodNotAllowed(['get']));
  app.use(() => { throw new CodedError('NotFound', 'There is nothing at this address.', { remedy: 'GET /openapi.json lists every address.' }); });
  app.use(problemHandler(deps));
  return app;
}

const sending = (body: unknown): RequestHandler => async (req, res) => { await sendAnswer(req, res, { status: 200, body, revalidate: true }); };

/** A kept connection would bring its next request to a process that is about to go. */
const closeWhileDraining = ({ draining }: Pick<Deps, 'draining'>): RequestHandler => (_req, res, next) => {
  if (draining.aborted) res.set('Connection', 'close');
  next();
};

/** `METHOD /path` of every route that answers, as the OpenAPI document writes them; for the test that compares the two. */
export function registeredRoutes(deps: Deps): string[] {
  interface Layer { route?: { path: string; methods: Record<string, boolean> } }
  const { stack } = createApp(deps).router as unknown as { stack: Layer[] };
  return stack.flatMap(({ route }) => (route && Object.keys(route.methods).length === 1 ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`) : []));
}

const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** The last resort: every error leaves as a problem, and only what we wrote ourselves is in it. */
function problemHandler(deps: Pick<Deps, 'logger'>): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => {
    const requestId = requestIdOf(res);
    const coded = asCodedError(error);
    if (coded.code === 'Internal' || coded.code === 'ServiceUnavailable' || coded.code === 'StorageUnavailable') deps.logger[coded.code === 'Internal' ? 'error' : 'warn']({ err: error, request_id: requestId }, 'request failed');
    if (res.headersSent) { res.destroy(); return; }
    for (const header of ['Content-Disposition', 'Content-Length', 'ETag']) res.removeHeader(header);
    const problem = toProblem(coded, { instance: req.path.slice(0, 300), requestId });
    const retryAfter = coded.retryAfterSeconds ?? (problem.status === 503 ? 5 : undefined);
    if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter));
    if (problem.status === 401) res.set('WWW-Authenticate', 'Bearer');
    // A body that was refused unread would block the connection.
    if (problem.status === 413) res.set('Connection', 'close');
    res.status(problem.status).set('Cache-Control', 'no-store').type('application/problem+json').send(JSON.stringify(problem));
  };
}
