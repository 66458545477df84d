import type { CatalogEntry } from '#contracts/catalog.schema';
import { aiOpportunityBriefDefinition } from './ai-opportunity-brief/definition.ts';
import { abTestReadoutDefinition } from './ab-test-readout/definition.ts';
import { agentDesignReviewDefinition } from './agent-design-review/definition.ts';
import { askMyDataDefinition } from './ask-my-data/definition.ts';
import { citationAuditDefinition } from './citation-audit/definition.ts';
import { compareModelsDefinition } from './compare-models/definition.ts';
import { controlsMapDefinition } from './controls-map/definition.ts';
import { datasetContractDefinition } from './dataset-contract/definition.ts';
import { explainPaperDefinition } from './explain-paper/definition.ts';
import { fineTunePlannerDefinition } from './fine-tune-planner/definition.ts';
import { interviewCoachDefinition } from './interview-coach/definition.ts';
import { learnAgenticAiDefinition } from './learn-agentic-ai/definition.ts';
import { tinyGptLabDefinition } from './tiny-gpt-lab/definition.ts';
import { noveltyMapDefinition } from './novelty-map/definition.ts';
import { servingDesignerDefinition } from './serving-designer/definition.ts';
import { vendorDueDiligenceDefinition } from './vendor-due-diligence/definition.ts';
import { literatureReviewDefinition } from './literature-review/definition.ts';
import { mockReviewPanelDefinition } from './mock-review-panel/definition.ts';
import { reproductionPlannerDefinition } from './reproduction-planner/definition.ts';
import { providerCostModelDefinition } from './provider-cost-model/definition.ts';
import { vectorStoreDecisionDefinition } from './vector-store-decision/definition.ts';
import { promptOptimiserDefinition } from './prompt-optimiser/definition.ts';
import { ragCorpusEvalDefinition } from './rag-corpus-eval/definition.ts';
import { redTeamGuardrailsDefinition } from './red-team-guardrails/definition.ts';

/** Every definition of the catalog, in the order people see them. Definitions only: safe outside Temporal's sandbox. */
export const catalog: readonly CatalogEntry[] = [
  learnAgenticAiDefinition,
  explainPaperDefinition,
  interviewCoachDefinition,
  tinyGptLabDefinition,
  askMyDataDefinition,
  compareModelsDefinition,
  datasetContractDefinition,
  aiOpportunityBriefDefinition,
  citationAuditDefinition,
  literatureReviewDefinition,
  mockReviewPanelDefinition,
  reproductionPlannerDefinition,
  fineTunePlannerDefinition,
  noveltyMapDefinition,
  servingDesignerDefinition,
  vendorDueDiligenceDefinition,
  abTestReadoutDefinition,
  vectorStoreDecisionDefinition,
  providerCostModelDefinition,
  agentDesignReviewDefinition,
  promptOptimiserDefinition,
  redTeamGuardrailsDefinition,
  controlsMapDefinition,
  ragCorpusEvalDefinition,
];

export function findCatalogEntry(slug: string): CatalogEntry | undefined {
  return catalog.find((entry) => entry.slug === slug);
}
