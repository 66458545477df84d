/** Queue names. Locally every one maps to `workflows`: a hop costs little and eager activities work; Helm splits them. */
export const WORKFLOW_TASK_QUEUE = 'workflows';
export const NAMESPACE = 'default';

/** Search attributes, all Keyword; registered by the launcher, set by the API at start and by the workflow as it goes on. */
export const SEARCH_ATTRIBUTES = ['Persona', 'Workflow', 'RunMode', 'Stage', 'Status', 'Provider', 'User'] as const;

/** The reconciler's Schedule and workflow ids. */
export const RECONCILER_SCHEDULE_ID = 'reconcile-runs';
export const RECONCILER_WORKFLOW_TYPE = 'reconcileRuns';
/** The retention rule's Schedule and workflow ids. */
export const PURGE_SCHEDULE_ID = 'purge-expired';
export const PURGE_WORKFLOW_TYPE = 'purgeExpired';
export const KEY_TEST_WORKFLOW_TYPE = 'testProviderKey';
