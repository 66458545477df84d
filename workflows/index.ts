export { aiOpportunityBrief } from './catalog/ai-opportunity-brief/workflow.ts';
export { abTestReadout } from './catalog/ab-test-readout/workflow.ts';
export { askMyData } from './catalog/ask-my-data/workflow.ts';
export { citationAudit } from './catalog/citation-audit/workflow.ts';
export { compareModels } from './catalog/compare-models/workflow.ts';
export { datasetContract } from './catalog/dataset-contract/workflow.ts';
export { explainPaper } from './catalog/explain-paper/workflow.ts';
export { fineTunePlanner } from './catalog/fine-tune-planner/workflow.ts';
export { interviewCoach } from './catalog/interview-coach/workflow.ts';
export { learnAgenticAi } from './catalog/learn-agentic-ai/workflow.ts';
export { tinyGptLab } from './catalog/tiny-gpt-lab/workflow.ts';
<<<<<<< .merge_file_pmTVfX
export { literatureReview } from './catalog/literature-review/workflow.ts';
export { mockReviewPanel } from './catalog/mock-review-panel/workflow.ts';
export { reproductionPlanner } from './catalog/reproduction-planner/workflow.ts';
export { providerCostModel } from './catalog/provider-cost-model/workflow.ts';
export { vectorStoreDecision } from './catalog/vector-store-decision/workflow.ts';
=======
export { servingDesigner } from './catalog/serving-designer/workflow.ts';
>>>>>>> .merge_file_lD0I3A
export { purgeExpired } from './operations/purge-expired.ts';
export { reconcileRuns } from './operations/reconcile-runs.ts';
export { testProviderKey } from './operations/test-provider-key.ts';
