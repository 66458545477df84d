/** Keywords that Temporal Web filters runs by; `RunId` would clash with the server's own. Registered by the launcher, or by a worker where they are missing; set by
 * the API at the start and by the workflow as it goes on. */
export const SEARCH_ATTRIBUTES = ['Persona', 'Workflow', 'RunMode', 'Stage', 'Status', 'Provider', 'User'] as const;
