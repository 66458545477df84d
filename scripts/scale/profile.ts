/** What one run costs, as measured (docs/benchmarks.md, 2026-11-25, a thousand runs at once on 2 cores) or assumed, and says which. */
export interface RunProfile {
  /** processor time of one run, ms: measured */
  cpuMs: { worker: number; temporal: number; postgres: number; api: number };
  /** model calls of one run: measured on the demo (1.3 a Test at its cap; a Full run has more) */
  calls: number;
  /** seconds that one model call takes, mean: assumed, your vendor decides */
  callSeconds: number;
  /** database statements of one run: measured */
  statements: number;
  /** events of one execution's history, and its bytes: measured */
  historyEvents: number;
  historyBytes: number;
  /** bytes of one run in PostgreSQL with its indexes: assumed */
  databaseBytes: number;
  /** bytes of one run's files: assumed */
  artifactBytes: number;
  /** MB of worker memory for one workflow in its cache, and of a worker without any: measured */
  cachedWorkflowMb: number;
  workerBaseMb: number;
}

export const MEASURED: RunProfile = {
  cpuMs: { worker: 304, temporal: 239, postgres: 94, api: 44 }, calls: 6, callSeconds: 8, statements: 66, historyEvents: 99, historyBytes: 82_000,
  databaseBytes: 150_000, artifactBytes: 60_000, cachedWorkflowMb: 1.7, workerBaseMb: 400,
};

/** How the plan is made: rules of thumb, to be changed here. */
export interface PlanRules {
  /** busiest second of the day against its mean */
  peak: number;
  /** how busy a processor may be at the peak */
  utilisation: number;
  podCores: number;
  /** settings of a process: docs/operations.md */
  activitySlots: number;
  cachedWorkflows: number;
  poolSize: number;
  retentionDays: number;
  /** state transitions a second that one history shard takes with ease: rule of thumb of Temporal's operators */
  transitionsPerShard: number;
  /** actions of Temporal Cloud a run: start, each activity, timers, updates */
  actionsPerRun: number;
}

export const RULES: PlanRules = { peak: 3, utilisation: 0.6, podCores: 2, activitySlots: 200, cachedWorkflows: 400, poolSize: 20, retentionDays: 30, transitionsPerShard: 8, actionsPerRun: 26 };

/** US dollars a month: round list prices of large clouds, assumed in 2026-11; put yours in their place. */
export const PRICES = { core: 25, databaseCore: 100, databaseGb: 0.12, bucketGb: 0.023, egressGb: 0.09, loadBalancer: 20, monitoringBase: 50, monitoringPerCore: 5, temporalCloudPerMillionActions: 30, temporalCloudBase: 100 } as const;
