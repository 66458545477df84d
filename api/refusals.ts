import type { Request, Response } from 'express';
import { CodedError } from '#platform/coded-error';
import { isAskedOf } from '#platform/repositories/approvals';
import { appendAuditEvent, type NewAuditEvent } from '#platform/repositories/audit';
import { findForeignThing } from '#platform/repositories/foreign-things';
import type { Deps } from './deps.ts';
import type { Endpoint, Principal } from './endpoint.ts';

/** A signed-in person's attempt that was refused: what they asked for, and why not. */
export interface Attempt { endpoint: Pick<Endpoint, 'path' | 'operationId'>; principal: Principal; req: Request; res: Response; /** path, query and body, as far as they were read */ input: readonly unknown[] }

/** The first refusals of a person at an operation within the hour are written one by one, then the 100th, the 1,000th …: whoever
 * sends refused requests for days fills no table, and the log still says how many there were. */
export const isWritten = (attempts: number): boolean => attempts <= 10 || /^10+$/.test(String(attempts));

/** Refused attempts go to the audit log from this one place: 403 for any reason, and 404 where the thing is there and belongs to
 * somebody else. Any other error is none of its business. */
export async function auditRefusal(deps: Pick<Deps, 'db' | 'pool' | 'limits'>, attempt: Attempt, error: unknown, auditEvent: (event: Partial<NewAuditEvent>) => NewAuditEvent): Promise<void> {
  if (!(error instanceof CodedError)) return;
  const { endpoint, principal, req } = attempt;
  const what = error.code === 'PermissionDenied' ? { resource: `route${req.path.slice(0, 200)}`, data: { detail: error.detail.slice(0, 300) }, ...error.refused } : await foreignThing(deps, attempt, error);
  if (!what) return;
  const attempts = await deps.limits.refusals(`${principal.userId}:${endpoint.operationId}`);
  if (!isWritten(attempts)) return;
  const event = auditEvent({ type: 'access.denied', resource: what.resource, outcome: 'denied', data: { method: req.method, route: endpoint.path, ...what.data, attempts } });
  await deps.db.$transaction((tx) => appendAuditEvent(tx, event));
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const SLUG = /^[a-z][a-z0-9_]{0,99}$/;
const IDS_LOOKED_AT = 20;

/** NotFound is said of what is not there and of what is another's, in the same words. A foreign upload in the inputs of a run is
 * an invalid input, as one that never was. */
async function foreignThing(deps: Pick<Deps, 'db' | 'pool'>, { endpoint, principal, input }: Attempt, error: CodedError): Promise<{ resource: string; data: { answer: number } } | null> {
  if (error.code !== 'NotFound' && error.code !== 'InvalidInput') return null;
  const ids = [...new Set(JSON.stringify(input).match(UUID) ?? [])].slice(0, IDS_LOOKED_AT);
  const slugs = input.flatMap((part) => ['id', 'workflow_id'].map((name) => (part as Record<string, unknown> | null | undefined)?.[name])).filter((name): name is string => typeof name === 'string' && SLUG.test(name));
  if (ids.length === 0 && slugs.length === 0) return null;
  const thing = await findForeignThing(deps.pool, principal.userId, ids, slugs);
  if (!thing || (error.code === 'InvalidInput' && thing.kind !== 'upload')) return null;
  // Who is asked for an approval opens the address of the run and decides there: no attempt at anything.
  if (endpoint.operationId === 'getRun' && (await isAskedOf(deps.db, principal, thing.id))) return null;
  return { resource: `${thing.kind}/${thing.id}`, data: { answer: error.code === 'NotFound' ? 404 : 400 } };
}
