import type { CatalogEntry } from '#contracts/catalog.schema';
import type { OwnSnapshot } from '#contracts/own/definition';
import { entryOf } from '#contracts/own/entry.schema';
import type { Database } from '../db.ts';

/** Entries of written workflows, made once a version: versions never change. */
const MOST_KEPT = 200;
const kept = new Map<string, CatalogEntry>();

/** @param versionId  row of workflow_versions */
export function entryOfVersion(versionId: string, snapshot: OwnSnapshot, version: number): CatalogEntry {
  const known = kept.get(versionId);
  if (known) return known;
  const entry = entryOf(snapshot, version);
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(versionId, entry);
  return entry;
}

const ofRun = new Map<string, string>();

/** The catalog first; else the definition that the run was started with, by its row. */
export function createEntryFinder(findCatalogEntry: (slug: string) => CatalogEntry | undefined, db: Database): (slug: string, runId: string) => CatalogEntry | undefined | Promise<CatalogEntry | undefined> {
  return (slug, runId) => findCatalogEntry(slug) ?? findOwnEntry(db, runId);
}

export async function findOwnEntry(db: Database, runId: string): Promise<CatalogEntry | undefined> {
  const known = kept.get(ofRun.get(runId) ?? '');
  if (known) return known;
  const run = await db.run.findUnique({ where: { id: runId }, select: { workflowVersion: { select: { id: true, version: true, definition: true, workflow: { select: { kind: true } } } } } });
  if (!run || run.workflowVersion.workflow.kind !== 'own') return undefined;
  const { id, version, definition } = run.workflowVersion;
  if (ofRun.size >= 5 * MOST_KEPT) ofRun.clear();
  ofRun.set(runId, id);
  return entryOfVersion(id, definition as unknown as OwnSnapshot, version);
}
