import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { TERMINAL_STATUSES } from '#contracts/runs';
import type { Database } from '#platform/db';
import { countRunsByStatus, oldestLiveRuns } from '#platform/repositories/run-queries';

export interface Metrics { registry: Registry; httpSeconds: Histogram<'method' | 'route' | 'status'>; streams: Gauge; runStarts: Counter<'workflow_id' | 'run_mode'>; startsLeftToReconciler: Counter }

/** Prometheus metrics of one API process. Runs are counted in the database when they are scraped, so that every process
 * tells the same and a restart loses nothing. */
export function createMetrics(db: Database): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const runs = new Gauge({ name: 'workflow_runs_total', help: 'Runs by workflow, status and mode', labelNames: ['workflow_id', 'status', 'run_mode'], registers });
  const oldest = new Gauge({ name: 'oldest_live_run_seconds', help: 'Age of the oldest run that should move by itself, by status', labelNames: ['status'], registers });
  registry.registerMetric(new Gauge({
    name: 'database_connections', help: 'Connections of this process by state', labelNames: ['state'], registers: [],
    collect() {
      const { totalCount, idleCount, waitingCount } = db.pool;
      for (const [state, count] of Object.entries({ busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount })) this.set({ state }, count);
    },
  }));
  const active = new Gauge({
    name: 'active_runs', help: 'Runs that have not ended', registers,
    async collect() {
      try {
        const [counts, ages] = await Promise.all([countRunsByStatus(db), oldestLiveRuns(db)]);
        runs.reset();
        for (const status of ['queued', 'validating', 'running']) oldest.set({ status }, ages.find((age) => age.status === status)?.seconds ?? 0);
        for (const row of counts) runs.set({ workflow_id: row.workflowSlug, status: row.status, run_mode: row.runMode }, row.count);
        this.set(counts.filter((row) => !(TERMINAL_STATUSES as readonly string[]).includes(row.status)).reduce((sum, row) => sum + row.count, 0));
      } catch {
        // The database is away: no figure is better than a wrong one, and the rest of the page still answers.
        runs.reset();
        oldest.reset();
        active.remove();
      }
    },
  });
  return {
    registry,
    httpSeconds: new Histogram({ name: 'http_request_duration_seconds', help: 'Answer times', labelNames: ['method', 'route', 'status'], buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 30], registers }),
    streams: new Gauge({ name: 'sse_clients', help: 'Open live streams', registers }),
    runStarts: new Counter({ name: 'run_starts_total', help: 'Runs accepted by this process', labelNames: ['workflow_id', 'run_mode'], registers }),
    startsLeftToReconciler: new Counter({ name: 'run_starts_left_to_reconciler_total', help: 'Accepted runs whose execution could not be started at once', registers }),
  };
}
