import { TERMINAL_STATUSES } from '#contracts/runs';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Database, Transaction } from '../db.ts';
import type { StoredForm } from '../secrets/keeper.ts';
import { forgetSpender, keepSpend } from './deleted-spend.ts';
import { storedForms } from './provider-keys.ts';
import { webhookSecretForms } from './webhooks.ts';

/** What is kept about one person, and its removal. The audit log stays: it knows people by a number that then means nobody. */
export interface PersonalRow { kind: string; row: unknown }
const PAGE = 200;

/** Everything of a person, kind by kind; no key, hash or token is in it. */
export async function* personalData(db: Database, userId: string): AsyncGenerator<PersonalRow[]> {
  const where = { userId };
  const kinds: [string, (skip: number) => Promise<unknown[]>][] = [
    ['account', (skip) => db.user.findMany({ where: { id: userId }, omit: { image: true }, skip, take: PAGE })],
    ['session', (skip) => db.session.findMany({ where, omit: { token: true }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['api_token', (skip) => db.apiToken.findMany({ where, omit: { secretHash: true }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['provider_setting', (skip) => db.providerSetting.findMany({ where, omit: { secretEnvelope: true, baseUrlHash: true }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['provider_key', (skip) => db.providerKey.findMany({ where, omit: { secretEnvelope: true, baseUrlHash: true }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['webhook', (skip) => db.webhook.findMany({ where, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['webhook_delivery', (skip) => db.webhookDelivery.findMany({ where, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['upload', (skip) => db.upload.findMany({ where, omit: { storageKey: true }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['workflow', (skip) => db.workflow.findMany({ where: { ownerId: userId }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['workflow_version', (skip) => db.workflowVersion.findMany({ where: { authorId: userId }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['workflow_working_copy', (skip) => db.workflowWorkingCopy.findMany({ where: { authorId: userId }, orderBy: { workflowId: 'asc' }, skip, take: PAGE })],
    ['run', (skip) => db.run.findMany({ where, omit: { request: true }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['model_call', (skip) => db.completion.findMany({ where, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['deleted_spend', (skip) => db.deletedSpend.findMany({ where, orderBy: [{ day: 'asc' }, { workflowSlug: 'asc' }, { provider: 'asc' }, { model: 'asc' }], skip, take: PAGE })],
    ['artifact', (skip) => db.artifact.findMany({ where, omit: { storageKey: true }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['decision', (skip) => db.runDecision.findMany({ where: { decidedBy: userId }, orderBy: { id: 'asc' }, skip, take: PAGE })],
    ['audit_event', (skip) => db.auditEvent.findMany({ where: { subject: userId }, orderBy: { sequence: 'asc' }, skip, take: PAGE })],
  ];
  for (const [kind, read] of kinds) {
    for (let skip = 0; ; skip += PAGE) {
      const rows = await read(skip);
      if (rows.length > 0) yield rows.map((row) => ({ kind, row }));
      if (rows.length < PAGE) break;
    }
  }
}

/** What they wrote goes, drafts and trials too. Versions that somebody else's runs were made with are kept for those, put away and known
 * by a number. */
async function removeWritten(tx: Transaction, ownerId: string): Promise<void> {
  const ids = (await tx.workflow.findMany({ where: { ownerId }, select: { id: true } })).map(({ id }) => id);
  await tx.workflowWorkingCopy.deleteMany({ where: { OR: [{ workflowId: { in: ids } }, { authorId: ownerId }] } });
  await tx.$executeRaw`DELETE FROM workflow_versions v WHERE v.workflow_id = ANY(${ids}::uuid[]) AND NOT EXISTS (SELECT FROM runs r WHERE r.workflow_version_id = v.id)`;
  await tx.$executeRaw`DELETE FROM workflows w WHERE w.id = ANY(${ids}::uuid[]) AND NOT EXISTS (SELECT FROM workflow_versions v WHERE v.workflow_id = w.id)`;
  await tx.workflow.updateMany({ where: { ownerId }, data: { archivedAt: new Date(), isActive: false, liveVersion: null, testVersion: null } });
}

export interface Erased { runIds: string[]; uploadKeys: string[]; /** for the keeper to drop */ secrets: StoredForm[] }

/** Removes a person and all that is theirs; bytes are the caller's to remove afterwards.
 * @returns `last_admin` or `live_runs` when nothing was removed for that reason, null when there is nobody */
export async function erasePerson(tx: Transaction, userId: string): Promise<Erased | 'last_admin' | 'live_runs' | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.administrators})`;
  const user = await tx.user.findUnique({ where: { id: userId } });
  if (!user) return null;
  if (user.role === 'admin' && user.isActive && (await tx.user.count({ where: { role: 'admin', isActive: true } })) === 1) return 'last_admin';
  if ((await tx.run.count({ where: { userId, status: { notIn: [...TERMINAL_STATUSES] } } })) > 0) return 'live_runs';
  const runs = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM runs WHERE user_id = ${userId}::uuid ORDER BY id FOR UPDATE`;
  const secrets = [...(await storedForms(tx, { userId })), ...(await webhookSecretForms(tx, { userId }))];
  const uploads = await tx.upload.findMany({ where: { userId }, select: { storageKey: true } });
  await keepSpend(tx, runs.map(({ id }) => id));
  await forgetSpender(tx, userId);
  await tx.run.deleteMany({ where: { userId } });
  await tx.idempotencyKey.deleteMany({ where: { userId } });
  await tx.budget.deleteMany({ where: { scope: 'user', scopeKey: userId } });
  await tx.providerTurn.deleteMany({ where: { userId } });
  await tx.providerShare.deleteMany({ where: { userId } });
  await tx.providerHealth.deleteMany({ where: { keyOwner: userId } });
  await tx.providerPace.deleteMany({ where: { keyOwner: userId } });
  await tx.approvalDelegation.updateMany({ where: { fromUserId: userId }, data: { fromName: 'a person who is gone' } });
  await removeWritten(tx, userId);
  await tx.accountLink.deleteMany({ where: { OR: [{ email: user.email }, { createdBy: user.id, usedAt: null }] } });
  await tx.user.delete({ where: { id: userId } });
  return { secrets, runIds: runs.map(({ id }) => id), uploadKeys: uploads.map(({ storageKey }) => storageKey) };
}
