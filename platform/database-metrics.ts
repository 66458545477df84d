import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';
import { bounded } from './bounded.ts';

const LIMIT_MS = 2_000;

/** Whether this process reaches its database, asked by a statement that reads no table when /metrics is scraped. A statement that
 * is slow says nothing about that, so this alone is what the alert DatabaseAway looks at. Workers tell it as well: in production the API
 * asks its database who may read its page. */
export function measureDatabase(registry: Registry, pool: Pool): void {
  registry.registerMetric(new Gauge({
    name: 'database_up', help: '1 when the database answered this scrape within two seconds', registers: [],
    async collect() {
      this.set(await bounded(pool.query('SELECT 1'), LIMIT_MS).then(() => 1, () => 0));
    },
  }));
}
