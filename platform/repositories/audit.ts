import type { PoolClient } from 'pg';
import { AUDIT_COUNTED } from '#contracts/api/audit.schema';
import type { AuditEvent, Prisma } from '#prisma/client';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Database, Transaction } from '../db.ts';
import { canonicalJson, sha256Hex, uuidv7 } from '../ids.ts';
import { queryIn, statement } from '../sql.ts';
import { numberedPageOf, type NumberedPage, type Paged } from './paging.ts';

/** What is audited: `<resource>.<past verb>`. */
export const AUDIT_TYPES = [
  'user.created', 'user.data_exported', 'user.erased', 'user.invited', 'user.invitation_withdrawn', 'user.changed', 'user.signed_out', 'user.credentials_set', 'user.password_changed', 'user.password_reset', 'user.password_reset_requested', 'user.two_factor_started', 'user.two_factor_enabled', 'user.two_factor_disabled', 'user.two_factor_removed',
  'keys.rotated', 'audit.exported', 'audit.verified', 'run.completed', 'run.failed', 'run.cancelled', 'run.timed_out', 'run.validation_failed', 'secret.read', 'provider.failed', 'budget.changed', 'budget.removed', 'run_policy.changed',
  'session.created', 'session.ended', 'session.refused', 'token.created', 'token.revoked', 'secret.created', 'secret.rotated', 'secret.deleted', 'secret.tested', 'secret.changed', 'payload.decoded', 'device.approved', 'device.denied',
  'secret.activated', 'secret.deactivated', 'run.queued', 'run.cancel_requested', 'run.exported', 'run.deleted', 'run.output_edited', 'run.prompt_edited', 'run.worker_killed', 'run.budget_raised', 'run.gate_decided', 'run.gate_delegated', 'run.gate_reminded', 'setting.fallback_changed', 'artifact.deleted', 'upload.created', 'upload.deleted', 'access.denied', 'workflow.published', 'workflow.created', 'workflow.saved', 'workflow.removed', 'workflow.imported', 'workflow.switched', 'retention.purged', 'tool_policy.changed', 'platform.paused', 'platform.resumed', 'platform.restored',
  'webhook.created', 'webhook.changed', 'webhook.deleted', 'webhook.secret_rotated', 'webhook.switched_on', 'webhook.switched_off', 'webhook.tested', 'webhook.sent_again',
] as const;
export type AuditType = (typeof AUDIT_TYPES)[number];

export interface NewAuditEvent {
  type: AuditType;
  /** user id, null when nobody is signed in */
  subject: string | null;
  actorKind: 'session' | 'api_token' | 'system' | 'anonymous';
  /** `<kind>/<id>` */
  resource: string | null;
  outcome: 'success' | 'denied' | 'failed';
  /** never a secret */
  data?: Record<string, string | number | boolean | null>;
  requestId?: string | null;
  ipAddress?: string | null;
  userAgent?: string | null;
}

const GENESIS = '0'.repeat(64);

type HashedFields = Required<NewAuditEvent> & { id: string; at: string };
const hashOf = (previousHash: string, fields: HashedFields): string => sha256Hex(previousHash + canonicalJson(fields));

const LOCK = statement(`SELECT 1 AS locked FROM pg_advisory_xact_lock(${ADVISORY_LOCKS.auditChain})`);
const LAST = statement('SELECT hash FROM audit_events ORDER BY sequence DESC LIMIT 1');
const KNOWN = statement('SELECT EXISTS (SELECT FROM audit_events WHERE resource = $1::text AND type = $2::text AND data @> $3::text::jsonb) AS known, (SELECT hash FROM audit_events ORDER BY sequence DESC LIMIT 1) AS hash');
const INSERT = statement(`
  INSERT INTO audit_events (id, type, subject, actor_kind, resource, outcome, data, request_id, ip_address, user_agent, previous_hash, hash, at)
  VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text::jsonb, $8::text, $9::text, $10::text, $11::text, $12::text, $13::text::timestamptz)`);

/** Appends one event in the caller's transaction: the change and its audit event are stored together or not at all. */
export async function appendAuditEvent(tx: Transaction | PoolClient, event: NewAuditEvent): Promise<void> {
  await queryIn(tx, LOCK, []);
  // A statement of its own after the lock: it sees what the last holder has committed.
  const [last] = await queryIn<{ hash: string }>(tx, LAST, []);
  await append(tx, event, last?.hash ?? GENESIS);
}

async function append(tx: Transaction | PoolClient, event: NewAuditEvent, previousHash: string): Promise<void> {
  const fields: HashedFields = {
    id: uuidv7(), type: event.type, subject: event.subject, actorKind: event.actorKind, resource: event.resource, outcome: event.outcome, data: event.data ?? {},
    requestId: event.requestId ?? null, ipAddress: event.ipAddress ?? null, userAgent: event.userAgent?.slice(0, 300) ?? null, at: new Date().toISOString(),
  };
  await queryIn(tx, INSERT, [
    fields.id, fields.type, fields.subject, fields.actorKind, fields.resource, fields.outcome, JSON.stringify(fields.data), fields.requestId, fields.ipAddress, fields.userAgent, previousHash, hashOf(previousHash, fields), fields.at,
  ]);
}

export type AuditRecord = AuditEvent;
export interface AuditHead { sequence: bigint; hash: string }
export interface AuditVerdict { checked: number; brokenAt: bigint | null; reason: string | null; head: AuditHead | null }

/** Walks the chain: a row that was changed, moved, put in or taken out does not fit the one before it.
 * @param kept  an end of the chain from before; only with one can it be seen that rows at the end are missing
 * @returns the first row that does not fit, or null when it is whole */
export async function verifyAuditChain(db: Database | Transaction, kept: AuditHead | null = null): Promise<AuditVerdict> {
  let head: AuditHead | null = null;
  let checked = 0;
  let keptIsThere = kept === null;
  for (;;) {
    const rows: AuditRecord[] = await db.auditEvent.findMany({ where: { sequence: { gt: head?.sequence ?? -1n } }, orderBy: { sequence: 'asc' }, take: 1000 });
    for (const row of rows) {
      const { sequence, previousHash, hash, at, ...rest } = row;
      if (previousHash !== (head?.hash ?? GENESIS)) return { checked, brokenAt: sequence, reason: 'It does not follow the row before it: one was put in, taken out or moved.', head };
      if (hash !== hashOf(previousHash, { ...(rest as Omit<HashedFields, 'at'>), at: at.toISOString() })) return { checked, brokenAt: sequence, reason: 'Its content was changed.', head };
      head = { sequence, hash };
      keptIsThere ||= kept !== null && sequence === kept.sequence && hash === kept.hash;
      checked += 1;
    }
    if (rows.length === 1000) continue;
    return keptIsThere ? { checked, brokenAt: null, reason: null, head } : { checked, brokenAt: kept?.sequence ?? null, reason: 'The end that was kept is not in the log any more: rows at the end were taken out, or all of it was written anew.', head };
  }
}

export interface AuditFilter { type?: string | undefined; subject?: string | undefined; outcome?: string | undefined; resource?: string | undefined; from?: string | undefined; to?: string | undefined }

const whereOf = ({ type, subject, outcome, resource, from, to }: AuditFilter): Prisma.AuditEventWhereInput => ({
  ...(type ? { type: type.endsWith('.') ? { startsWith: type } : type } : {}), ...(subject ? { subject } : {}), ...(outcome ? { outcome } : {}), ...(resource ? { resource: { startsWith: resource } } : {}),
  ...(from || to ? { at: { ...(from ? { gte: new Date(from) } : {}), ...(to ? { lt: new Date(to) } : {}) } } : {}),
});

/** Newest first.
 * @param atMost  the log only grows: where more rows than this fit the filter, they are not counted for a page of fifty */
export async function listAudit(db: Database, filter: AuditFilter, page: NumberedPage, atMost = AUDIT_COUNTED): Promise<Paged<AuditRecord>> {
  const where = whereOf(filter);
  const [counted, rows] = await Promise.all([
    db.auditEvent.count({ where, take: atMost + 1 }),
    db.auditEvent.findMany({ where: { AND: [where, page.before === null ? {} : { sequence: { lt: page.before } }] }, orderBy: { sequence: 'desc' }, skip: page.skip, take: page.limit + 1 }),
  ]);
  return numberedPageOf(rows, counted > atMost ? null : counted, page, ({ sequence }) => sequence);
}

/** The same without a count. @param before  only rows below this sequence */
export async function auditBefore(db: Database, filter: AuditFilter, limit: number, before: bigint | null): Promise<AuditRecord[]> {
  return db.auditEvent.findMany({ where: { AND: [whereOf(filter), before === null ? {} : { sequence: { lt: before } }] }, orderBy: { sequence: 'desc' }, take: limit });
}

/** Appends unless this resource has such an event: what may be said twice (a retried activity) is written once.
 * @param distinct  fields of `data` by which events of one type are told apart: one for each provider of a run */
export async function appendAuditOnce(tx: Transaction | PoolClient, event: NewAuditEvent & { resource: string }, distinct: { provider?: string } = {}): Promise<void> {
  await queryIn(tx, LOCK, []);
  const [found] = await queryIn<{ known: boolean; hash: string | null }>(tx, KNOWN, [event.resource, event.type, JSON.stringify(distinct)]);
  if (!found?.known) await append(tx, event, found?.hash ?? GENESIS);
}

/** The end of a run, as its workflow or the reconciler writes it. */
export const runEnded = (runId: string, userId: string, status: 'completed' | 'failed' | 'cancelled' | 'timed_out', code: string | null): NewAuditEvent & { resource: string } =>
  ({ type: `run.${status}`, subject: userId, actorKind: 'system', resource: `run/${runId}`, outcome: status === 'failed' || status === 'timed_out' ? 'failed' : 'success', data: { code } });
