import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Checklist } from '../checklist.mjs';
import { crashDrill } from './crash-drill.ts';
import { apiOrigin, codecEndpoint, webOrigin, withoutSecrets, type StackAddresses } from './environment.ts';
import { commandLineToken, localKeys, newSignInToken } from './keys.ts';
import type { StackUrls } from './lock.ts';
import { apiService, demoService, webService, workerService, type StackContext } from './our-services.ts';
import { LaunchError, PortBook } from './ports.ts';
import { canQuery, databaseUrl, ensureDatabase, postgresService } from './postgres.ts';
import { applyMigrations, generateClient } from './prisma.ts';
import { Service, type ServiceEvents, type ServiceSpec } from './service.ts';
import { temporalBinary } from './temporal-binary.ts';
import { temporalService } from './temporal-server.ts';
import { buildWeb } from './web-build.ts';

/** The reverse of who needs whom. */
const STOP_ORDER = ['web', 'api', 'worker', 'demo', 'temporal', 'postgres'];

export interface Stack {
  urls: StackUrls;
  signInUrl: string;
}

export interface Servers {
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  temporalUiUrl: string | undefined;
}

/** All processes of one installation: starts them with a checklist, stops them in order. */
export class StackLauncher {
  readonly #env: NodeJS.ProcessEnv;
  readonly #home: string;
  readonly #checklist: Checklist;
  readonly #events: ServiceEvents;
  readonly #ports: PortBook;
  readonly #services = new Map<string, Service>();
  #stopping: Promise<void> | null = null;

  constructor(env: NodeJS.ProcessEnv, home: string, checklist: Checklist, events: ServiceEvents) {
    this.#env = env;
    this.#home = home;
    this.#checklist = checklist;
    this.#events = events;
    this.#ports = new PortBook(env);
  }

  /** Starts everything that is not given by TEMPORAL_ADDRESS, DATABASE_URL or DEMO_BASE_URL.
   * @param options.web  false: no pages, for programs that only use the API @throws LaunchError */
  async start(options: { web: boolean } = { web: true }): Promise<Stack> {
    const keys = localKeys(this.#home);
    const secrets = { masterKey: keys.masterKey, signInToken: this.#env['AWP_SIGN_IN_TOKEN'] || newSignInToken(), commandLineToken: commandLineToken(this.#home, this.#env) };
    mkdirSync(join(this.#home, 'artifacts'), { recursive: true });
    const built = options.web && this.#checklist.run('web pages', (step) => buildWeb(withoutSecrets(this.#env), this.#home, step.update), (made) => (made ? 'built' : 'up to date'));
    if (built) built.catch(() => undefined); // told by the await below; a failure meanwhile must not end the process unheard
    const webPort = await this.#port('WEB_PORT', 3000);
    const servers = await this.startServers(webPort);
    const addresses: StackAddresses = {
      ...servers,
      demoBaseUrl: await this.#startDemo(),
      apiHost: this.#env['API_HOST'] || '127.0.0.1',
      apiPort: await this.#port('API_PORT', 8000),
      webPort,
    };
    const context: StackContext = { env: this.#env, home: this.#home, addresses, secrets };
    await Promise.all([
      this.#startService('worker', workerService(context), 'polling'),
      this.#startService('API', { ...apiService(context), onMessage: crashDrill(this.#env, () => this.#services.get('worker')) }, apiOrigin(this.#env, addresses)),
      built && built.then(() => this.#startService('web', webService(context), webOrigin(this.#env, addresses.webPort))),
    ]);
    return this.#describe(addresses, secrets.signInToken);
  }

  /** Only what our own processes stand on: Temporal and a migrated database. @throws LaunchError */
  async startServers(webPort?: number): Promise<Servers> {
    const { postgresPassword } = localKeys(this.#home);
    const [temporal, database] = await Promise.all([this.#startTemporal(webPort), this.#startDatabase(postgresPassword), this.#generate()]);
    await this.#checklist.run('database migrations', () => applyMigrations(this.#env, database), (result) => result);
    return { databaseUrl: database, ...temporal };
  }

  #describe(addresses: StackAddresses, signInToken: string): Stack {
    const web = webOrigin(this.#env, addresses.webPort);
    const api = apiOrigin(this.#env, addresses);
    return {
      urls: { web, api, apiDocs: `${api}/docs`, temporalUi: addresses.temporalUiUrl ?? null },
      signInUrl: `${web}/sign-in?token=${signInToken}`,
    };
  }

  async #generate(): Promise<void> {
    await this.#checklist.run('database client', () => generateClient(this.#env), (made) => (made ? 'generated' : 'up to date'));
  }

  async #startTemporal(webPort: number | undefined): Promise<Pick<StackAddresses, 'temporalAddress' | 'temporalNamespace' | 'temporalUiUrl'>> {
    const namespace = this.#env['TEMPORAL_NAMESPACE'] || 'default';
    const uiUrl = this.#env['TEMPORAL_UI_URL'] || undefined;
    const given = this.#env['TEMPORAL_ADDRESS'];
    if (given) {
      this.#checklist.note(`  · Temporal server: using TEMPORAL_ADDRESS (${given})`);
      return { temporalAddress: given, temporalNamespace: namespace, temporalUiUrl: uiUrl };
    }
    return this.#checklist.run(
      'Temporal server',
      async (step) => {
        const { path: binary, origin } = await temporalBinary(this.#env, step.update);
        step.update(`starting, ${origin}`);
        const port = await this.#port('TEMPORAL_PORT', 7233);
        const uiPort = await this.#port('TEMPORAL_UI_PORT', 8233);
        const databaseFile = join(this.#home, 'temporal/temporal.db');
        await this.#startChild(temporalService({ binary, port, uiPort, codecEndpoint: webPort === undefined ? undefined : codecEndpoint(this.#env, webPort), databaseFile, namespace, env: withoutSecrets(this.#env) }));
        return { temporalAddress: `127.0.0.1:${port}`, temporalNamespace: namespace, temporalUiUrl: uiUrl ?? `http://localhost:${uiPort}` };
      },
      (started) => started.temporalAddress,
    );
  }

  async #startDatabase(password: string): Promise<string> {
    const given = this.#env['DATABASE_URL'];
    if (given) {
      await this.#checklist.run('PostgreSQL of DATABASE_URL', async () => {
        if (!(await canQuery(given))) throw new LaunchError(`no PostgreSQL answers at the host and port of DATABASE_URL (${new URL(given).host})`);
      });
      return given;
    }
    return this.#checklist.run(
      'PostgreSQL 18',
      async () => {
        const port = await this.#port('POSTGRES_PORT', 5432);
        const options = { dataFolder: join(this.#home, 'postgres'), port, password, env: withoutSecrets(this.#env) };
        await this.#startChild(await postgresService(options));
        await ensureDatabase(databaseUrl(options, 'postgres'), 'awp');
        return databaseUrl(options);
      },
      (url) => new URL(url).host,
    );
  }

  async #startDemo(): Promise<string> {
    const given = this.#env['DEMO_BASE_URL'];
    if (given) return given;
    const port = await this.#port('DEMO_PORT', 8100);
    await this.#startService('demo provider', demoService(this.#env, port), `127.0.0.1:${port}`);
    return `http://127.0.0.1:${port}/v1`;
  }

  async #port(variable: string, defaultPort: number): Promise<number> {
    const { port, moved } = await this.#ports.choose(variable, defaultPort);
    if (moved !== null) this.#checklist.note(`  · ${moved}`);
    return port;
  }

  async #startService(label: string, spec: ServiceSpec, detail: string): Promise<void> {
    await this.#checklist.run(label, () => this.#startChild(spec), () => detail);
  }

  async #startChild(spec: ServiceSpec): Promise<void> {
    if (this.#stopping !== null) throw new LaunchError('stopped while starting');
    const service = new Service(spec, this.#home, this.#events);
    this.#services.set(spec.name, service);
    await service.start();
  }

  /** Stops what was started, in order; a second call waits for the first. */
  stop(tell: (name: string) => void = () => undefined): Promise<void> {
    this.#stopping ??= this.#stopAll(tell);
    return this.#stopping;
  }

  async #stopAll(tell: (name: string) => void): Promise<void> {
    for (const name of STOP_ORDER) {
      const service = this.#services.get(name);
      if (service === undefined) continue;
      tell(name);
      await service.stop();
    }
  }

  /** At once and without order, for a second Ctrl-C. */
  killNow(): void {
    for (const service of this.#services.values()) service.killNow();
  }
}
