import { MEASURED, PRICES, RULES, type PlanRules, type RunProfile } from './profile.ts';

/** What so many runs a day need, part by part. Plain arithmetic: scripts/scale/simulate.ts tries it. */
export interface Plan {
  runsPerDay: number;
  meanPerSecond: number;
  peakPerSecond: number;
  /** at the peak */
  cores: { worker: number; temporal: number; postgres: number; api: number };
  callsInFlight: number;
  workers: number;
  apis: number;
  databaseConnections: number;
  statementsPerSecond: number;
  taskQueueTasksPerSecond: number;
  historyShards: number;
  /** with every run of a year, as nothing deletes them by age */
  databaseGb: number;
  historyGb: number;
  artifactGb: number;
  /** US dollars; Temporal either on servers of one's own or as a service */
  monthly: Record<'cluster' | 'database' | 'storage' | 'loadBalancer' | 'egress' | 'monitoring' | 'temporalOwn' | 'temporalCloud', number>;
}

const DAY = 86_400;
const GB = 1e9;
const upToPowerOfTwo = (value: number) => 2 ** Math.ceil(Math.log2(value));

export function planFor(runsPerDay: number, profile: RunProfile = MEASURED, rules: PlanRules = RULES): Plan {
  const meanPerSecond = runsPerDay / DAY;
  const peakPerSecond = meanPerSecond * rules.peak;
  const coresOf = (ms: number) => (peakPerSecond * ms) / 1000 / rules.utilisation;
  const cores = { worker: coresOf(profile.cpuMs.worker), temporal: coresOf(profile.cpuMs.temporal), postgres: coresOf(profile.cpuMs.postgres), api: coresOf(profile.cpuMs.api) };
  const callsInFlight = peakPerSecond * profile.calls * profile.callSeconds;
  // Whichever runs out first: processor, slots for calls, or workflows in the cache (a run makes its calls one after the other, so as
  // many runs are live as calls are in flight).
  const workers = Math.max(2, Math.ceil(cores.worker / rules.podCores), Math.ceil(callsInFlight / rules.activitySlots / 0.8), Math.ceil(callsInFlight / rules.cachedWorkflows));
  const apis = Math.max(2, Math.ceil(cores.api / rules.podCores));
  const gb = (days: number, bytes: number) => (runsPerDay * days * bytes) / GB;
  const databaseGb = gb(rules.databaseDays, profile.databaseBytes);
  const artifactGb = gb(rules.retentionDays, profile.artifactBytes);
  const historyGb = gb(rules.retentionDays, profile.historyBytes);
  const ownCores = workers * rules.podCores + apis * rules.podCores + 2;
  const actions = (runsPerDay * 30 * rules.actionsPerRun) / 1e6;
  return {
    runsPerDay, meanPerSecond, peakPerSecond, cores, callsInFlight, workers, apis,
    databaseConnections: (workers + apis) * rules.poolSize, statementsPerSecond: peakPerSecond * profile.statements, taskQueueTasksPerSecond: (peakPerSecond * profile.historyEvents) / 4,
    historyShards: Math.max(512, upToPowerOfTwo((peakPerSecond * profile.historyEvents) / rules.transitionsPerShard)),
    databaseGb, historyGb, artifactGb,
    monthly: {
      cluster: ownCores * PRICES.core, database: Math.max(2, Math.ceil(cores.postgres)) * PRICES.databaseCore + databaseGb * PRICES.databaseGb, storage: artifactGb * PRICES.bucketGb, loadBalancer: PRICES.loadBalancer,
      egress: artifactGb * 2 * PRICES.egressGb, monitoring: PRICES.monitoringBase + ownCores * PRICES.monitoringPerCore,
      temporalOwn: Math.max(2, Math.ceil(cores.temporal)) * PRICES.core + Math.max(2, Math.ceil(cores.temporal / 2)) * PRICES.databaseCore + historyGb * PRICES.databaseGb,
      temporalCloud: PRICES.temporalCloudBase + actions * PRICES.temporalCloudPerMillionActions,
    },
  };
}

export const totalPerMonth = ({ monthly }: Plan): number => Object.entries(monthly).filter(([name]) => name !== 'temporalCloud').reduce((sum, [, value]) => sum + value, 0);
