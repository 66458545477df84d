import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { prometheusFolder } from '#scripts/deploy/tools';
import { anyFreePort } from '#scripts/launch/ports';

interface RunningPrometheus {
  /** @returns the series of an instant query @throws Error with Prometheus' words when it does not understand it */
  query(expr: string): Promise<unknown[]>;
  /** Waits until each target was scraped so many times. */
  scraped(times: number): Promise<void>;
  stop(): Promise<void>;
}

/** A real Prometheus that scrapes the given targets each second. */
export async function startPrometheus(folder: string, targets: Record<string, string>): Promise<RunningPrometheus> {
  mkdirSync(folder, { recursive: true });
  const port = await anyFreePort();
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, stringify({ global: { scrape_interval: '1s' }, scrape_configs: Object.entries(targets).map(([job, target]) => ({ job_name: job, static_configs: [{ targets: [target] }] })) }));
  const child = spawn(join(await prometheusFolder(process.env), 'prometheus'), [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  const query = async (expr: string) => {
    const answer = (await (await fetch(`http://127.0.0.1:${port}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: expr }) })).json()) as { status: string; error?: string; data: { result: unknown[] } };
    if (answer.status !== 'success') throw new Error(`${expr}: ${answer.error}`);
    return answer.data.result;
  };
  return {
    query,
    async scraped(times) {
      const deadline = Date.now() + 60_000;
      while (Date.now() < deadline) {
        const found = await query(`count(count_over_time(up[5m]) >= ${times})`).catch(() => []);
        if ((found[0] as { value?: [number, string] } | undefined)?.value?.[1] === String(Object.keys(targets).length)) return;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      throw new Error('Prometheus did not scrape its targets');
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
