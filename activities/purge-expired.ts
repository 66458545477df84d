import { Context } from '@temporalio/activity';
import type { PurgeResult } from '#contracts/workflow';
import { isUuid } from '#platform/ids';
import { PAYLOAD_PREFIX } from '#platform/payloads/claim-check';
import { appendAuditEvent, auditBefore } from '#platform/repositories/audit';
import { deleteExpiredRows, dueArtifacts, existingRuns, markExpired } from '#platform/repositories/retention';
import { deleteIdleTrials } from '#platform/repositories/own-trials';
import { deleteReplacedKeys } from '#platform/repositories/provider-keys';
import { deleteOldDeliveries } from '#platform/repositories/webhook-deliveries';
import { deleteReplacedWebhookSecrets } from '#platform/repositories/webhooks';
import { deleteExpiredUploads, existingUploads, UPLOAD_FOLDER } from '#platform/repositories/uploads';
import type { StoredForm } from '#platform/secrets/keeper';
import type { ActivityDeps } from './deps.ts';

const BATCH = 200;
const ROWS = 1000;
/** A folder this young may belong to a run whose row is only being written. */
const ORPHAN_AFTER_MS = 3_600_000;

/** One bounded batch of the retention rule: artifacts past their days lose their bytes (the row stays, marked), rows that ran
 * out go, folders of deleted runs go. Idempotent: bytes first, mark second, so that a death in between is finished next time.
 * @param after  the last storage folder looked at, null to begin
 * @returns what went, whether there is `more`, and the folder to go on `after` */
export async function purgeExpired(deps: ActivityDeps, after: string | null): Promise<PurgeResult> {
  const due = after === null ? await dueArtifacts(deps.db, BATCH) : [];
  for (const artifact of due) {
    await deps.storage.delete(artifact.storageKey);
    Context.current().heartbeat();
  }
  for (const runId of new Set(due.map((artifact) => artifact.runId))) await deps.storage.deleteFolder(runId, PAYLOAD_PREFIX);
  // Folders are walked only when no artifact is due any more: the first part of the work is never starved by the second.
  const walking = due.length < BATCH;
  const orphans = walking ? await purgeOrphans(deps, after ?? '') : { objects: 0, next: null };
  let uploads: string[] = [];
  let outgoing: StoredForm[] = [];
  const counts = await deps.db.$transaction(async (tx) => {
    uploads = await deleteExpiredUploads(tx, BATCH);
    outgoing = await deleteReplacedKeys(tx, BATCH);
    const replaced = await deleteReplacedWebhookSecrets(tx, BATCH);
    outgoing.push(...replaced);
    const webhookDeliveries = await deleteOldDeliveries(tx, ROWS);
    const rows = await deleteExpiredRows(tx, ROWS);
    const gone = { artifacts: due.length > 0 ? await markExpired(tx, due.map((artifact) => artifact.id)) : 0, ...rows, trials: await deleteIdleTrials(tx, BATCH), uploads: uploads.length, replacedKeys: outgoing.length - replaced.length, webhookDeliveries, webhookSecrets: replaced.length, orphanedObjects: orphans.objects };
    if (Object.values(gone).some((count) => count > 0)) await appendAuditEvent(tx, { type: 'retention.purged', subject: null, actorKind: 'system', resource: null, outcome: 'success', data: { ...gone } });
    return gone;
  });
  // Rows first: a run that begins now must not find a row without bytes. Bytes that stay behind are orphans, found by their folder.
  for (const key of uploads) await deps.storage.delete(key);
  for (const stored of outgoing) await deps.secrets.keeper.drop(stored);
  if (after === null) await logAuditHead(deps);
  return { ...counts, more: !walking || uploads.length === BATCH || counts.webhookDeliveries === ROWS || orphans.next !== null, next: orphans.next };
}

/** Leaves the end of the audit chain in the log of this process, outside the database: with it `awp audit verify --head` sees rows
 * that were taken out at the end. */
async function logAuditHead({ db, logger }: Pick<ActivityDeps, 'db' | 'logger'>): Promise<void> {
  const [last] = await auditBefore(db, {}, 1, null);
  if (last) logger.info({ audit_head: `${last.sequence}:${last.hash}` }, 'audit head');
}

/** Objects whose run or upload is not in the database: left over when the bytes of a deleted one could not be removed. */
async function purgeOrphans(deps: ActivityDeps, after: string): Promise<{ objects: number; next: string | null }> {
  const folders = await deps.storage.folders(after, BATCH);
  const old = folders.filter((folder) => isUuid(folder.name.replace(UPLOAD_FOLDER, '')) && Date.now() - folder.changedAt.getTime() > ORPHAN_AFTER_MS).map((folder) => folder.name);
  const [uploadIds, runIds] = [old.filter((name) => name.startsWith(UPLOAD_FOLDER)).map((name) => name.slice(UPLOAD_FOLDER.length)), old.filter((name) => !name.startsWith(UPLOAD_FOLDER))];
  const known = new Set([...(await existingRuns(deps.db, runIds)), ...[...(await existingUploads(deps.db, uploadIds))].map((id) => `${UPLOAD_FOLDER}${id}`)]);
  let objects = 0;
  for (const name of old.filter((candidate) => !known.has(candidate))) {
    objects += await deps.storage.deleteFolder(name);
    Context.current().heartbeat();
  }
  return { objects, next: folders.length === BATCH ? (folders.at(-1)?.name ?? null) : null };
}
