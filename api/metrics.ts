import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { isTerminal, RUN_STATUSES, type RunStatus } from '#contracts/runs';
import type { Database } from '#platform/db';
import { measureDatabase } from '#platform/database-metrics';
import { liveRuns } from '#platform/repositories/run-queries';
import { oldestDueSeconds } from '#platform/repositories/webhook-deliveries';

const LIVE = RUN_STATUSES.filter((status) => !isTerminal(status));

export interface Metrics { registry: Registry; httpSeconds: Histogram<'method' | 'route' | 'status'>; streams: Gauge; runStarts: Counter<'workflow_id' | 'run_mode'>; startsLeftToReconciler: Counter }

/** Prometheus metrics of one API process. Live runs are counted in the database when they are scraped, so that every process tells
 * the same; runs that ended are counted by the workers that ended them. */
export function createMetrics(db: Database): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  measureDatabase(registry, db.pool);
  registry.registerMetric(new Gauge({
    name: 'database_connections', help: 'Connections of this process by state', labelNames: ['state'], registers: [],
    collect() {
      const { totalCount, idleCount, waitingCount } = db.pool;
      for (const [state, count] of Object.entries({ busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount })) this.set({ state }, count);
    },
  }));
  measureLiveRuns(registry, db);
  registry.registerMetric(new Gauge({
    name: 'webhook_oldest_due_seconds', help: 'Since when the oldest webhook is due and nobody sends it; a try that is planned for later is not due', registers: [],
    async collect() {
      // None is better than an old one.
      this.remove();
      const seconds = await oldestDueSeconds(db).catch(() => null);
      if (seconds !== null) this.set(seconds);
    },
  }));
  return {
    registry,
    httpSeconds: new Histogram({ name: 'http_request_duration_seconds', help: 'Answer times', labelNames: ['method', 'route', 'status'], buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 30], registers }),
    streams: new Gauge({ name: 'sse_clients', help: 'Open live streams', registers }),
    runStarts: new Counter({ name: 'run_starts_total', help: 'Runs accepted by this process', labelNames: ['workflow_id', 'run_mode'], registers }),
    startsLeftToReconciler: new Counter({ name: 'run_starts_left_to_reconciler_total', help: 'Accepted runs whose execution could not be started at once', registers }),
  };
}

/** Both figures of one scrape come from one question; each gauge waits for it, since the page takes them side by side. */
function measureLiveRuns(registry: Registry, db: Database): void {
  let asked: ReturnType<typeof liveRuns> | undefined;
  const gauge = (name: string, help: string, statuses: readonly RunStatus[], figure: 'runs' | 'oldestSeconds') => registry.registerMetric(new Gauge({
    name, help, labelNames: ['status'], registers: [],
    async collect() {
      // Without an answer no figure is better than a wrong one, and the rest of the page still tells.
      this.reset();
      const live = await (asked ??= liveRuns(db).finally(() => { asked = undefined; })).catch(() => null);
      if (live) for (const status of statuses) this.set({ status }, live.find((row) => row.status === status)?.[figure] ?? 0);
    },
  }));
  gauge('active_runs', 'Runs that have not ended, by status', LIVE, 'runs');
  // Who waits, waits for people and providers: no age is too much.
  gauge('oldest_live_run_seconds', 'Age of the oldest run that should move by itself, by status', LIVE.filter((status) => status !== 'waiting'), 'oldestSeconds');
}
