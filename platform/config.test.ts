import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FULL_CAPS, FULL_MAX_SECONDS, TEST_CAPS } from '#contracts/limits';
import { PROVIDER_IDS } from '#contracts/providers';
import { cachedWorkflows, loadConfig, masterKey, modelQueues } from './config.ts';

const read = (file: string) => readFileSync(path.join(import.meta.dirname, '..', file), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'awp-config-'));
afterAll(() => { rmSync(folder, { recursive: true }); });

describe('the environment', () => {
  it('is not needed: every variable has a default that works', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      AWP_ENV: 'local', API_PORT: 8000, API_HOST: '127.0.0.1', TEST_RUN_MAX_TOKENS: TEST_CAPS.outputTokens, TEST_RUN_MAX_INPUT_TOKENS: TEST_CAPS.inputTokens, TEST_RUN_MAX_RUNTIME_SECONDS: TEST_CAPS.seconds,
      TEST_RUN_MAX_ITERATIONS: TEST_CAPS.iterations, AWP_FULL_RUN_MAX_SECONDS: FULL_MAX_SECONDS, AWP_FULL_RUN_MAX_OUTPUT_TOKENS: FULL_CAPS.outputTokens, AWP_RETRY_BASE_MS: 2000, CORS_ORIGINS: [],
    });
    expect(path.isAbsolute(config.home)).toBe(true);
  });

  it('empty counts as not set', () => {
    const config = loadConfig({ API_PORT: '', AWP_MASTER_KEY: '', OPENAI_API_KEY: '' });
    expect([config.API_PORT, config.AWP_MASTER_KEY, config.providers.openai.apiKey]).toEqual([8000, undefined, undefined]);
  });

  it.each([['API_PORT', 'eighty'], ['API_PORT', '-1'], ['API_PORT', '80.5'], ['AWP_ENV', 'prod'], ['LOG_LEVEL', 'loud'], ['LOG_FORMAT', 'xml'], ['TEST_RUN_MAX_RUNTIME_SECONDS', '0'], ['TEST_RUN_MAX_TOKENS', 'many'], ['WORKER_METRICS_PORT', 'x'], ['TEMPORAL_ADDRESS', '   ']])('%s=%s stops the start and is named', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });

  it('all that is wrong is named at once, and no value is shown', () => {
    expect(() => loadConfig({ API_PORT: 'secret-value', AWP_ENV: 'secret-value' })).toThrow(/API_PORT[^]*AWP_ENV|AWP_ENV[^]*API_PORT/);
    expect(() => loadConfig({ API_PORT: 'secret-value' })).not.toThrow(/secret-value/);
  });

  it('lists are split at commas', () => {
    expect(loadConfig({ CORS_ORIGINS: ' https://a.example, https://b.example ,,' }).CORS_ORIGINS).toEqual(['https://a.example', 'https://b.example']);
  });

  it('~ is the home folder', () => {
    expect(loadConfig({ AWP_HOME: '~/awp' }).home).toBe(path.join(homedir(), 'awp'));
    expect(loadConfig({ AWP_HOME: '/srv/~awp' }).home).toBe('/srv/~awp');
  });

  it('every provider takes a key and a base URL', () => {
    for (const id of PROVIDER_IDS) expect(loadConfig({ [`${id.toUpperCase()}_API_KEY`]: 'k', [`${id.toUpperCase()}_BASE_URL`]: 'http://x' }).providers[id]).toEqual({ apiKey: 'k', baseUrl: 'http://x' });
  });
});

describe('a secret by file', () => {
  const file = path.join(folder, 'database-url');
  writeFileSync(file, 'postgresql://by-file\n');

  it('is read without its line end; the variable itself wins', () => {
    expect(loadConfig({ DATABASE_URL_FILE: file }).DATABASE_URL).toBe('postgresql://by-file');
    expect(loadConfig({ DATABASE_URL_FILE: file, DATABASE_URL: 'postgresql://plain' }).DATABASE_URL).toBe('postgresql://plain');
    expect(loadConfig({ OPENAI_API_KEY_FILE: file }).providers.openai.apiKey).toBe('postgresql://by-file');
  });

  it('that cannot be read stops the start and is named; an empty one counts as not set', () => {
    writeFileSync(path.join(folder, 'empty'), '\n');
    expect(() => loadConfig({ DATABASE_URL_FILE: path.join(folder, 'nothing') })).toThrow(/DATABASE_URL_FILE.*ENOENT/);
    expect(loadConfig({ TAVILY_API_KEY_FILE: path.join(folder, 'empty') }).TAVILY_API_KEY).toBeUndefined();
  });
});

describe('rates and queues of providers', () => {
  it('a rate over all keys needs a queue; a name alone gives one; others ride along', () => {
    const { providers } = loadConfig({ AWP_PROVIDER_QUEUES: 'groq', OPENAI_QUEUE_PER_SECOND: '5', ANTHROPIC_REQUESTS_PER_MINUTE: '60', WORKER_TASK_QUEUE: 'other' });
    expect([providers.groq.queue, providers.openai.queue, providers.openai.queuePerSecond, providers.anthropic.queue, providers.anthropic.requestsPerMinute]).toEqual(['other-llm-groq', 'other-llm-openai', 5, undefined, 60]);
    expect(modelQueues(loadConfig({ AWP_PROVIDER_QUEUES: 'all' }))).toMatchObject({ openai: 'llm-openai', demo: 'llm-demo' });
  });

  it('a worker serves everything, or the parts that it is told', () => {
    expect(loadConfig({}).WORKER_SERVES).toEqual([]);
    expect(loadConfig({ WORKER_SERVES: 'workflows, groq' }).WORKER_SERVES).toEqual(['workflows', 'groq']);
    expect(() => loadConfig({ WORKER_SERVES: 'nobody' })).toThrow('WORKER_SERVES');
  });

  it('a wrong rate or name stops the start and is named', () => {
    expect(() => loadConfig({ OPENAI_REQUESTS_PER_MINUTE: '0' })).toThrow('OPENAI_REQUESTS_PER_MINUTE');
    expect(() => loadConfig({ AWP_PROVIDER_QUEUES: 'nobody' })).toThrow('AWP_PROVIDER_QUEUES');
  });
});

it.each([[512, 200], [2_048, 273], [4_096, 819], [24_000, 1_200]])('%i MB of memory keep %i live runs', (memory, kept) => {
  expect(cachedWorkflows(memory)).toBe(kept);
});

describe('.env.example', () => {
  const inSchema = [...read('platform/config.ts').matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map((match) => match[1] as string);
  const inExample = [...read('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] as string);
  /** Set by the launcher for its own children, or read by it and by web alone. */
  const LAUNCHER = ['AWP_SIGN_IN_TOKEN', 'WEB_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT', 'API_ORIGIN'];
  const providerName = new RegExp(`^(?:${PROVIDER_IDS.map((id) => id.toUpperCase()).join('|')})_(?:API_KEY|BASE_URL|REQUESTS_PER_MINUTE|QUEUE_PER_SECOND)$`);

  it('holds every variable of the configuration', () => {
    expect(inSchema.length).toBeGreaterThan(40);
    expect(inSchema.filter((name) => !inExample.includes(name) && !LAUNCHER.includes(name))).toEqual([]);
    for (const id of PROVIDER_IDS.filter((each) => each !== 'demo')) expect(inExample).toEqual(expect.arrayContaining([`${id.toUpperCase()}_API_KEY`, `${id.toUpperCase()}_BASE_URL`]));
  });

  it('and nothing that nobody reads, each once', () => {
    expect(inExample.filter((name) => !inSchema.includes(name) && !LAUNCHER.includes(name) && !providerName.test(name))).toEqual([]);
    expect(new Set(inExample).size).toBe(inExample.length);
  });

  it('shows the defaults that really hold', () => {
    const config = loadConfig({}) as unknown as Record<string, unknown>;
    const shown = [...read('.env.example').matchAll(/^#([A-Z][A-Z0-9_]+)=(\d+)$/gm)].filter((match) => inSchema.includes(match[1] as string) && config[match[1] as string] !== undefined);
    expect(shown.length).toBeGreaterThan(10);
    for (const [, name, value] of shown) expect(String(config[name as string]), name).toBe(value);
  });
});

describe('the master key', () => {
  const random = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 11) % 256));
  const keyOf = (environment: Record<string, string>) => masterKey(loadConfig(environment));

  it('is 32 bytes in base64, from the variable or from a file', () => {
    const file = path.join(folder, 'key');
    writeFileSync(file, `${random.toString('base64')}\n`);
    expect(keyOf({ AWP_MASTER_KEY: random.toString('base64') })).toEqual(random);
    expect(keyOf({ AWP_MASTER_KEY_FILE: file })).toEqual(random);
  });

  it('missing or of the wrong length says so and shows nothing of it', () => {
    expect(() => keyOf({})).toThrow('AWP_MASTER_KEY is missing');
    expect(() => keyOf({ AWP_MASTER_KEY: random.subarray(0, 31).toString('base64') })).toThrow('31 bytes');
    expect(() => keyOf({ AWP_MASTER_KEY: 'changeme' })).toThrow(/^(?!.*changeme).*32 bytes/);
  });

  it('production refuses a weak or sample one, a laptop does not', () => {
    const weak = Buffer.alloc(32, 7).toString('base64');
    expect(() => keyOf({ AWP_ENV: 'production', AWP_MASTER_KEY: weak })).toThrow('weak');
    expect(keyOf({ AWP_MASTER_KEY: weak })).toHaveLength(32);
    expect(keyOf({ AWP_ENV: 'production', AWP_MASTER_KEY: random.toString('base64') })).toEqual(random);
  });
});
