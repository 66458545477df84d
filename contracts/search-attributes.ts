/** Keywords that Temporal Web filters runs by; `RunId` would clash with the server's own. */
export const SEARCH_ATTRIBUTES = ['Persona', 'Workflow', 'RunMode', 'Stage', 'Status', 'Provider', 'User'] as const;
