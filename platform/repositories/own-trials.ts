import type { OwnSnapshot } from '#contracts/own/definition';
import { TRIAL_ENDING } from '#contracts/own/trial';
import type { Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { columnsOf, contentHashOf, insertVersion, type OwnRecord } from './own-workflows.ts';

/** The workflow that one step of another is tried as: a version for each thing that was tried, so that a run keeps what it ran.
 * It is archived from the start: in no list, started by nobody, and its name holds a dot, which no other name can. What no run
 * was made with is removed by the retention rule. */
export interface Trial { record: OwnRecord; version: { id: string; version: number; contentHash: string } }
/** A version this young may belong to a run that is only being accepted. */
const IDLE_AFTER = '1 hour';

/** @returns row and version, which is there already when the same was tried before */
export async function saveTrial(tx: Transaction, snapshot: OwnSnapshot, ownerId: string): Promise<Trial> {
  const { slug } = snapshot.definition;
  // One statement makes the row or locks it: two who try at once number their versions one after the other.
  const found = await tx.workflow.upsert({ where: { slug }, update: { ownerId }, create: { id: uuidv7(), slug, kind: 'own', ...columnsOf(snapshot.definition), currentVersion: 0, ownerId, isActive: false, archivedAt: new Date() } });
  const contentHash = contentHashOf(snapshot);
  const select = { id: true, version: true, contentHash: true };
  const known = await tx.workflowVersion.findFirst({ where: { workflowId: found.id, contentHash }, select });
  if (!known) await insertVersion(tx, found.id, found.currentVersion + 1, snapshot, ownerId, null);
  // The database's time: the retention rule compares with it.
  await tx.$executeRaw`UPDATE workflows SET updated_at = now(), current_version = current_version + ${known ? 0 : 1} WHERE id = ${found.id}::uuid`;
  const version = known ?? await tx.workflowVersion.findFirstOrThrow({ where: { workflowId: found.id, version: found.currentVersion + 1 }, select });
  return { record: { ...found, currentVersion: Math.max(found.currentVersion, version.version) }, version };
}

/** Removes what was tried and has no run any more, a bounded number at once. @returns how many versions went */
export async function deleteIdleTrials(tx: Transaction, limit: number): Promise<number> {
  const due = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM workflows w WHERE kind = 'own' AND slug LIKE ${`%${TRIAL_ENDING}`} AND updated_at < now() - ${IDLE_AFTER}::interval
    AND (NOT EXISTS (SELECT 1 FROM workflow_versions v WHERE v.workflow_id = w.id) OR EXISTS (SELECT 1 FROM workflow_versions v WHERE v.workflow_id = w.id AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.workflow_slug = w.slug AND r.workflow_version_id = v.id)))
    ORDER BY updated_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
  const ids = due.map(({ id }) => id);
  const gone = await tx.$executeRaw`DELETE FROM workflow_versions WHERE id IN (SELECT v.id FROM workflow_versions v JOIN workflows w ON w.id = v.workflow_id WHERE w.id = ANY(${ids}::uuid[]) AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.workflow_slug = w.slug AND r.workflow_version_id = v.id) LIMIT ${limit})`;
  await tx.$executeRaw`DELETE FROM workflows w WHERE w.id = ANY(${ids}::uuid[]) AND NOT EXISTS (SELECT 1 FROM workflow_versions v WHERE v.workflow_id = w.id)`;
  return gone;
}
