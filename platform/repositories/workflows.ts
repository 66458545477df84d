import { inputJsonSchema, type CatalogEntry } from '#contracts/catalog.schema';
import type { Prisma, Workflow } from '#prisma/client';
import type { Database, Transaction } from '../db.ts';
import { digestOf, isUuid, uuidv7 } from '../ids.ts';
import { containing, query, statement } from '../sql.ts';
import { pageOf, type Page, type Paged } from './paging.ts';

/** A definition as plain JSON: what a run keeps as its snapshot, and what the content hash is made of. */
export function definitionSnapshot(entry: CatalogEntry): Record<string, unknown> {
  const first = entry.presets[0] ? entry.input.parse(entry.presets[0].inputs) : undefined;
  return JSON.parse(JSON.stringify({
    slug: entry.slug, workflowType: entry.workflowType, version: entry.version, title: entry.title, outcome: entry.outcome, description: entry.description,
    personas: entry.personas, tags: entry.tags, difficulty: entry.difficulty, estimatedMinutes: entry.estimatedMinutes, jsonSchema: inputJsonSchema(entry),
    tabs: entry.tabs, presets: entry.presets, skills: entry.skills, tools: entry.tools, artifacts: entry.artifacts, testSlice: entry.testSlice, requiresPriorEvidence: entry.requiresPriorEvidence, policy: entry.policy,
    plan: first === undefined ? null : { test: entry.plan(first, 'test'), full: entry.plan(first, 'full') },
  })) as Record<string, unknown>;
}

/** Writes the catalog into the database: one row per workflow, one immutable row per version and content. Idempotent, and
 * safe when several processes start at once. Entries that left the catalog become inactive; their runs keep their version. What an
 * administrator switched off stays off. */
export async function syncCatalog(db: Database, catalog: readonly CatalogEntry[]): Promise<void> {
  for (const entry of catalog) await syncEntry(db, entry);
  await db.workflow.updateMany({ where: { kind: 'catalog', isActive: true, slug: { notIn: catalog.map((entry) => entry.slug) } }, data: { isActive: false } });
}

async function syncEntry(db: Database, entry: CatalogEntry): Promise<void> {
  const definition = definitionSnapshot(entry);
  const contentHash = digestOf(definition);
  const columns = {
    name: entry.title, description: entry.description, personas: [...entry.personas], tags: [...entry.tags], difficulty: entry.difficulty,
    estimatedSeconds: Math.round(entry.estimatedMinutes * 60), currentVersion: entry.version,
  };
  await db.$transaction(async (tx) => {
    await tx.workflow.createMany({ data: [{ id: uuidv7(), slug: entry.slug, kind: 'catalog', ...columns }], skipDuplicates: true });
    const row = await tx.workflow.findUniqueOrThrow({ where: { slug: entry.slug }, include: { versions: { where: { version: entry.version, contentHash }, select: { id: true } } } });
    // People took this name before the catalog did: theirs stays as it is.
    if (row.kind !== 'catalog') return;
    if (row.versions.length === 0) await tx.workflowVersion.createMany({ data: [{ id: uuidv7(), workflowId: row.id, version: entry.version, contentHash, definition: definition as Prisma.InputJsonValue }], skipDuplicates: true });
    const isActive = row.switchedOffAt === null;
    if (row.isActive !== isActive || row.versions.length === 0) await tx.workflow.update({ where: { id: row.id }, data: { ...columns, isActive } });
  });
}

export interface WorkflowRecord {
  id: string; slug: string; kind: string; name: string; description: string; personas: string[]; tags: string[]; difficulty: string; estimatedSeconds: number; isActive: boolean; currentVersion: number; ownerId: string | null; testVersion: number | null; liveVersion: number | null; archivedAt: Date | null; switchedOffAt: Date | null;
  createdAt: Date; updatedAt: Date; /** the youngest, or none */ versions: { id: string; version: number; contentHash: string }[];
}
const COLUMNS = `
  w.id, w.slug, w.kind, w.name, w.description, w.personas, w.tags, w.difficulty, w.estimated_seconds AS "estimatedSeconds", w.is_active AS "isActive", w.current_version AS "currentVersion", w.owner_id AS "ownerId", w.test_version AS "testVersion", w.live_version AS "liveVersion", w.archived_at AS "archivedAt", w.switched_off_at AS "switchedOffAt", w.created_at AS "createdAt",
  w.updated_at AS "updatedAt", (SELECT coalesce(json_agg(v), '[]') FROM (SELECT id, version, content_hash AS "contentHash" FROM workflow_versions WHERE workflow_id = w.id ORDER BY created_at DESC LIMIT 1) v) AS versions`;
const BY_ID = statement(`SELECT ${COLUMNS} FROM workflows w WHERE w.id = $1`);
const BY_SLUG = statement(`SELECT ${COLUMNS} FROM workflows w WHERE w.slug = $1`);

/** @param ref slug or UUID */
export async function findWorkflow(db: Database, ref: string): Promise<WorkflowRecord | null> {
  return (await query<WorkflowRecord>(db.pool, isUuid(ref) ? BY_ID : BY_SLUG, [ref]))[0] ?? null;
}

/** Lets a workflow be run, or stops new runs of it.
 * @param byAdministrator  of the catalog, or of somebody else: only an administrator lifts what one switched off */
export async function switchWorkflow(tx: Transaction, id: string, active: boolean, byAdministrator: boolean): Promise<Workflow> {
  return tx.workflow.update({ where: { id }, data: { isActive: active, ...(byAdministrator ? { switchedOffAt: active ? null : new Date() } : {}) } });
}

export interface WorkflowFilter { persona?: string | undefined; difficulty?: string | undefined; search?: string | undefined; activeOnly: boolean; /** whose drafts are shown beside what is live */ viewerId: string; /** the workspace's drafts too */ manages: boolean }

/** All filters narrow together; `search` looks into name, description, slug and tags. */
export async function listWorkflows(db: Database, filter: WorkflowFilter, page: Page): Promise<Paged<WorkflowRecord>> {
  const values: unknown[] = [page.limit + 1, page.skip];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ['true'];
  if (filter.activeOnly) where.push('w.is_active');
  where.push('w.archived_at IS NULL');
  // What is off and was switched off by nobody has left the catalog.
  where.push(`((w.kind = 'catalog' AND (w.is_active OR w.switched_off_at IS NOT NULL)) OR (w.kind = 'own' AND (w.live_version IS NOT NULL OR w.owner_id = ${bind(filter.viewerId)}${filter.manages ? ' OR w.owner_id IS NULL' : ''})))`);
  if (filter.persona) where.push(`${bind(filter.persona)} = ANY(w.personas)`);
  if (filter.difficulty) where.push(`w.difficulty = ${bind(filter.difficulty)}`);
  if (filter.search) {
    const words = bind(containing(filter.search));
    where.push(`(w.name ILIKE ${words} OR w.description ILIKE ${words} OR w.slug ILIKE ${words} OR ${bind(filter.search.toLowerCase())} = ANY(w.tags))`);
  }
  const all = where.join(' AND ');
  const rest = page.cursor ? `${all} AND (w.created_at, w.id) < (${bind(page.cursor.createdAt)}, ${bind(page.cursor.id)})` : all;
  const rows = await query<WorkflowRecord & { total: number }>(db.pool, statement(`
    SELECT counted.total, page.* FROM (SELECT count(*)::int AS total FROM workflows w WHERE ${all}) counted
    LEFT JOIN (SELECT ${COLUMNS} FROM workflows w WHERE ${rest} ORDER BY w.created_at DESC, w.id DESC LIMIT $1 OFFSET $2) page ON true ORDER BY page."createdAt" DESC, page.id DESC`), values);
  return pageOf(rows.filter(({ id }) => id !== null), rows[0]?.total ?? 0, page);
}
