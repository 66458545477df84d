import { Counter, type Registry } from 'prom-client';

/** How many lines of each level this process wrote, so that an alert can see errors without reading logs. */
const LEVELS: Readonly<Record<number, string>> = { 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const counts = new Map<string, number>();

export const logLines = {
  /** @param level  pino's number */
  add(level: number): void {
    const name = LEVELS[level];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  },
};

export function countLogLines(registry: Registry): void {
  registry.registerMetric(new Counter({
    name: 'log_lines_total', help: 'Lines written to the log by level', labelNames: ['level'], registers: [],
    collect() {
      this.reset();
      for (const level of Object.values(LEVELS)) this.inc({ level }, counts.get(level) ?? 0);
    },
  }));
}
