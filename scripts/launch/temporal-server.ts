import { mkdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';
import { SEARCH_ATTRIBUTES } from '#contracts/search-attributes';
import { endsWithLauncher } from './platform-wrappers.ts';
import type { ServiceSpec } from './service.ts';

export interface TemporalOptions {
  binary: string;
  port: number;
  /** Null: no Web UI (tests). */
  uiPort: number | null;
  /** Where Temporal Web has payloads decoded; undefined while they are not encrypted. */
  codecEndpoint?: string;
  /** Null: in memory (tests). */
  databaseFile: string | null;
  namespace: string;
  env: NodeJS.ProcessEnv;
  /** false: as a server that knows neither priority nor fairness (tests) */
  fairness?: boolean;
}

/** The dev server has one shard, whose queues are polled 20 times a second by default: every hop of a run would wait for that.
 * Measured: three steps in 66–86 ms instead of 350 ms. Eager activities save the hop to the matching service. */
export const DYNAMIC_CONFIG: Readonly<Record<string, string>> = {
  'history.transferProcessorMaxPollRPS': '1000',
  'history.timerProcessorMaxPollRPS': '1000',
  'history.visibilityProcessorMaxPollRPS': '1000',
  'system.enableActivityEagerExecution': 'true',
};

/** Who waits goes on in turn: by priority (mode of the run), then fairly between people (platform/start-run.ts). Off by default
 * up to server 1.31 (priority) and in every version (fairness); the order is exact only within a partition, so there is one. A
 * server without these settings ignores what runs ask for and hands work out first come, first served. */
export const FAIRNESS_CONFIG: Readonly<Record<string, string>> = {
  'matching.useNewMatcher': 'true',
  'matching.enableFairness': 'true',
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
};

/** WAL with NORMAL: a killed process loses nothing, a power cut at most the last moments; the default (an fsync a write) is five times slower. */
export const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'] as const;

/** Go collects garbage whenever the heap has doubled, on both cores, beside the workers' own work: four times as much between two
 * collections took a fifth off twenty runs at once (docs/benchmarks.md). Near the limit, a soft one, it collects more often again. */
export function goMemory(totalBytes: number): Record<string, string> {
  return { GOGC: '400', GOMEMLIMIT: `${Math.round(Math.min(1536, totalBytes / 6 / 1024 ** 2))}MiB` };
}

/** The one place with the flags of the local Temporal server. */
export function temporalArguments(options: Omit<TemporalOptions, 'binary' | 'env'>): string[] {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(options.port), '--log-level', 'warn', '--color', 'never'];
  if (options.namespace !== 'default') args.push('--namespace', options.namespace);
  if (options.uiPort === null) args.push('--headless');
  else args.push('--ui-port', String(options.uiPort), ...(options.codecEndpoint ? ['--ui-codec-endpoint', options.codecEndpoint] : []));
  if (options.databaseFile !== null) args.push('--db-filename', options.databaseFile, ...SQLITE_PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma]));
  for (const [key, value] of Object.entries({ ...DYNAMIC_CONFIG, ...(options.fairness === false ? {} : FAIRNESS_CONFIG) })) args.push('--dynamic-config-value', `${key}=${value}`);
  for (const name of SEARCH_ATTRIBUTES) args.push('--search-attribute', `${name}=Keyword`);
  return args;
}

/** True when the namespace can be used: the port opens a moment before. */
export async function namespaceAnswers(address: string, namespace: string): Promise<boolean> {
  const { Connection } = await import('@temporalio/client');
  const connection = Connection.lazy({ address, connectTimeout: 2_000 });
  try {
    await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  } finally {
    await connection.close().catch(() => undefined);
  }
}

export function temporalService(options: TemporalOptions): ServiceSpec {
  if (options.databaseFile !== null) mkdirSync(dirname(options.databaseFile), { recursive: true });
  // Its own settings come from the flags alone: a person's TEMPORAL_* (a cloud profile, say) is for clients.
  const env = { ...goMemory(totalmem()), ...Object.fromEntries(Object.entries(options.env).filter(([name]) => !name.startsWith('TEMPORAL_'))) };
  return {
    name: 'temporal',
    ...endsWithLauncher({ command: options.binary, args: temporalArguments(options) }, 'TERM', options.env),
    env,
    cwd: options.databaseFile === null ? process.cwd() : dirname(options.databaseFile),
    isReady: () => namespaceAnswers(`127.0.0.1:${options.port}`, options.namespace),
    stopSignal: 'SIGTERM',
    stopGraceMs: 15_000,
    readyTimeoutMs: 60_000,
  };
}
