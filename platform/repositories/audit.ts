import type { Database, Transaction } from '../db.ts';
import { canonicalJson, sha256Hex, uuidv7 } from '../ids.ts';

/** What is audited: `<resource>.<past verb>`. */
export const AUDIT_TYPES = [
  'session.created', 'session.ended', 'session.refused', 'token.created', 'token.revoked', 'secret.created', 'secret.rotated', 'secret.deleted', 'secret.tested',
  'secret.activated', 'secret.deactivated', 'run.queued', 'run.cancel_requested', 'run.exported', 'run.deleted', 'run.output_edited', 'run.prompt_edited', 'run.worker_killed', 'run.budget_raised', 'run.gate_decided', 'artifact.deleted', 'access.denied', 'workflow.published', 'retention.purged',
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

/** Appends one event in the caller's transaction: the change and its audit event are stored together or not at all. */
export async function appendAuditEvent(tx: Transaction, event: NewAuditEvent): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CHAIN_LOCK})`;
  const last = await tx.auditEvent.findFirst({ orderBy: { sequence: 'desc' }, select: { hash: true } });
  const previousHash = last?.hash ?? GENESIS;
  const at = new Date();
  const fields: HashedFields = {
    id: uuidv7(), type: event.type, subject: event.subject, actorKind: event.actorKind, resource: event.resource, outcome: event.outcome, data: event.data ?? {},
    requestId: event.requestId ?? null, ipAddress: event.ipAddress ?? null, userAgent: event.userAgent?.slice(0, 300) ?? null, at: at.toISOString(),
  };
  await tx.auditEvent.create({ data: { ...fields, at, previousHash, hash: hashOf(previousHash, fields) } });
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
