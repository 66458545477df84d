import { CodedError } from '#platform/coded-error';
import { bounded } from '#platform/bounded';
import type { Deps } from '../../deps.ts';

const LIMIT_MS = 2000;
export interface Check { ok: boolean; latency_ms: number | null; detail: string | null }

/** Asks the database for nothing, two seconds at most. */
export const checkDatabase = (deps: Pick<Deps, 'db'>): Promise<Check> => check('the database', async () => { await deps.db.$queryRaw`SELECT 1`; });

/** Asks Temporal for its namespace, two seconds at most. */
export const checkTemporal = ({ temporal, config }: Pick<Deps, 'temporal' | 'config'>): Promise<Check> => check('Temporal', async () => {
  await temporal.withDeadline(Date.now() + LIMIT_MS, () => temporal.workflowService.describeNamespace({ namespace: config.TEMPORAL_NAMESPACE }));
});

/** Asks Vault whether it is unsealed and lets us in, where secrets are kept there. */
export const checkVault = async ({ vault }: Pick<Deps, 'vault'>): Promise<Check | null> => (vault ? check('Vault', () => vault.check()) : null);

async function check(what: string, ask: () => Promise<void>): Promise<Check> {
  const startedAt = performance.now();
  try {
    await bounded(ask(), LIMIT_MS);
    return { ok: true, latency_ms: Math.round(performance.now() - startedAt), detail: null };
  } catch (error) {
    return { ok: false, latency_ms: null, detail: error instanceof CodedError ? error.detail : `${what} does not answer` };
  }
}
