import path from 'node:path';
import type { ProviderId } from '#contracts/providers';
import { startApi, type ApiUnderTest } from '../../support/api.ts';
import { startEngine, type Engine } from '../../support/engine.ts';

/** The real product in one process for an evaluation: API, worker, Temporal, PostgreSQL. Runs go in by the API, as a person's. */
export interface Bench { engine: Engine; api: ApiUnderTest; /** token of a person who may run everything */ token: string; close(): Promise<void> }

const PROVIDER_KEYS = /^(OPENAI|ANTHROPIC|GEMINI|DEEPSEEK|GROQ|OPENROUTER|COMPATIBLE)_(API_KEY|BASE_URL)$|^(SEARXNG_URL|TAVILY_API_KEY|BRAVE_API_KEY|AWP_PROVIDER_DATA)$/;

/** @param env  keys and addresses of real providers, as the product reads them @param providers  what will be asked */
export async function startBench(providers: readonly ProviderId[], env: NodeJS.ProcessEnv = process.env): Promise<Bench> {
  const realVendors = providers.some((provider) => provider !== 'demo');
  const vendors = realVendors ? Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => PROVIDER_KEYS.test(pair[0]) && Boolean(pair[1]))) : {};
  // Questions that a case does not answer, and budgets, are waited for only as long as the smallest unit.
  const shared = { ...vendors, AWP_APPROVAL_WAIT_SECONDS: '1', ...(realVendors ? { AWP_RETRY_BASE_MS: '2000' } : {}) };
  const engine = await startEngine(shared, { realVendors });
  const api = await startApi({
    ...shared, DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', ARTIFACTS_URL: `file:${path.join(engine.config.home, 'artifacts')}`, WORKER_TASK_QUEUE: engine.taskQueue, DEMO_BASE_URL: `${engine.simulator.url}/v1`, DEMO_API_KEY: 'sk-test-0123456789abcdef',
  });
  const { token } = await api.person('admin');
  return { engine, api, token, close: async () => { await api.close(); await engine.close(); } };
}
