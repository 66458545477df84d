import { Context } from '@temporalio/activity';
import type { WorkflowActivities } from '#contracts/workflow';
/** The installed definitions; Validate parses inputs with them. */
export { findCatalogEntry } from '#workflows/catalog/index';
import { storeAhead } from '#platform/payloads/claim-check';
import { complete } from './complete.ts';
import { deliverWebhooks } from './deliver-webhooks.ts';
import type { ActivityDeps } from './deps.ts';
import { findEvidence } from './find-evidence.ts';
import { classify, toFailure } from './failures.ts';
import { closeGate, openGate, remindGate } from './gates.ts';
import { finishRun } from './finish-run.ts';
import { beating } from './heart.ts';
import { purgeExpired } from './purge-expired.ts';
import { reconcileRuns } from './reconcile-runs.ts';
import { recordEvidence } from './record-evidence.ts';
import { recordRunEvents } from './record-run-events.ts';
import { runCheck } from './run-check.ts';
import { namingItsRun } from './run-lines.ts';
import { runTool } from './run-tool.ts';
import { saveArtifact } from './save-artifact.ts';
import { testProviderKey } from './test-provider-key.ts';
import { boundUnforeseen } from './unforeseen.ts';

/** Binds every activity to its dependencies: what the worker registers, under the names that workflows call. */
export function createActivities(deps: ActivityDeps): WorkflowActivities {
  const activities: WorkflowActivities = {
    complete: async (request) => kept(deps, await complete(deps, request), request.step),
    runTool: async (request) => kept(deps, await runTool(deps, request), request.step),
    runCheck: (request) => runCheck(deps, request),
    saveArtifact: beating((request) => saveArtifact(deps, request)),
    recordRunEvents: (request) => recordRunEvents(deps, request),
    findEvidence: (request) => findEvidence(deps, request),
    recordEvidence: beating((request) => recordEvidence(deps, request)),
    openGate: (request) => openGate(deps, request),
    remindGate: (request) => remindGate(deps, request),
    closeGate: (request) => closeGate(deps, request),
    finishRun: beating((request) => finishRun(deps, request)),
    reconcileRuns: () => reconcileRuns(deps),
    purgeExpired: (after) => purgeExpired(deps, after),
    deliverWebhooks: beating((request) => deliverWebhooks(deps, request)),
    testProviderKey: (request) => testProviderKey(deps, request),
  };
  const registered = Object.entries(activities).map(([name, work]) => [name, namingItsRun(boundUnforeseen(deps, work as (request: unknown) => Promise<unknown>))]);
  return Object.fromEntries(registered);
}

/** A large answer lies in storage before the activity returns it. @throws ApplicationFailure StorageUnavailable (retried: the
 * ledger has the answer), PayloadNotStored (final) */
async function kept<T>(deps: ActivityDeps, answer: T, step: string): Promise<T> {
  const { workflowExecution, attempt } = Context.current().info;
  try {
    if (workflowExecution) await storeAhead(deps.storage, answer, workflowExecution.workflowId);
    return answer;
  } catch (error) {
    throw toFailure(classify(error, () => attempt, deps.config.AWP_RETRY_BASE_MS), step);
  }
}
