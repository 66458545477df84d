export { askMyData } from './catalog/ask-my-data/workflow.ts';
export { compareModels } from './catalog/compare-models/workflow.ts';
export { datasetContract } from './catalog/dataset-contract/workflow.ts';
export { learnAgenticAi } from './catalog/learn-agentic-ai/workflow.ts';
export { vectorStoreDecision } from './catalog/vector-store-decision/workflow.ts';
export { purgeExpired } from './operations/purge-expired.ts';
export { reconcileRuns } from './operations/reconcile-runs.ts';
export { testProviderKey } from './operations/test-provider-key.ts';
