import type { AuditEvent } from '#prisma/client';
import type { Database } from '../db.ts';

/** What happened to a person's key of one provider, newest first: runs that read it, tests, changes. From the audit log, which nobody can rewrite. */
export async function listKeyAccess(db: Database, userId: string, { id, provider }: { id: string; provider: string }, limit: number): Promise<AuditEvent[]> {
  return db.auditEvent.findMany({
    where: { subject: userId, type: { startsWith: 'secret.' }, OR: [{ resource: `setting/${id}` }, { resource: { startsWith: `setting/${id}/` } }, { type: 'secret.read', AND: [{ data: { path: ['provider'], equals: provider } }, { data: { path: ['source'], equals: 'own' } }] }] },
    orderBy: { sequence: 'desc' }, take: limit,
  });
}
