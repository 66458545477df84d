import { randomUUID } from 'node:crypto';
import { masterKey } from '#platform/config';
import { uuidv7 } from '#platform/ids';
import { sealSecret } from '#platform/secrets/envelope';
import { createKeyRing } from '#platform/secrets/key-ring';
import { baseUrlHash } from '#platform/secrets/secret-store';
import { simulatorEnvironment, startEngine, type Engine, type StartOptions } from './engine.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { assertInvariants } from './invariants.ts';
import { startProcess, type ProcessUnderTest } from './worker-process.ts';

/** A worker process whose wires to Temporal, PostgreSQL and the provider can be hurt one by one, while the test itself looks on
 * over wires of its own. A canary key is planted as the person's own. */
export interface FaultRig {
  engine: Engine;
  canary: string;
  taskQueue: string;
  wires: { temporal: FaultProxy; postgres: FaultProxy; provider: FaultProxy };
  /** another worker process on the rig's queue */
  worker(environment?: Record<string, string>): Promise<ProcessUnderTest>;
  start(options?: StartOptions): ReturnType<Engine['start']>;
  /** mends all, ends all workers, checks the invariants, and makes the rig new for the next test */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function startFaultRig(environment: Record<string, string> = {}): Promise<FaultRig> {
  const engine = await startEngine(environment);
  const { config } = engine;
  const targetOf = (address: string) => { const url = new URL(address.includes('://') ? address : `tcp://${address}`); return { host: url.hostname, port: Number(url.port) }; };
  const [temporal, postgres, provider] = await Promise.all([config.TEMPORAL_ADDRESS, config.DATABASE_URL ?? '', engine.simulator.url].map((address) => startFaultProxy(targetOf(address)))) as [FaultProxy, FaultProxy, FaultProxy];
  const databaseUrl = new URL(config.DATABASE_URL ?? '');
  databaseUrl.host = `127.0.0.1:${postgres.port}`;
  const providerUrl = `http://127.0.0.1:${provider.port}`;
  const canary = `sk-canary-${randomUUID()}`;
  await plantKey(engine, canary, `${providerUrl}/v1`);
  const workers: ProcessUnderTest[] = [];
  let logs = '';
  const rig: FaultRig = {
    engine, canary, taskQueue: `faults-${randomUUID()}`, wires: { temporal, postgres, provider },
    async worker(extra = {}) {
      const worker = await startProcess('worker/main.ts', {
        AWP_HOME: config.home, DATABASE_URL: databaseUrl.href, TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`, AWP_MASTER_KEY: config.AWP_MASTER_KEY ?? '', AWP_RETRY_BASE_MS: '20', LOG_LEVEL: 'debug', DATABASE_POOL_SIZE: '6',
        DATABASE_CONNECT_TIMEOUT_MS: '1000', WORKER_TASK_QUEUE: rig.taskQueue, ...simulatorEnvironment(providerUrl), ...environment, ...extra,
      });
      workers.push(worker);
      return worker;
    },
    start: (options = {}) => engine.start({ provider: 'openai', taskQueue: rig.taskQueue, ...options, timings: { heartbeatTimeoutMs: 3_000, callTimeoutMs: 20_000, ...options.timings } }),
    async settle() {
      await Promise.all([temporal, postgres, provider].map((wire) => wire.mend()));
      const ended = workers.splice(0);
      await Promise.all(ended.map((worker) => worker.kill()));
      logs += ended.map((worker) => worker.output()).join('');
      engine.simulator.reset();
      rig.taskQueue = `faults-${randomUUID()}`;
      try {
        await assertInvariants(engine, { canary, logs });
      } finally {
        // A test that failed half-way must not trouble the next one.
        await engine.db.run.deleteMany({ where: { userId: engine.userId } });
      }
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.kill()));
      await Promise.all([temporal, postgres, provider].map((wire) => wire.close()));
      await engine.close();
    },
  };
  return rig;
}

async function plantKey(engine: Engine, apiKey: string, baseUrl: string): Promise<void> {
  const id = uuidv7();
  const providers = { ...engine.config.providers, openai: { baseUrl } };
  const envelope = sealSecret(createKeyRing([masterKey(engine.config)]), apiKey, { ownerId: engine.userId, provider: 'openai', rowId: id });
  await engine.db.providerSetting.create({ data: { id, userId: engine.userId, provider: 'openai', secretEnvelope: envelope as never, last4: apiKey.slice(-4), baseUrlHash: baseUrlHash({ providers }, 'openai') } });
}
