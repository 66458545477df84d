import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checklist } from '../checklist.mjs';
import { withoutSecrets, type StackAddresses } from '../launch/environment.ts';
import { localKeys, newSignInToken } from '../launch/keys.ts';
import { apiService, demoService, webService, workerService, type StackContext } from '../launch/our-services.ts';
import { PortBook } from '../launch/ports.ts';
import { databaseUrl, ensureDatabase, postgresService, type PostgresOptions } from '../launch/postgres.ts';
import { applyMigrations, generateClient } from '../launch/prisma.ts';
import { Service, type ServiceSpec } from '../launch/service.ts';
import { temporalBinary } from '../launch/temporal-binary.ts';
import { temporalService } from '../launch/temporal-server.ts';
import { buildWeb } from '../launch/web-build.ts';

const PORT_NAMES = ['API_PORT', 'WEB_PORT', 'POSTGRES_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'DEMO_PORT'];
const STOP_ORDER = ['web', 'api', 'worker', 'demo', 'temporal', 'postgres'];

/** The person's own servers, keys and settings must not reach the figures. */
const FOREIGN = /^(AWP_|TEMPORAL_|API_|WEB_|POSTGRES_|DATABASE_|ARTIFACTS_URL$|TEST_RUN_|WORKER_|SEARXNG_)|_API_KEY$|_BASE_URL$/;

/** The product's own processes without the web pages, by the launcher's own specifications, in a temporary AWP_HOME on free ports. */
export class BenchStack {
  readonly home = mkdtempSync(join(tmpdir(), 'awp-bench-'));
  readonly apiKey = randomBytes(32).toString('base64url');
  readonly env: NodeJS.ProcessEnv;
  readonly #checklist: Checklist;
  readonly #services = new Map<string, Service>();
  readonly #ports: PortBook;
  #addresses: StackAddresses | null = null;
  #context: StackContext | null = null;
  #stopping: Promise<void> | null = null;

  constructor(env: NodeJS.ProcessEnv, checklist: Checklist) {
    this.#checklist = checklist;
    this.env = {
      ...Object.fromEntries(Object.entries(env).filter(([name]) => !FOREIGN.test(name) && name !== 'NODE_CHANNEL_FD')),
      ...Object.fromEntries(PORT_NAMES.map((name) => [name, '0'])),
      AWP_BOOTSTRAP_API_KEY: this.apiKey,
      AWP_RUN_STARTS_PER_MINUTE: '0',
      // Runs are held in flight for minutes: neither the Test cap nor the time of a call may end them.
      TEST_RUN_MAX_RUNTIME_SECONDS: '3600',
      AWP_CALL_TIMEOUT_MS: '600000',
      // As in production: the figures hold what encryption costs.
      AWP_PAYLOAD_ENCRYPTION: 'required',
      // Every full run makes its own Test: with fresh evidence of the run before it would do half of the work, unseen.
      AWP_EVIDENCE_MAX_AGE_HOURS: '0.000001',
      SIMULATOR_DELAY_MS: '0',
      SIMULATOR_CONTROL: '1',
      LOG_LEVEL: 'warn',
    };
    this.#ports = new PortBook(this.env);
  }

  get addresses(): StackAddresses {
    if (this.#addresses === null) throw new Error('the stack is not started');
    return this.#addresses;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.addresses.apiPort}`;
  }

  /** Where the simulator takes faults and tells what it was asked. */
  get simulatorUrl(): string {
    return new URL(this.addresses.demoBaseUrl).origin;
  }

  /** Process ids of the servers' groups, by service name. */
  pids(): Map<string, number> {
    return new Map([...this.#services].flatMap(([name, { pid }]) => (pid === undefined ? [] : [[name, pid] as const])));
  }

  /** @throws LaunchError */
  async start(): Promise<void> {
    const keys = localKeys(this.home);
    mkdirSync(join(this.home, 'artifacts'), { recursive: true });
    await generateClient(this.env);
    const [temporal, database, demoPort] = await Promise.all([this.#startTemporal(), this.#startDatabase(keys.postgresPassword), this.#port('DEMO_PORT')]);
    await this.#start(demoService(this.env, demoPort));
    this.#addresses = { ...temporal, databaseUrl: database, demoBaseUrl: `http://127.0.0.1:${demoPort}/v1`, apiHost: '127.0.0.1', apiPort: await this.#port('API_PORT'), webPort: await this.#port('WEB_PORT') };
    const context: StackContext = { env: this.env, home: this.home, addresses: this.#addresses, secrets: { masterKey: keys.masterKey, signInToken: newSignInToken(), commandLineToken: null } };
    this.#context = context;
    await Promise.all([this.#start(workerService(context)), this.#start(apiService(context))]);
  }

  /** The pages too, for what is measured in a browser. @returns their address and the one-time sign-in link */
  async startWeb(tell: (detail: string) => void): Promise<{ url: string; signInUrl: string }> {
    const context = this.#context;
    if (context === null) throw new Error('the stack is not started');
    await buildWeb(this.env, this.home, tell);
    await this.#start(webService(context));
    const url = `http://localhost:${context.addresses.webPort}`;
    return { url, signInUrl: `${url}/sign-in?token=${context.secrets.signInToken}` };
  }

  async #startTemporal(): Promise<Pick<StackAddresses, 'temporalAddress' | 'temporalNamespace' | 'temporalUiUrl'>> {
    const { path: binary } = await temporalBinary(this.env, () => undefined);
    const port = await this.#port('TEMPORAL_PORT');
    const uiPort = await this.#port('TEMPORAL_UI_PORT');
    await this.#start(temporalService({ binary, port, uiPort, databaseFile: join(this.home, 'temporal/temporal.db'), namespace: 'default', env: withoutSecrets(this.env) }));
    return { temporalAddress: `127.0.0.1:${port}`, temporalNamespace: 'default', temporalUiUrl: undefined };
  }

  async #startDatabase(password: string): Promise<string> {
    const options: PostgresOptions = { dataFolder: join(this.home, 'postgres'), port: await this.#port('POSTGRES_PORT'), password, env: withoutSecrets(this.env) };
    await this.#start(await postgresService(options));
    await ensureDatabase(databaseUrl(options, 'postgres'), 'awp');
    await applyMigrations(this.env, databaseUrl(options));
    return databaseUrl(options);
  }

  async #port(variable: string): Promise<number> {
    return (await this.#ports.choose(variable, 0)).port;
  }

  async #start(spec: ServiceSpec): Promise<void> {
    if (this.#stopping !== null) throw new Error('stopped while starting');
    // A process that died and came back would spoil the figures: it is told, never hidden.
    const told = (line: string) => this.#checklist.note(`  ! ${line}`);
    const service = new Service(spec, this.home, { say: told, gaveUp: (name, reason) => told(`${name} keeps failing: ${reason}`) });
    this.#services.set(spec.name, service);
    await service.start();
  }

  /** Stops what was started, in order, and removes the folder; a second call waits for the first. */
  stop(): Promise<void> {
    this.#stopping ??= (async () => {
      for (const name of STOP_ORDER) await this.#services.get(name)?.stop();
      rmSync(this.home, { recursive: true, force: true });
    })();
    return this.#stopping;
  }

  killNow(): void {
    for (const service of this.#services.values()) service.killNow();
  }
}
