import type { CatalogEntry } from '#contracts/catalog.schema';
import type { OwnSnapshot } from '#contracts/own/definition';
import { notFound } from '#platform/coded-error';
import { entryOfVersion } from '#platform/repositories/own-entries';
import { findVersion, type Channel } from '#platform/repositories/own-workflows';
import { findWorkflow, type WorkflowRecord } from '#platform/repositories/workflows';
import type { Deps } from '../../deps.ts';
import type { Principal } from '../../endpoint.ts';

/** A row with the entry that API and engine work by. `versions[0]` is the version meant; `own` the snapshot of a written one. */
export interface FoundWorkflow { row: WorkflowRecord; entry: CatalogEntry; own: OwnSnapshot | null }
type Who = Pick<Principal, 'userId' | 'permissions'>;
export const mayManage = ({ permissions }: Pick<Principal, 'permissions'>): boolean => permissions.has('settings:manage');

/** The catalog's entry, or the version on a channel of a written workflow: live for everybody; draft and test for the one whose
 * it is and for administrators. Without a channel: live, else the youngest that this person may see.
 * @returns null when there is none for this person */
export async function entryOfRow(deps: Pick<Deps, 'db' | 'catalog'>, row: WorkflowRecord, who: Who, channel?: Channel): Promise<FoundWorkflow | null> {
  if (row.kind !== 'own') {
    const entry = deps.catalog.find((candidate) => candidate.slug === row.slug);
    return entry ? { row, entry, own: null } : null;
  }
  const isMine = row.ownerId === who.userId || mayManage(who);
  const version = channel ? { draft: row.currentVersion, test: row.testVersion, live: row.liveVersion }[channel] : row.liveVersion ?? (isMine ? row.currentVersion : null);
  if (row.archivedAt || version === null || (!isMine && version !== row.liveVersion)) return null;
  const found = await findVersion(deps.db, row.id, version);
  if (!found) return null;
  return { row: { ...row, versions: [{ id: found.id, version, contentHash: found.contentHash }] }, entry: entryOfVersion(found.id, found.snapshot, version), own: found.snapshot };
}

/** The row and the definition of a workflow, by slug or UUID.
 * @throws CodedError NotFound */
export async function requireWorkflow(deps: Pick<Deps, 'db' | 'catalog'>, ref: string, who: Who, channel?: Channel): Promise<FoundWorkflow> {
  const row = await findWorkflow(deps.db, ref);
  const found = row ? await entryOfRow(deps, row, who, channel) : null;
  if (!found) throw notFound(`The workflow "${ref}"`);
  return found;
}
