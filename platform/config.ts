import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { APPROVAL_WAIT_SECONDS, BREAKER_OPEN_MS, BUDGET_WAIT_SECONDS, CALL_TIMEOUT_MS, EVIDENCE_MAX_AGE_HOURS, FULL_CAPS, FULL_MAX_SECONDS, HEARTBEAT_TIMEOUT_MS, KEY_TEST_TIMEOUT_MS, OUTAGE_WAIT_SECONDS, PING_TIMEOUT_MS, TEST_CAPS } from '#contracts/limits';
import { NAMESPACE, WORKFLOW_TASK_QUEUE } from '#contracts/task-queues';
import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';

/** The only file that reads the environment. Every variable is in .env.example; a wrong value names itself and stops the start. */
const text = z.string().trim().min(1);
const count = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const list = z.string().default('').transform((value) => value.split(',').map((part) => part.trim()).filter(Boolean));

const EnvironmentSchema = z.object({
  AWP_ENV: z.enum(['local', 'production']).default('local'),
  AWP_HOME: text.default('.awp'),
  AWP_MASTER_KEY: text.optional(),
  AWP_MASTER_KEY_FILE: text.optional(),
  AWP_BOOTSTRAP_API_KEY: text.optional(),
  AWP_SIGN_IN_TOKEN: text.optional(),
  AWP_PROVIDER_DATA: text.optional(),
  AWP_ALLOWED_PRIVATE_HOSTS: list,
  AWP_RUN_STARTS_PER_MINUTE: count(10),
  AWP_SECRET_WRITES_PER_HOUR: count(5),
  AWP_MAX_CONCURRENT_RUNS: count(0),
  AWP_FULL_RUN_MAX_SECONDS: count(FULL_MAX_SECONDS),
  AWP_FULL_RUN_MAX_OUTPUT_TOKENS: count(FULL_CAPS.outputTokens),
  AWP_FULL_RUN_MAX_INPUT_TOKENS: count(FULL_CAPS.inputTokens),
  AWP_FULL_RUN_MAX_ITERATIONS: count(FULL_CAPS.iterations),
  AWP_CALL_TIMEOUT_MS: count(CALL_TIMEOUT_MS),
  AWP_PING_TIMEOUT_MS: count(PING_TIMEOUT_MS),
  AWP_KEY_TEST_TIMEOUT_MS: count(KEY_TEST_TIMEOUT_MS),
  AWP_HEARTBEAT_TIMEOUT_MS: count(HEARTBEAT_TIMEOUT_MS),
  AWP_RETRY_BASE_MS: count(2000),
  AWP_BUDGET_WAIT_SECONDS: count(BUDGET_WAIT_SECONDS),
  AWP_OUTAGE_WAIT_SECONDS: count(OUTAGE_WAIT_SECONDS),
  AWP_APPROVAL_WAIT_SECONDS: count(APPROVAL_WAIT_SECONDS),
  AWP_BREAKER_OPEN_MS: count(BREAKER_OPEN_MS),
  AWP_EXECUTE_WAIT_SECONDS: count(25),
  AWP_RECONCILE_SECONDS: count(20),
  AWP_RETENTION_DAYS: count(30),
  AWP_EVIDENCE_MAX_AGE_HOURS: z.coerce.number().positive().default(EVIDENCE_MAX_AGE_HOURS),
  AWP_PURGE_SECONDS: count(86_400),
  TEST_RUN_MAX_TOKENS: count(TEST_CAPS.outputTokens),
  TEST_RUN_MAX_INPUT_TOKENS: count(TEST_CAPS.inputTokens),
  TEST_RUN_MAX_RUNTIME_SECONDS: z.coerce.number().positive().default(TEST_CAPS.seconds),
  TEST_RUN_MAX_ITERATIONS: count(TEST_CAPS.iterations),
  DATABASE_URL: text.optional(),
  DATABASE_POOL_SIZE: count(20),
  DATABASE_CONNECT_TIMEOUT_MS: count(5000),
  TEMPORAL_ADDRESS: text.default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: text.default(NAMESPACE),
  TEMPORAL_API_KEY: text.optional(),
  TEMPORAL_TLS_CERT_FILE: text.optional(),
  TEMPORAL_TLS_KEY_FILE: text.optional(),
  TEMPORAL_TLS_CA_FILE: text.optional(),
  TEMPORAL_TLS_SERVER_NAME: text.optional(),
  TEMPORAL_UI_URL: text.optional(),
  API_HOST: text.default('127.0.0.1'),
  API_PORT: count(8000),
  WEB_ORIGIN: text.default('http://127.0.0.1:3000'),
  CORS_ORIGINS: list,
  TRUST_PROXY_HOPS: count(0),
  ARTIFACTS_URL: text.optional(),
  WORKER_TASK_QUEUE: text.default(WORKFLOW_TASK_QUEUE),
  WORKER_METRICS_PORT: z.coerce.number().int().min(0).optional(),
  WORKER_MAX_CONCURRENT_ACTIVITIES: count(200),
  WORKER_MAX_CACHED_WORKFLOWS: count(400),
  WORKER_SHUTDOWN_GRACE_MS: count(30_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'text']).default('json'),
  SEARXNG_URL: text.optional(),
  TAVILY_API_KEY: text.optional(),
  BRAVE_API_KEY: text.optional(),
  WIKIPEDIA_BASE_URL: text.optional(),
  ARXIV_BASE_URL: text.optional(),
  SKILLS_DIR: text.optional(),
});

type Environment = z.infer<typeof EnvironmentSchema>;
export interface ProviderEnvironment { baseUrl?: string; apiKey?: string }
export interface Config extends Environment {
  /** absolute */
  home: string;
  providers: Record<ProviderId, ProviderEnvironment>;
}

/** Reads and checks the environment. @throws Error that names every wrong variable and what it should be */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = EnvironmentSchema.safeParse(given);
  if (!parsed.success) throw new Error(`The environment needs a change:\n${z.prettifyError(parsed.error)}`);
  const providers = Object.fromEntries(PROVIDER_IDS.map((id) => {
    const prefix = id.toUpperCase();
    return [id, { baseUrl: given[`${prefix}_BASE_URL`], apiKey: given[`${prefix}_API_KEY`] }];
  })) as Record<ProviderId, ProviderEnvironment>;
  return { ...parsed.data, home: path.resolve(parsed.data.AWP_HOME.replace(/^~(?=\/|$)/, homedir())), providers };
}

/** The 32-byte master key. @throws Error when it is missing, of the wrong length, or (production) a sample or weak value */
export function masterKey(config: Config): Buffer {
  const encoded = config.AWP_MASTER_KEY ?? (config.AWP_MASTER_KEY_FILE ? readFileSync(config.AWP_MASTER_KEY_FILE, 'utf8').trim() : undefined);
  if (!encoded) throw new Error('AWP_MASTER_KEY is missing: 32 bytes in base64, for example from `openssl rand -base64 32`.');
  const key = Buffer.from(encoded, 'base64');
  if (key.length !== 32) throw new Error(`AWP_MASTER_KEY must be 32 bytes in base64; it is ${key.length} bytes.`);
  // A key of few distinct bytes is a sample or typed by hand: 32 random bytes have at least 20 distinct values in practice.
  if (config.AWP_ENV === 'production' && new Set(key).size < 16) throw new Error('AWP_MASTER_KEY is a sample or weak value; make one with `openssl rand -base64 32`.');
  return key;
}
