import type { CatalogEntry } from '#contracts/catalog.schema';
import { notFound } from '#platform/coded-error';
import { findWorkflow, type WorkflowRecord } from '#platform/repositories/workflows';
import type { Deps } from '../../deps.ts';

/** The row and the definition of a workflow, by slug or UUID.
 * @throws CodedError NotFound */
export async function requireWorkflow(deps: Pick<Deps, 'db' | 'catalog'>, ref: string): Promise<{ row: WorkflowRecord; entry: CatalogEntry }> {
  const row = await findWorkflow(deps.db, ref);
  const entry = row ? deps.catalog.find((candidate) => candidate.slug === row.slug) : undefined;
  if (!row || !entry) throw notFound(`The workflow "${ref}"`);
  return { row, entry };
}
