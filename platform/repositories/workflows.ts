import { inputJsonSchema, type CatalogEntry } from '#contracts/catalog.schema';
import type { Prisma } from '#prisma/client';
import type { Database } from '../db.ts';
import { digestOf, isUuid, uuidv7 } from '../ids.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';

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
 * safe when several processes start at once. Entries that left the catalog become inactive; their runs keep their version. */
export async function syncCatalog(db: Database, catalog: readonly CatalogEntry[]): Promise<void> {
  for (const entry of catalog) await syncEntry(db, entry);
  await db.workflow.updateMany({ where: { kind: 'catalog', isActive: true, slug: { notIn: catalog.map((entry) => entry.slug) } }, data: { isActive: false } });
}

async function syncEntry(db: Database, entry: CatalogEntry): Promise<void> {
  const definition = definitionSnapshot(entry);
  const contentHash = digestOf(definition);
  const columns = {
    name: entry.title, description: entry.description, personas: [...entry.personas], tags: [...entry.tags], difficulty: entry.difficulty,
    estimatedSeconds: Math.round(entry.estimatedMinutes * 60), currentVersion: entry.version, isActive: true,
  };
  await db.$transaction(async (tx) => {
    await tx.workflow.createMany({ data: [{ id: uuidv7(), slug: entry.slug, kind: 'catalog', ...columns }], skipDuplicates: true });
    const row = await tx.workflow.findUniqueOrThrow({ where: { slug: entry.slug }, include: { versions: { where: { version: entry.version, contentHash }, select: { id: true } } } });
    if (row.versions.length === 0) await tx.workflowVersion.createMany({ data: [{ id: uuidv7(), workflowId: row.id, version: entry.version, contentHash, definition: definition as Prisma.InputJsonValue }], skipDuplicates: true });
    if (!row.isActive || row.versions.length === 0) await tx.workflow.update({ where: { id: row.id }, data: columns });
  });
}

const WITH_VERSION = { versions: { orderBy: { createdAt: 'desc' }, take: 1, select: { id: true, version: true, contentHash: true, createdAt: true } } } as const satisfies Prisma.WorkflowInclude;
export type WorkflowRecord = Prisma.WorkflowGetPayload<{ include: typeof WITH_VERSION }>;

/** @param ref slug or UUID */
export async function findWorkflow(db: Database, ref: string): Promise<WorkflowRecord | null> {
  return db.workflow.findFirst({ where: isUuid(ref) ? { id: ref } : { slug: ref }, include: WITH_VERSION });
}

export interface WorkflowFilter { persona?: string | undefined; difficulty?: string | undefined; search?: string | undefined; activeOnly: boolean }

/** All filters narrow together; `search` looks into name, description, slug and tags. */
export async function listWorkflows(db: Database, filter: WorkflowFilter, page: Page): Promise<Paged<WorkflowRecord>> {
  const words = filter.search ? { contains: filter.search, mode: 'insensitive' as const } : undefined;
  const where: Prisma.WorkflowWhereInput = {
    ...(filter.activeOnly ? { isActive: true } : {}), ...(filter.persona ? { personas: { has: filter.persona } } : {}), ...(filter.difficulty ? { difficulty: filter.difficulty } : {}),
    ...(words ? { OR: [{ name: words }, { description: words }, { slug: words }, { tags: { has: (filter.search as string).toLowerCase() } }] } : {}),
  };
  const [total, rows] = await Promise.all([
    db.workflow.count({ where }),
    db.workflow.findMany({ where: { AND: [where, after(page)] }, include: WITH_VERSION, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows, total, page);
}
