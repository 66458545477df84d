import type { PoolClient } from 'pg';
import type { Database, Transaction } from '../db.ts';
import { canonicalJson, sha256Hex, uuidv7 } from '../ids.ts';
import { queryIn, statement } from '../sql.ts';

/** What is audited: `<resource>.<past verb>`. */
export const AUDIT_TYPES = [
  'user.created', 'user.invited', 'user.invitation_withdrawn', 'user.changed', 'user.signed_out', 'user.credentials_set', 'user.password_changed', 'user.password_reset', 'user.password_reset_requested', 'user.two_factor_started', 'user.two_factor_enabled', 'user.two_factor_disabled',
  'budget.changed', 'budget.removed', 'run_policy.changed',
  'session.created', 'session.ended', 'session.refused', 'token.created', 'token.revoked', 'secret.created', 'secret.rotated', 'secret.deleted', 'secret.tested',
  'secret.activated', 'secret.deactivated', 'run.queued', 'run.cancel_requested', 'run.exported', 'run.deleted', 'run.output_edited', 'run.prompt_edited', 'run.worker_killed', 'run.budget_raised', 'run.gate_decided', 'run.gate_delegated', 'setting.fallback_changed', 'artifact.deleted', 'access.denied', 'workflow.published', 'retention.purged', 'tool_policy.changed',
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
/** One writer at a time, so that the chain has one order. Taken last in a transaction, it is held for milliseconds. */
const CHAIN_LOCK = 7_201_501;

type HashedFields = Required<NewAuditEvent> & { id: string; at: string };
const hashOf = (previousHash: string, fields: HashedFields): string => sha256Hex(previousHash + canonicalJson(fields));

const LOCK = statement(`SELECT 1 AS locked FROM pg_advisory_xact_lock(${CHAIN_LOCK})`);
const LAST = statement('SELECT hash FROM audit_events ORDER BY sequence DESC LIMIT 1');
const INSERT = statement(`
  INSERT INTO audit_events (id, type, subject, actor_kind, resource, outcome, data, request_id, ip_address, user_agent, previous_hash, hash, at)
  VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text::jsonb, $8::text, $9::text, $10::text, $11::text, $12::text, $13::text::timestamptz)`);

/** Appends one event in the caller's transaction: the change and its audit event are stored together or not at all. */
export async function appendAuditEvent(tx: Transaction | PoolClient, event: NewAuditEvent): Promise<void> {
  await queryIn(tx, LOCK, []);
  // A statement of its own after the lock: it sees what the last holder has committed.
  const [last] = await queryIn<{ hash: string }>(tx, LAST, []);
  const previousHash = last?.hash ?? GENESIS;
  const fields: HashedFields = {
    id: uuidv7(), type: event.type, subject: event.subject, actorKind: event.actorKind, resource: event.resource, outcome: event.outcome, data: event.data ?? {},
    requestId: event.requestId ?? null, ipAddress: event.ipAddress ?? null, userAgent: event.userAgent?.slice(0, 300) ?? null, at: new Date().toISOString(),
  };
  await queryIn(tx, INSERT, [
    fields.id, fields.type, fields.subject, fields.actorKind, fields.resource, fields.outcome, JSON.stringify(fields.data), fields.requestId, fields.ipAddress, fields.userAgent, previousHash, hashOf(previousHash, fields), fields.at,
  ]);
}

/** Walks the chain. @returns the first broken sequence, or null when it is whole */
export async function verifyAuditChain(db: Database): Promise<{ checked: number; brokenAt: bigint | null }> {
  let previousHash = GENESIS;
  let cursor = -1n;
  let checked = 0;
  for (;;) {
    const rows = await db.auditEvent.findMany({ where: { sequence: { gt: cursor } }, orderBy: { sequence: 'asc' }, take: 1000 });
    for (const row of rows) {
      const { sequence, previousHash: claimed, hash, at, ...rest } = row;
      if (claimed !== previousHash || hash !== hashOf(previousHash, { ...(rest as Omit<HashedFields, 'at'>), at: at.toISOString() })) return { checked, brokenAt: sequence };
      previousHash = hash;
      cursor = sequence;
      checked += 1;
    }
    if (rows.length < 1000) return { checked, brokenAt: null };
  }
}
