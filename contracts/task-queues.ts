import type { ProviderId } from './providers.ts';

/** Workflows, and every activity without a queue of its own: on one queue activities start eagerly, without a hop. */
export const WORKFLOW_TASK_QUEUE = 'workflows';

/** The queue of a provider's model calls, for providers that have one (AWP_PROVIDER_QUEUES): `llm-openai`, or
 * `<base>-llm-openai` beside a queue of another name. */
export function modelTaskQueue(base: string, provider: ProviderId): string {
  return `${base === WORKFLOW_TASK_QUEUE ? '' : `${base}-`}llm-${provider}`;
}

export const NAMESPACE = 'default';

/** The reconciler's Schedule and workflow ids. */
export const RECONCILER_SCHEDULE_ID = 'reconcile-runs';
export const RECONCILER_WORKFLOW_TYPE = 'reconcileRuns';
/** The retention rule's Schedule and workflow ids. */
export const PURGE_SCHEDULE_ID = 'purge-expired';
export const PURGE_WORKFLOW_TYPE = 'purgeExpired';
export const KEY_TEST_WORKFLOW_TYPE = 'testProviderKey';
