import { cachedWorkflows } from '#platform/config';

/** What one run costs, as measured (docs/benchmarks.md, a thousand runs at once on 2 cores, 2026-11-26) or assumed, and says which. */
export interface RunProfile {
  /** processor time of one run, ms: measured */
  cpuMs: { worker: number; temporal: number; postgres: number; api: number };
  /** model calls of one run: assumed (1.3 a Test at its cap on the demo; a Full run of it has 11) */
  calls: number;
  /** seconds that one model call takes, mean: assumed, your vendor decides */
  callSeconds: number;
  /** database statements of one run: measured, 52 of them write to event log and ledger */
  statements: number;
  /** events of one execution's history: measured; its bytes: measured when there were 99 events */
  historyEvents: number;
  historyBytes: number;
  /** bytes of one run in PostgreSQL with its indexes: assumed */
  databaseBytes: number;
  /** bytes of one run's files: assumed */
  artifactBytes: number;
}

export const MEASURED: RunProfile = {
  cpuMs: { worker: 324, temporal: 353, postgres: 149, api: 47 }, calls: 6, callSeconds: 8, statements: 119, historyEvents: 105, historyBytes: 82_000, databaseBytes: 150_000, artifactBytes: 60_000,
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
  /** days that bytes of files and Temporal's histories stay (AWP_RETENTION_DAYS) */
  retentionDays: number;
  /** runs, events and answers go by no rule: the database is reckoned with those of so many days, of which none was deleted */
  databaseDays: number;
  /** state transitions a second that one history shard takes with ease: rule of thumb of Temporal's operators */
  transitionsPerShard: number;
  /** actions of Temporal Cloud a run: start, each activity, timers, updates */
  actionsPerRun: number;
}

/** Memory of a worker's pod in the chart. */
export const WORKER_POD_MB = 2_048;

export const RULES: PlanRules = {
  peak: 3, utilisation: 0.6, podCores: 2, activitySlots: 500, cachedWorkflows: cachedWorkflows(WORKER_POD_MB), poolSize: 20, retentionDays: 30, databaseDays: 365, transitionsPerShard: 8, actionsPerRun: 26,
};

/** US dollars a month: round list prices of large clouds, assumed in 2026-11; put yours in their place. */
export const PRICES = { core: 25, databaseCore: 100, databaseGb: 0.12, bucketGb: 0.023, egressGb: 0.09, loadBalancer: 20, monitoringBase: 50, monitoringPerCore: 5, temporalCloudPerMillionActions: 30, temporalCloudBase: 100 } as const;
