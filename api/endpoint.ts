import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { ErrorCode } from '#contracts/errors';
import type { Permission } from '#contracts/permissions';
import type { AuditType, NewAuditEvent } from '#platform/repositories/audit';
import type { Deps } from './deps.ts';

/** Who calls. */
export interface Principal {
  userId: string;
  name: string;
  email: string;
  role: string;
  kind: 'session' | 'api_token';
  /** id of the session or token row */
  credentialId: string;
  permissions: ReadonlySet<Permission>;
  expiresAt: Date | null;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** sends an ETag of the body and answers 304 to a matching If-None-Match */
  revalidate?: boolean;
}
/** The handler wrote the response itself (stream, download). */
export const HANDLED = Symbol('handled');

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
export interface Call<P, Q, B> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  /** who calls; reading it on a public endpoint throws Unauthenticated */
  principal: Principal;
  requestId: string;
  req: Request;
  res: Response;
  /** who, request id, address and agent, for appendAuditEvent */
  audit: (event: Pick<NewAuditEvent, 'type' | 'resource'> & Partial<NewAuditEvent>) => NewAuditEvent;
}

export interface AnswerSpec { description: string; /** of the JSON */ schema?: z.ZodType; /** other than JSON, or of what has no schema */ contentType?: string | readonly string[] }

/** One endpoint: everything that the server, the docs and the tests need to know about it. */
export interface EndpointSpec<P extends z.ZodType | undefined, Q extends z.ZodType | undefined, B extends z.ZodType | undefined> {
  method: 'get' | 'post' | 'put' | 'delete';
  /** OpenAPI form: `/api/v1/runs/{id}` */
  path: string;
  operationId: string;
  tag: 'Runs' | 'Evidence' | 'Workflows' | 'Artifacts' | 'Uploads' | 'Providers and secrets' | 'Knowledge' | 'Tool policy' | 'Session' | 'Users' | 'Webhooks' | 'Usage and policy' | 'Audit' | 'System';
  summary: string;
  description?: string;
  /** `public` = no credential; `signed-in` = any; `operator` = open on a local machine, `settings:manage` in production */
  permission: Permission | 'public' | 'signed-in' | 'operator';
  /** needed besides `permission` */
  alsoNeeds?: readonly Permission[];
  /** what it writes to the audit log, or explicitly nothing */
  audit: AuditType | readonly AuditType[] | 'none';
  params?: P;
  query?: Q;
  body?: B;
  /** the body is a file, which the handler reads itself */
  file?: boolean;
  /** a body above the usual: bytes of the whole, characters of one text */
  bodyCaps?: { bytes: number; text: number };
  /** browsers may come from Temporal Web as well, with their cookie */
  temporalWeb?: boolean;
  /** what it asks takes its turn by itself, see turns.ts */
  turnsWithin?: boolean;
  /** takes an Idempotency-Key header */
  idempotent?: boolean;
  answers: Record<number, AnswerSpec>;
  errors: readonly ErrorCode[];
  handler: (deps: Deps) => (call: Call<P, Q, B>) => Promise<Answer | typeof HANDLED>;
}

/** An endpoint as the server's list holds it. */
export type Endpoint = Omit<EndpointSpec<undefined, undefined, undefined>, 'params' | 'query' | 'body' | 'handler'> & {
  params?: z.ZodType; query?: z.ZodType; body?: z.ZodType; handler: (deps: Deps) => (call: Call<undefined, undefined, undefined>) => Promise<Answer | typeof HANDLED>;
};

/** Types the handler by its schemas. */
export function defineEndpoint<P extends z.ZodType | undefined = undefined, Q extends z.ZodType | undefined = undefined, B extends z.ZodType | undefined = undefined>(spec: EndpointSpec<P, Q, B>): Endpoint {
  return spec as unknown as Endpoint;
}
