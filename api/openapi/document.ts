import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import { z } from 'zod';
import { ProblemSchema } from '#contracts/api/common.schema';
import { ERRORS, type ErrorCode } from '#contracts/errors';
import type { Endpoint } from '../endpoint.ts';
import { isLined } from '../turns.ts';
import { VERSION } from '#platform/version';

const PROBLEM = 'application/problem+json';
/** What any endpoint may answer, whatever it does. */
const ALWAYS: readonly ErrorCode[] = ['Internal', 'ServiceUnavailable'];

/** OpenAPI 3.1, made from the same list that the server runs. */
export function openApiDocument(endpoints: readonly Endpoint[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const endpoint of endpoints) {
    const path = (paths[endpoint.path] ??= {});
    path[endpoint.method] = operation(endpoint);
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Agentic Workflow Platform API', version: VERSION, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: 'Start expert workflows as durable runs, follow them live, keep what they make. Errors are RFC 9457 problems; lists are arrays with `X-Total-Count` and `Link`; money is in micro-dollars; times are UTC.',
    },
    servers: [{ url: '/' }],
    tags: ['Runs', 'Evidence', 'Workflows', 'Artifacts', 'Uploads', 'Providers and secrets', 'Knowledge', 'Tool policy', 'Session', 'Users', 'Webhooks', 'Usage and policy', 'Audit', 'System'].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'API token: `Authorization: Bearer awp_…`' },
        session: { type: 'apiKey', in: 'cookie', name: 'awp_session', description: 'The browser\'s session; `__Host-awp_session` in production' },
      },
    },
  }, {
    // zod writes a pattern of several hundred characters for date-times; `format` says the same.
    override: ({ jsonSchema }) => { if (jsonSchema.format === 'date-time' || jsonSchema.format === 'uuid') delete jsonSchema.pattern; },
  });
}

function operation(endpoint: Endpoint): ZodOpenApiOperationObject {
  const open = endpoint.permission === 'public';
  return {
    operationId: endpoint.operationId, tags: [endpoint.tag], summary: endpoint.summary,
    description: [endpoint.description, open ? undefined : `Needs: ${[endpoint.permission, ...(endpoint.alsoNeeds ?? [])].join(', ')}.`].filter(Boolean).join('\n\n') || endpoint.summary,
    security: open ? [] : [{ token: [] }, { session: [] }],
    'x-permission': endpoint.permission, ...(endpoint.alsoNeeds ? { 'x-also-needs': [...endpoint.alsoNeeds] } : {}),
    requestParams: {
      ...(endpoint.params ? { path: endpoint.params as z.ZodObject } : {}), ...(endpoint.query ? { query: endpoint.query as z.ZodObject } : {}),
      ...(endpoint.idempotent ? { header: z.object({ 'Idempotency-Key': z.string().max(200).optional().meta({ description: 'Send it again with the same key and body and get the same answer; kept for 24 hours' }) }) } : {}),
    },
    ...(endpoint.body ? { requestBody: { required: true, content: { 'application/json': { schema: endpoint.body } } } } : {}),
    ...(endpoint.file ? { requestBody: { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } } } : {}),
    responses: { ...answersOf(endpoint), ...errorsOf(endpoint) },
  };
}

function answersOf(endpoint: Endpoint): ZodOpenApiResponsesObject {
  return Object.fromEntries(Object.entries(endpoint.answers).map(([status, { description, schema, contentType }]) => {
    const content = {
      ...(schema ? { 'application/json': { schema } } : {}),
      ...Object.fromEntries([contentType ?? []].flat().map((type) => [type, { schema: schemaOf(type) }])),
    };
    return [status, { description, ...(schema || contentType ? { content } : {}) }];
  }));
}

const schemaOf = (contentType: string): z.ZodType => (contentType === PROBLEM ? ProblemSchema : ['application/json', 'text/event-stream'].includes(contentType) ? z.unknown() : z.string());

function errorsOf(endpoint: Endpoint): ZodOpenApiResponsesObject {
  const takesInput = endpoint.params || endpoint.query || endpoint.body;
  const codes = new Set<ErrorCode>([
    ...endpoint.errors, ...ALWAYS, ...(takesInput ? ['InvalidInput' as const] : []), ...(endpoint.permission === 'public' ? [] : ['Unauthenticated' as const, 'PermissionDenied' as const]),
    ...(endpoint.body ? ['PayloadTooLarge' as const, 'UnsupportedMediaType' as const] : []),
    ...(isLined(endpoint) ? ['RateLimited' as const] : []),
  ]);
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries([...byStatus].filter(([status]) => !(status in endpoint.answers)).sort(([a], [b]) => a - b).map(([status, list]) => [String(status), {
    description: list.map((code) => `${code}: ${ERRORS[code].title}`).join('; '), content: { [PROBLEM]: { schema: ProblemSchema } },
  }]));
}
