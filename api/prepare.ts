import { isDatabaseAway } from '#platform/database-errors';
import { setBootstrapToken } from '#platform/repositories/api-tokens';
import { registerSignInLink } from '#platform/repositories/sessions';
import { ensureLocalAdmin } from '#platform/repositories/users';
import { seedStarters } from '#platform/repositories/own-starters';
import { syncCatalog } from '#platform/repositories/workflows';
import type { Deps } from './deps.ts';

const LINK_LIFE_MS = 24 * 3600_000;
const RETRY_MS = 500;

/** What must be in the database before the first request: the catalog, the local administrator, the bootstrap key and the
 * one-time link. Idempotent; several processes may do it at once. */
export async function prepareDatabase(deps: Pick<Deps, 'db' | 'config' | 'catalog'>): Promise<void> {
  const { AWP_SIGN_IN_TOKEN: link, AWP_BOOTSTRAP_API_KEY: bootstrap } = deps.config;
  await syncCatalog(deps.db, deps.catalog);
  await seedStarters(deps.db);
  const admin = await ensureLocalAdmin(deps.db);
  await setBootstrapToken(deps.db, bootstrap, admin.id);
  if (link !== undefined) await registerSignInLink(deps.db, link, new Date(Date.now() + LINK_LIFE_MS));
}

/** A database that is still starting is waited for; any other fault ends the start. */
export async function prepareWhenReachable(deps: Pick<Deps, 'db' | 'config' | 'catalog' | 'logger' | 'stopping'>): Promise<void> {
  while (!deps.stopping.aborted) {
    try {
      await prepareDatabase(deps);
      return;
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      deps.logger.warn('the database does not answer yet; trying again');
      await new Promise((resolve) => { setTimeout(resolve, RETRY_MS); });
    }
  }
}
