export { learnAgenticAi } from './catalog/learn-agentic-ai/workflow.ts';
export { purgeExpired } from './operations/purge-expired.ts';
export { reconcileRuns } from './operations/reconcile-runs.ts';
export { testProviderKey } from './operations/test-provider-key.ts';
