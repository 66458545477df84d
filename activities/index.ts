import type { WorkflowActivities } from '#contracts/workflow';
/** The installed definitions; Validate parses inputs with them. */
export { findCatalogEntry } from '#workflows/catalog/index';
import { complete } from './complete.ts';
import type { ActivityDeps } from './deps.ts';
import { findEvidence } from './find-evidence.ts';
import { finishRun } from './finish-run.ts';
import { reconcileRuns } from './reconcile-runs.ts';
import { recordEvidence } from './record-evidence.ts';
import { recordRunEvents } from './record-run-events.ts';
import { runCheck } from './run-check.ts';
import { runTool } from './run-tool.ts';
import { saveArtifact } from './save-artifact.ts';
import { testProviderKey } from './test-provider-key.ts';

/** Binds every activity to its dependencies: what the worker registers, under the names that workflows call. */
export function createActivities(deps: ActivityDeps): WorkflowActivities {
  return {
    complete: (request) => complete(deps, request),
    runTool: (request) => runTool(deps, request),
    runCheck: (request) => runCheck(deps, request),
    saveArtifact: (request) => saveArtifact(deps, request),
    recordRunEvents: (request) => recordRunEvents(deps, request),
    findEvidence: (request) => findEvidence(deps, request),
    recordEvidence: (request) => recordEvidence(deps, request),
    finishRun: (request) => finishRun(deps, request),
    reconcileRuns: () => reconcileRuns(deps),
    testProviderKey: (request) => testProviderKey(deps, request),
  };
}
