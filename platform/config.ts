import { readFileSync } from 'node:fs';
import { homedir, totalmem } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { APPROVAL_WAIT_SECONDS, BREAKER_OPEN_MS, BUDGET_WAIT_SECONDS, CALL_TIMEOUT_MS, EVIDENCE_MAX_AGE_HOURS, FULL_CAPS, FULL_MAX_SECONDS, HEARTBEAT_TIMEOUT_MS, KEY_TEST_TIMEOUT_MS, OUTAGE_WAIT_SECONDS, PING_TIMEOUT_MS, REMIND_AFTER, TEST_CAPS, UPLOAD_MAX_BYTES, UPLOAD_QUOTA_BYTES } from '#contracts/limits';
import { modelTaskQueue, NAMESPACE, WORKFLOW_TASK_QUEUE } from '#contracts/task-queues';
import { McpServers } from '#contracts/mcp-servers.schema';
import { OidcProviders } from '#contracts/oidc-providers.schema';
import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import { WEBHOOK_RETRY_SECONDS } from '#contracts/webhooks';

/** The only file that reads the environment. Every variable is in .env.example; a wrong value names itself and stops the start. */
const text = z.string().trim().min(1);
const count = (fallback: number) => z.coerce.number().int().min(0).default(fallback);
const json = <T>(schema: z.ZodType<T>) => z.string().transform((value, context): unknown => {
  try { return JSON.parse(value); } catch { context.addIssue({ code: 'custom', message: 'must be JSON' }); return z.NEVER; }
}).pipe(schema);
const list = z.string().default('').transform((value) => value.split(',').map((part) => part.trim()).filter(Boolean));
/** `name=value` with commas between */
const pairs = list.transform((parts, context): Record<string, string> => {
  if (parts.some((part) => !/^[^=]+=/.test(part))) { context.addIssue({ code: 'custom', message: 'must be name=value, with commas between' }); return z.NEVER; }
  return Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf('=')).trim(), part.slice(part.indexOf('=') + 1).trim()]));
});

/** What this process may use, MB: the container's limit where there is one. */
const memoryMegabytes = (): number => Math.min(totalmem(), process.constrainedMemory() || Infinity) / 2 ** 20;

/** Runs whose state a worker keeps: one that is not kept is replayed from its history at every step, which at 1,000 live runs took
 * two thirds of the throughput. A kept run takes some 1.3 MB (docs/benchmarks.md); the rest is left to the process and its heaps. */
export const cachedWorkflows = (memoryMb: number): number => Math.round(Math.min(1_200, Math.max(200, ((memoryMb - 1_024) * 0.4) / 1.5)));

/** Variables that hold a secret and may come by file. */
const SECRET_FILE = new RegExp(`^(?:DATABASE_URL|TEMPORAL_API_KEY|AWP_BOOTSTRAP_API_KEY|AWP_PREVIOUS_MASTER_KEYS|AWP_MAIL_HOOK_TOKEN|AWP_SIGN_IN_TOKEN|VAULT_TOKEN|VAULT_SECRET_ID|OTEL_EXPORTER_OTLP_HEADERS|S3_ACCESS_KEY_ID|S3_SECRET_ACCESS_KEY|TAVILY_API_KEY|BRAVE_API_KEY|(?:${PROVIDER_IDS.map((id) => id.toUpperCase()).join('|')})_API_KEY)_FILE$`);

const EnvironmentSchema = z.object({
  AWP_ENV: z.enum(['local', 'production']).default('local'),
  AWP_HOME: text.default('.awp'),
  AWP_MASTER_KEY: text.optional(),
  AWP_MASTER_KEY_FILE: text.optional(),
  AWP_PREVIOUS_MASTER_KEYS: list,
  AWP_PAYLOAD_ENCRYPTION: z.enum(['required', 'migrating', 'off']).default('required'),
  AWP_PROMPT_GUARD: z.enum(['flag', 'strict']).default('flag'),
  AWP_SECRET_STORE: z.enum(['database', 'vault']).default('database'),
  VAULT_ADDR: z.url({ protocol: /^https?$/ }).optional(),
  VAULT_NAMESPACE: text.optional(),
  VAULT_KV_MOUNT: text.default('secret'),
  VAULT_KV_PREFIX: text.default('awp'),
  VAULT_AUTH_MOUNT: text.optional(),
  VAULT_TOKEN: text.optional(),
  VAULT_ROLE_ID: text.optional(),
  VAULT_SECRET_ID: text.optional(),
  VAULT_KUBERNETES_ROLE: text.optional(),
  VAULT_KUBERNETES_TOKEN_FILE: text.default('/var/run/secrets/kubernetes.io/serviceaccount/token'),
  AWP_OIDC_PROVIDERS: json(OidcProviders).default([]),
  AWP_MAIL_HOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  AWP_MAIL_HOOK_TOKEN: text.optional(),
  AWP_BOOTSTRAP_API_KEY: text.optional(),
  AWP_SIGN_IN_TOKEN: text.optional(),
  AWP_PROVIDER_DATA: text.optional(),
  AWP_ALLOWED_PRIVATE_HOSTS: list,
  AWP_PROVIDER_QUEUES: list.pipe(z.array(z.enum(PROVIDER_IDS)).or(z.tuple([z.literal('all')]).transform(() => [...PROVIDER_IDS]))),
  AWP_RUN_STARTS_PER_MINUTE: count(10),
  AWP_SECRET_WRITES_PER_HOUR: count(5),
  AWP_CHANGES_PER_MINUTE: count(300),
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
  AWP_WEBHOOK_RETRY_MS: count(WEBHOOK_RETRY_SECONDS[0] * 1000),
  AWP_BUDGET_WAIT_SECONDS: count(BUDGET_WAIT_SECONDS),
  AWP_OUTAGE_WAIT_SECONDS: count(OUTAGE_WAIT_SECONDS),
  AWP_APPROVAL_WAIT_SECONDS: count(APPROVAL_WAIT_SECONDS),
  AWP_REMIND_AFTER: z.coerce.number().min(0).lt(1).default(REMIND_AFTER),
  AWP_BREAKER_OPEN_MS: count(BREAKER_OPEN_MS),
  AWP_EXECUTE_WAIT_SECONDS: count(25),
  AWP_RECONCILE_SECONDS: count(20),
  AWP_RETENTION_DAYS: count(30),
  AWP_UPLOAD_MAX_BYTES: count(UPLOAD_MAX_BYTES),
  AWP_UPLOAD_QUOTA_BYTES: count(UPLOAD_QUOTA_BYTES),
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
  AWP_DRAIN_SECONDS: count(0),
  ARTIFACTS_URL: text.optional(),
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_PUBLIC_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_REGION: text.default('us-east-1'),
  S3_ACCESS_KEY_ID: text.optional(),
  S3_SECRET_ACCESS_KEY: text.optional(),
  S3_PRESIGN_SECONDS: count(60),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: z.enum(['true', 'false']).default('false'),
  WORKER_TASK_QUEUE: text.default(WORKFLOW_TASK_QUEUE),
  WORKER_SERVES: list.pipe(z.array(z.enum(['workflows', ...PROVIDER_IDS]))),
  WORKER_VERSIONING: z.enum(['off', 'pinned', 'auto_upgrade']).default('off'),
  WORKER_DEPLOYMENT: text.default('awp'),
  WORKER_BUILD_ID: text.optional(),
  WORKER_BUNDLE_FOLDER: text.optional(),
  WORKER_METRICS_PORT: z.coerce.number().int().min(0).optional(),
  WORKER_MAX_CONCURRENT_ACTIVITIES: count(500),
  WORKER_MAX_CACHED_WORKFLOWS: count(cachedWorkflows(memoryMegabytes())),
  WORKER_STACK_TRACES: z.enum(['off', 'on']).default('off'),
  WORKER_SHUTDOWN_GRACE_MS: count(30_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'text']).default('json'),
  SEARXNG_URL: text.optional(),
  TAVILY_API_KEY: text.optional(),
  BRAVE_API_KEY: text.optional(),
  WIKIPEDIA_BASE_URL: text.optional(),
  ARXIV_BASE_URL: text.optional(),
  CROSSREF_BASE_URL: text.optional(),
  OPENALEX_BASE_URL: text.optional(),
  DOI_BASE_URL: text.optional(),
  GITHUB_BASE_URL: text.optional(),
  GITHUB_API_BASE_URL: text.optional(),
  GITLAB_BASE_URL: text.optional(),
  AWP_MCP_SERVERS: json(McpServers).default({}),
  AWP_MCP_SERVERS_FILE: text.optional(),
  SKILLS_DIR: text.optional(),
  SKILLS_RESCAN_SECONDS: z.coerce.number().positive().default(30),
});

type Environment = z.infer<typeof EnvironmentSchema>;

/** Every variable that is read: by name, and those of providers by pattern. */
export const environmentNames = (): { known: string[]; pattern: RegExp } =>
  ({ known: Object.keys(EnvironmentSchema.shape), pattern: new RegExp(`^(?:${PROVIDER_IDS.map((id) => id.toUpperCase()).join('|')})_(?:API_KEY|BASE_URL|REQUESTS_PER_MINUTE|QUEUE_PER_SECOND)$`) });

export interface ProviderEnvironment {
  baseUrl?: string;
  apiKey?: string;
  /** model calls a minute with one key, over all workers; undefined = as many as there are */
  requestsPerMinute?: number;
  /** the provider's own task queue; undefined = its calls ride on the workflow's queue */
  queue?: string;
  /** model calls a second over all keys and workers, kept by Temporal; only with a queue */
  queuePerSecond?: number;
}
export interface Config extends Environment {
  /** absolute */
  home: string;
  providers: Record<ProviderId, ProviderEnvironment>;
}

/** What holds in production where nothing is set; a local machine is one person's. */
const PRODUCTION_DEFAULTS = { AWP_MAX_CONCURRENT_RUNS: '20' };

/** Values that stand in samples, or that somebody thought of. */
const isWeak = (value: string): boolean => value.length < 16 || new Set(value).size < 8 || /change.?me|example|sample|password/i.test(value);
const DEFAULT_PASSWORDS = new Set(['postgres', 'password', 'admin', 'awp', 'changeme', 'secret']);

/** Every setting with which production does not start; the master key is looked at where it is used (masterKey). */
function productionFaults(config: Environment): string[] {
  const databasePassword = config.DATABASE_URL && URL.canParse(config.DATABASE_URL) ? decodeURIComponent(new URL(config.DATABASE_URL).password) : '';
  return [
    ...(config.AWP_PAYLOAD_ENCRYPTION === 'off' ? ['AWP_PAYLOAD_ENCRYPTION is off; in production it is required (or migrating, while runs from before go on).'] : []),
    ...(['AWP_BOOTSTRAP_API_KEY', 'AWP_SIGN_IN_TOKEN'] as const).filter((name) => config[name] !== undefined && isWeak(config[name])).map((name) => `${name} is a weak or sample value; make one with \`openssl rand -base64 32\`.`),
    ...(DEFAULT_PASSWORDS.has(databasePassword.toLowerCase()) ? ['DATABASE_URL has a default password; give the role of this installation one of its own.'] : []),
  ];
}

/** Reads and checks the environment. @throws Error that names every wrong variable and what it should be */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
  const given = withSecretFiles(set['AWP_ENV'] === 'production' ? { ...PRODUCTION_DEFAULTS, ...set } : set);
  const parsed = EnvironmentSchema.safeParse(given);
  if (!parsed.success) throw new Error(`The environment needs a change:\n${z.prettifyError(parsed.error)}`);
  const faults = parsed.data.AWP_ENV === 'production' ? productionFaults(parsed.data) : [];
  if (faults.length > 0) throw new Error(`The environment needs a change:\n${faults.join('\n')}`);
  const providers = Object.fromEntries(PROVIDER_IDS.map((id) => {
    const prefix = id.toUpperCase();
    const queuePerSecond = rate(given, `${prefix}_QUEUE_PER_SECOND`);
    const hasQueue = queuePerSecond !== undefined || parsed.data.AWP_PROVIDER_QUEUES.includes(id);
    return [id, {
      baseUrl: given[`${prefix}_BASE_URL`], apiKey: given[`${prefix}_API_KEY`], requestsPerMinute: rate(given, `${prefix}_REQUESTS_PER_MINUTE`), queuePerSecond,
      ...(hasQueue ? { queue: modelTaskQueue(parsed.data.WORKER_TASK_QUEUE, id) } : {}),
    }];
  })) as Record<ProviderId, ProviderEnvironment>;
  const AWP_MCP_SERVERS = parsed.data.AWP_MCP_SERVERS_FILE ? mcpServersOf(parsed.data.AWP_MCP_SERVERS_FILE) : parsed.data.AWP_MCP_SERVERS;
  return { ...parsed.data, AWP_MCP_SERVERS, home: path.resolve(parsed.data.AWP_HOME.replace(/^~(?=\/|$)/, homedir())), providers };
}

/** A secret may come as the path of a file, `<NAME>_FILE`, as secret mounts of containers give it; the plain variable wins.
 * AWP_MASTER_KEY_FILE is read by masterKey(). @throws Error that names the variable when its file cannot be read */
export function withSecretFiles(given: Record<string, string | undefined>): Record<string, string | undefined> {
  const files = Object.entries(given).filter(([name]) => SECRET_FILE.test(name));
  const read = files.map(([name, file]): [string, string] => {
    try {
      return [name.slice(0, -'_FILE'.length), readFileSync(file as string, 'utf8').trim()];
    } catch (error) {
      throw new Error(`The environment needs a change:\n${name} names a file that cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error });
    }
  });
  return { ...Object.fromEntries(read.filter(([, value]) => value !== '')), ...given };
}

/** @throws Error that names the file and what is wrong in it */
function mcpServersOf(file: string): Environment['AWP_MCP_SERVERS'] {
  const parsed = json(McpServers).safeParse(readFileSync(file, 'utf8'));
  if (!parsed.success) throw new Error(`AWP_MCP_SERVERS_FILE needs a change:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function rate(given: Record<string, string | undefined>, name: string): number | undefined {
  const value = given[name] === undefined ? undefined : Number(given[name]);
  if (value !== undefined && !(value > 0 && Number.isFinite(value))) throw new Error(`The environment needs a change:\n${name} must be a number above 0; leave it out for no limit.`);
  return value;
}

/** Task queues of the providers that have one: what a run is started with. */
export function modelQueues({ providers }: Pick<Config, 'providers'>): Partial<Record<ProviderId, string>> {
  return Object.fromEntries(Object.entries(providers).flatMap(([id, { queue }]) => (queue ? [[id, queue]] : [])));
}

/** The 32-byte master key. @throws Error when it is missing, of the wrong length, or (production) a sample or weak value */
export function masterKey(config: Config): Buffer {
  const encoded = config.AWP_MASTER_KEY ?? (config.AWP_MASTER_KEY_FILE ? readFileSync(config.AWP_MASTER_KEY_FILE, 'utf8').trim() : undefined);
  if (!encoded) throw new Error('AWP_MASTER_KEY is missing: 32 bytes in base64, for example from `openssl rand -base64 32`.');
  return keyFrom(config, 'AWP_MASTER_KEY', encoded);
}

function keyFrom(config: Config, name: string, encoded: string): Buffer {
  const key = Buffer.from(encoded, 'base64');
  if (key.length !== 32) throw new Error(`${name} must be 32 bytes in base64; it is ${key.length} bytes.`);
  // A key of few distinct bytes is a sample or typed by hand: 32 random bytes have at least 20 distinct values in practice.
  if (config.AWP_ENV === 'production' && new Set(key).size < 16) throw new Error(`${name} is a sample or weak value; make one with \`openssl rand -base64 32\`.`);
  return key;
}

/** The master key that encrypts, then those that still read: a key stays in AWP_PREVIOUS_MASTER_KEYS until `awp keys rotate` has
 * rewrapped everything. @throws Error as masterKey */
export function masterKeys(config: Config): [Buffer, ...Buffer[]] {
  return [masterKey(config), ...config.AWP_PREVIOUS_MASTER_KEYS.map((encoded) => keyFrom(config, 'AWP_PREVIOUS_MASTER_KEYS', encoded))];
}
