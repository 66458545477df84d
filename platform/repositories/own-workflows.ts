import { MAX_OWN_VERSIONS, MAX_OWN_WORKFLOWS } from '#contracts/limits';
import { subKey, type OwnDefinition, type OwnSnapshot } from '#contracts/own/definition';
import type { Prisma } from '#prisma/client';
import { CodedError } from '../coded-error.ts';
import type { Database, Transaction } from '../db.ts';
import { digestOf, uuidv7 } from '../ids.ts';
import { numberedPageOf, type NumberedPage, type Paged } from './paging.ts';

/** Workflows that people write: a row each, immutable versions below it. The draft channel is the youngest version; test and
 * live show the version they were set to. */
export const CHANNELS = ['draft', 'test', 'live'] as const;
export type Channel = (typeof CHANNELS)[number];
export interface OwnRecord { id: string; slug: string; name: string; ownerId: string | null; isActive: boolean; currentVersion: number; testVersion: number | null; liveVersion: number | null; archivedAt: Date | null; switchedOffAt: Date | null; createdAt: Date; updatedAt: Date }
export interface OwnVersion { id: string; version: number; contentHash: string; snapshot: OwnSnapshot; authorId: string | null; note: string | null; createdAt: Date }
/** `mayManage`: looks after what belongs to the workspace */
export interface Viewer { userId: string; mayManage: boolean }

/** The ones that this person may see: their own, those of others that have a live version, and for administrators what is the
 * workspace's. A draft of somebody else is not there for anybody. */
export const visibleTo = ({ userId, mayManage }: Viewer): Prisma.WorkflowWhereInput => ({ OR: [{ ownerId: userId }, { liveVersion: { not: null } }, ...(mayManage ? [{ ownerId: null }] : [])] });

/** Whether every version is this person's to see and change; of another's only the live one is there. */
export const isOwnedBy = (row: Pick<OwnRecord, 'ownerId'>, { userId, mayManage }: Viewer): boolean => row.ownerId === userId || (row.ownerId === null && mayManage);

/** @param ref slug or id; nothing when it is not there, not written by people, or not for this person */
export async function findOwn(db: Database | Transaction, ref: { id: string } | { slug: string }, viewer: Viewer): Promise<OwnRecord | null> {
  return db.workflow.findFirst({ where: { AND: [ref, { kind: 'own' }, visibleTo(viewer)] } });
}

export async function findVersion(db: Database | Transaction, workflowId: string, version: number): Promise<OwnVersion | null> {
  const row = await db.workflowVersion.findFirst({ where: { workflowId, version } });
  return row && { ...row, snapshot: row.definition as unknown as OwnSnapshot };
}

const MAX_CURSOR = BigInt(MAX_OWN_VERSIONS) + 1n;

/** Youngest first. @param only the one version that may be seen; null = all */
export async function listVersions(db: Database, workflowId: string, only: number | null, page: NumberedPage): Promise<Paged<Omit<OwnVersion, 'snapshot'>>> {
  const where = { workflowId, ...(only === null ? {} : { version: only }) };
  const before = page.before === null ? {} : { version: { lt: Number(page.before < MAX_CURSOR ? page.before : MAX_CURSOR) } };
  const [total, rows] = await Promise.all([
    db.workflowVersion.count({ where }),
    db.workflowVersion.findMany({ where: { AND: [where, before] }, omit: { definition: true }, orderBy: { version: 'desc' }, skip: page.skip, take: page.limit + 1 }),
  ]);
  return numberedPageOf(rows, total, page, ({ version }) => version);
}

/** Definitions that sub-runs of this document may name, those below them included: what is live, and every version of one's own.
 * Only asked while one writes: a version that was saved holds what it calls, also when another is live meanwhile. */
export async function subsFor(db: Database | Transaction, document: unknown, viewer: Viewer): Promise<Record<string, OwnDefinition>> {
  const subs: Record<string, OwnDefinition> = {};
  for (const { slug, version } of subRunsIn(document).slice(0, 20)) {
    const row = await findOwn(db, { slug }, viewer);
    const found = row && (version === row.liveVersion || isOwnedBy(row, viewer)) ? await findVersion(db, row.id, version) : null;
    if (found) Object.assign(subs, found.snapshot.subs, { [subKey(slug, version)]: found.snapshot.definition });
  }
  return subs;
}

function subRunsIn(value: unknown): { slug: string; version: number }[] {
  if (Array.isArray(value)) return value.flatMap(subRunsIn);
  if (value === null || typeof value !== 'object') return [];
  const step = value as { type?: unknown; workflow?: unknown; version?: unknown };
  const own = step.type === 'workflow' && typeof step.workflow === 'string' && typeof step.version === 'number' ? [{ slug: step.workflow, version: step.version }] : [];
  return [...own, ...Object.values(value).flatMap(subRunsIn)];
}

export const columnsOf = (definition: OwnDefinition) => ({ name: definition.name, description: definition.description, personas: [...definition.personas], tags: [...definition.tags], difficulty: definition.difficulty, estimatedSeconds: Math.round(definition.estimated_minutes * 60) });
/** The digest of what will run: definition and everything it calls. */
export const contentHashOf = (snapshot: OwnSnapshot): string => digestOf(JSON.parse(JSON.stringify(snapshot)));

/** @throws CodedError Conflict when the slug is taken, by whomever, or the person has as many as one may have */
export async function createOwn(tx: Transaction, snapshot: OwnSnapshot, by: { ownerId: string | null; note: string | null; live?: boolean }): Promise<OwnRecord> {
  const { definition } = snapshot;
  const id = uuidv7();
  if (by.ownerId !== null) {
    await tx.$queryRaw`SELECT id FROM users WHERE id = ${by.ownerId}::uuid FOR UPDATE`;
    if ((await tx.workflow.count({ where: { ownerId: by.ownerId, archivedAt: null } })) >= MAX_OWN_WORKFLOWS) throw new CodedError('Conflict', `You have written ${MAX_OWN_WORKFLOWS} workflows, which is the most.`, { remedy: 'Delete those that are not used any more.' });
  }
  const { count } = await tx.workflow.createMany({ data: [{ id, slug: definition.slug, kind: 'own', ...columnsOf(definition), currentVersion: 1, ownerId: by.ownerId, ...(by.live ? { testVersion: 1, liveVersion: 1 } : {}) }], skipDuplicates: true });
  if (count === 0) throw new CodedError('Conflict', `There is a workflow ${definition.slug} already.`, { remedy: 'Choose another workflow_id.', errors: [{ pointer: '#/workflow_id', detail: 'is taken' }] });
  await insertVersion(tx, id, 1, snapshot, by.ownerId, by.note);
  return tx.workflow.findUniqueOrThrow({ where: { id } });
}

export async function insertVersion(tx: Transaction, workflowId: string, version: number, snapshot: OwnSnapshot, authorId: string | null, note: string | null): Promise<void> {
  await tx.workflowVersion.create({ data: { id: uuidv7(), workflowId, version, contentHash: contentHashOf(snapshot), definition: snapshot as unknown as Prisma.InputJsonValue, authorId, note } });
}

/** Saves the next version; the same content again makes none. @param expected  the version that was edited; null = whatever is there
 * @throws CodedError PreconditionFailed when somebody saved meanwhile */
export async function saveOwn(tx: Transaction, id: string, snapshot: OwnSnapshot, by: { authorId: string; note: string | null }, expected: number | null): Promise<{ record: OwnRecord; created: boolean }> {
  await tx.$queryRaw`SELECT id FROM workflows WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.workflow.findUniqueOrThrow({ where: { id } });
  if (expected !== null && expected !== row.currentVersion) throw new CodedError('PreconditionFailed', `You edited version ${expected}; meanwhile version ${row.currentVersion} was saved.`, { remedy: `Compare version ${expected} with ${row.currentVersion}, then apply your change to the newer one.` });
  const last = await findVersion(tx, id, row.currentVersion);
  if (last?.contentHash === contentHashOf(snapshot)) return { record: row, created: false };
  const version = row.currentVersion + 1;
  if (version > MAX_OWN_VERSIONS) throw new CodedError('Conflict', `This workflow has ${MAX_OWN_VERSIONS} versions, which is the most.`, { remedy: 'Export it and import it under another name.' });
  await insertVersion(tx, id, version, snapshot, by.authorId, by.note);
  await tx.workflowWorkingCopy.deleteMany({ where: { workflowId: id } });
  return { record: await tx.workflow.update({ where: { id }, data: { ...columnsOf(snapshot.definition), currentVersion: version } }), created: true };
}

/** Which version a channel shows; null when it shows none. */
export function versionOn({ currentVersion, testVersion, liveVersion }: OwnRecord, channel: Channel): number | null {
  return { draft: currentVersion, test: testVersion, live: liveVersion }[channel];
}

export async function setChannel(tx: Transaction, id: string, channel: 'test' | 'live', version: number | null): Promise<OwnRecord> {
  return tx.workflow.update({ where: { id }, data: channel === 'test' ? { testVersion: version } : { liveVersion: version } });
}

/** Gone when nothing ever ran with it; else archived: its runs keep their version. */
export async function removeOwn(tx: Transaction, id: string): Promise<'deleted' | 'archived'> {
  if (await tx.run.count({ where: { workflowVersion: { workflowId: id } }, take: 1 }) > 0) {
    await tx.workflow.update({ where: { id }, data: { isActive: false, archivedAt: new Date(), liveVersion: null, testVersion: null } });
    return 'archived';
  }
  await tx.workflowVersion.deleteMany({ where: { workflowId: id } });
  await tx.workflow.delete({ where: { id } });
  return 'deleted';
}
