import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { findCatalogEntry } from '#activities/index';
import type { CatalogEntry } from '#contracts/catalog.schema';
import { runPriority } from '#contracts/fairness';
import { POLICY_ATTEMPTS, TEST_CAPS } from '#contracts/limits';
import type { ProviderId } from '#contracts/providers';
import { reduceRunEvents, type RunView } from '#contracts/run-reducer';
import type { RunMode } from '#contracts/runs';
import type { RunRequest } from '#contracts/workflow';
import { loadConfig, type Config } from '#platform/config';
import { openDatabase, type Database } from '#platform/db';
import { digestOf, uuidv7 } from '#platform/ids';
import { createLogger } from '#platform/logger';
import { priceOf, providerData } from '#platform/provider-catalog';
import { allRunEvents, appendRunEvents } from '#platform/repositories/run-events';
import { startSimulator, type Simulator } from '#simulator/server';
import { createWorker, type RunningWorker } from '#worker/create-worker';
import { createTestDatabase, temporalAddress } from './servers.ts';
import './temporal-runtime.ts';
import { WORKFLOW_BUNDLES } from './folders.ts';

/** A real engine for one test file: real Temporal, a database of its own, the simulator, a worker in this process on a queue
 * of its own. Durations are milliseconds, so that nothing waits for real seconds. */
export interface Engine {
  db: Database;
  config: Config;
  simulator: Simulator;
  runner: RunningWorker;
  userId: string;
  taskQueue: string;
  start(options?: StartOptions): Promise<{ runId: string; handle: WorkflowHandle }>;
  /** waits for the end and reads the log */
  finished(runId: string): Promise<RunView>;
  view(runId: string): Promise<RunView>;
  /** waits until the log says so */
  until(runId: string, check: (view: RunView) => boolean, timeoutMs?: number): Promise<RunView>;
  /** the oldest worker ends as by SIGTERM; what it ran stays in Temporal */
  stopWorker(): Promise<void>;
  /** a new worker with an empty cache: it replays what it takes over */
  startWorker(): Promise<void>;
  readArtifact(runId: string, fileName: string): Promise<string>;
  close(): Promise<void>;
}

export interface StartOptions { mode?: RunMode; provider?: ProviderId; model?: string; fork?: RunRequest['fork']; input?: Record<string, unknown>; caps?: Partial<RunRequest['caps']['test']>; fullCaps?: Partial<RunRequest['caps']['full']>; timings?: Partial<RunRequest['timings']>; /** anything else of the request */ request?: Partial<RunRequest>; slug?: string; /** default: the queue of the worker in this process */ taskQueue?: string }

export const GOAL = 'Build a small agent that calls tools, and understand why it sometimes fails';

export function simulatorEnvironment(url: string): Record<string, string> {
  const families = ['OPENAI', 'DEEPSEEK', 'GROQ', 'OPENROUTER', 'COMPATIBLE', 'DEMO'];
  return { ...Object.fromEntries(families.map((name) => [`${name}_BASE_URL`, `${url}/v1`])), ANTHROPIC_BASE_URL: url, GEMINI_BASE_URL: url, ...Object.fromEntries([...families, 'ANTHROPIC', 'GEMINI'].map((name) => [`${name}_API_KEY`, 'sk-test-0123456789abcdef'])) };
}

/** @param extra  a catalog entry and a sandbox entry file of the test's own */
export async function startEngine(environment: Record<string, string> = {}, extra: EngineExtra = {}): Promise<Engine> {
  const findEntry = (slug: string) => extra.entries?.find((entry) => entry.slug === slug) ?? findCatalogEntry(slug);
  const database = await createTestDatabase();
  const simulator = await startSimulator({ control: true, delayMsPerChunk: 0 });
  const home = mkdtempSync(path.join(tmpdir(), 'awp-engine-'));
  const config = loadConfig({
    AWP_HOME: home, DATABASE_URL: database.url, TEMPORAL_ADDRESS: temporalAddress(), AWP_MASTER_KEY: randomBytes(32).toString('base64'), DATABASE_POOL_SIZE: '8', AWP_RETRY_BASE_MS: '20',
    WORKER_SHUTDOWN_GRACE_MS: '100', WORKER_TASK_QUEUE: `test-${randomUUID()}`, LOG_LEVEL: 'silent', ...(extra.realVendors ? { DEMO_BASE_URL: `${simulator.url}/v1` } : simulatorEnvironment(simulator.url)), ...environment,
  });
  const newWorker = () => createWorker(config, createLogger(config, 'test-worker', extra.log), findEntry, WORKFLOW_BUNDLES, extra.workflowsPath);
  const runner = await newWorker();
  const taskQueue = config.WORKER_TASK_QUEUE;
  const all = [runner];
  const working = [{ runner, running: runner.worker.run() }];
  const stopWorker = async () => {
    const oldest = working.shift();
    oldest?.runner.worker.shutdown();
    await oldest?.running;
  };
  const handle = openDatabase(config);
  const userId = uuidv7();
  await handle.db.user.create({ data: { id: userId, name: 'Test', email: `${userId}@example.test`, role: 'admin' } });
  const { db } = handle;

  const view = async (runId: string) => reduceRunEvents(await allRunEvents(db, runId));
  const until: Engine['until'] = async (runId, check, timeoutMs = 20_000) => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const seen = await view(runId);
      if (check(seen)) return seen;
      if (Date.now() > deadline) throw new Error(`the run did not get there: ${JSON.stringify({ status: seen.status, waits: seen.waits, error: seen.error, stages: seen.stages.map((stage) => [stage.stage, stage.status]) })}`);
      await new Promise((resolve) => { setTimeout(resolve, 25); });
    }
  };
  return {
    stopWorker,
    async startWorker() {
      const next = await newWorker();
      all.push(next);
      working.push({ runner: next, running: next.worker.run() });
    },
    until, db, config, simulator, runner, userId, taskQueue, view,
    start: (options = {}) => startRun({ db, config, userId, taskQueue, client: runner.deps.temporal, findEntry }, options),
    async finished(runId) {
      const ended = async (): Promise<unknown> => runner.deps.temporal.workflow.getHandle(runId).result().catch((error: unknown) => error);
      // The API answers before Temporal has heard of the run.
      if ((await ended()) instanceof WorkflowNotFoundError) { await until(runId, ({ status }) => status !== 'queued'); await ended(); }
      return view(runId);
    },
    async readArtifact(runId, fileName) {
      const row = await db.artifact.findUniqueOrThrow({ where: { runId_fileName: { runId, fileName } } });
      const { stream } = await runner.deps.storage.get(row.storageKey);
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
    async close() {
      while (working.length > 0) await stopWorker();
      for (const each of all) await each.close();
      await handle.close();
      await simulator.stop();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export interface EngineExtra { entries?: readonly CatalogEntry[]; workflowsPath?: string; /** vendors by their own addresses and the environment's keys; only the demo is the simulator */ realVendors?: boolean; /** takes the worker's log; LOG_LEVEL is silent unless set */ log?: { write(line: string): void } }
interface StartDeps { findEntry?: typeof findCatalogEntry; db: Database; config: Config; userId: string; taskQueue: string; client: RunningWorker['deps']['temporal'] }

/** What the API does at POST /runs, without HTTP: row, first event, execution. */
export async function startRun({ db, config, userId, taskQueue, client, findEntry = findCatalogEntry }: StartDeps, options: StartOptions): Promise<{ runId: string; handle: WorkflowHandle }> {
  const entry = findEntry(options.slug ?? 'learn_agentic_ai');
  if (!entry) throw new Error('no such entry');
  const provider = options.provider ?? 'demo';
  const model = options.model ?? providerData(config, provider).defaultModel;
  const runId = uuidv7();
  const mode = options.mode ?? 'test_run';
  const input = entry.input.parse({ ...(entry.slug === 'learn_agentic_ai' ? { learning_goal: GOAL } : entry.presets[0]?.inputs), ...options.input });
  const targets = (entry.targetsFor?.(input) ?? []).map((target) => ({ ...target, price: priceOf(config, target.provider, target.model) }));
  const caps = { ...TEST_CAPS, costUsdMicros: null };
  const request: RunRequest = {
    runId, userId, slug: entry.slug, version: entry.version, mode, provider, model, persona: entry.personas[0] ?? 'student', input,
    caps: { test: { ...caps, ...options.caps }, full: { outputTokens: 100_000, inputTokens: 500_000, seconds: 600, iterations: 50, costUsdMicros: null, ...options.fullCaps } }, price: priceOf(config, provider, model),
    timings: { callTimeoutMs: 10_000, pingTimeoutMs: 3_000, heartbeatTimeoutMs: 6_000, retryBaseMs: 20, attempts: POLICY_ATTEMPTS, budgetWaitMs: 0, outageWaitMs: 0, gateWaitMs: 60_000, ...options.timings }, engine: 3,
    ...(options.fork ? { fork: options.fork } : {}), ...(targets.length > 0 ? { targets } : {}),
    ...options.request,
  };
  // An upsert that updates nothing reads before it writes: of two first starts at once one would fail.
  await db.workflow.createMany({ data: [{ id: uuidv7(), slug: entry.slug, name: entry.title, description: entry.description, difficulty: entry.difficulty, estimatedSeconds: 60, currentVersion: 1 }], skipDuplicates: true });
  const { id: workflowId } = await db.workflow.findUniqueOrThrow({ where: { slug: entry.slug }, select: { id: true } });
  const version = { workflowId, version: 1, contentHash: digestOf('test') };
  await db.workflowVersion.createMany({ data: [{ id: uuidv7(), ...version, definition: {} }], skipDuplicates: true });
  const { id: workflowVersionId } = await db.workflowVersion.findUniqueOrThrow({ where: { workflowId_version_contentHash: version }, select: { id: true } });
  await db.$transaction(async (tx) => {
    await tx.run.create({ data: { id: runId, userId: request.userId, workflowVersionId, workflowSlug: entry.slug, workflowType: entry.workflowType, persona: request.persona, inputs: input as never, inputDigest: digestOf(input), runMode: mode, provider, model, simulated: provider === 'demo', request: request as never, forkedFromId: options.fork?.sourceRunId ?? null, forkKind: options.fork?.kind ?? null } });
    await appendRunEvents(tx, runId, [{ key: 'api/run-queue', event: { type: 'run-queue', data: { mode, workflow_id: entry.slug, workflow_title: entry.title, workflow_version: entry.version, provider, model, simulated: provider === 'demo' } } }]);
  });
  const handle = await client.workflow.start(entry.workflowType, { workflowId: runId, taskQueue: options.taskQueue ?? taskQueue, args: [request], priority: runPriority(request) });
  return { runId, handle };
}
