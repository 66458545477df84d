import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { loadConfig } from '#platform/config';
import { openDatabase } from '#platform/db';
import { bundleFolder, webFolder } from '#scripts/deploy/image-folders';
import { projectRoot } from '#scripts/launch/paths';
import { anyFreePort } from '#scripts/launch/ports';
import { databaseUrl, postgresService } from '#scripts/launch/postgres';
import { Service } from '#scripts/launch/service';
import { composeFile } from '../support/deploy/compose-file.ts';
import { alertRules, exposed, isForeign, metricsOf, panels } from '../support/deploy/queries.ts';
import { startPrometheus } from '../support/deploy/prometheus.ts';
import { ContainerProcess, type Mapping } from '../support/deploy/container-process.ts';

/** docker-compose.yml without Docker: the commands, environments and health checks of its services, as processes of this machine.
 * Only host names, ports and the folders of volumes are others; PostgreSQL is the real server, empty as the image leaves it. */
const file = composeFile();
const home = mkdtempSync(join(tmpdir(), 'awp-compose-'));
const events = { say: () => undefined, gaveUp: (name: string, reason: string) => console.error(`${name} is gone: ${reason}`) };
const services = new Map<string, ContainerProcess>();
let postgres: Service | null = null;
let mapping: Mapping;
let web = '';
let ports: Record<'postgres' | 'api' | 'web' | 'demo' | 'metrics', number>;

/** Panels of what went wrong, and of the days before. */
const QUIET = /Failed by workflow|Share of failed calls|Ended in Validate|Mean of the week before/;
const secret = (path: string) => readFileSync(join(home, path), 'utf8').trim();

function container(name: string, options: { cwd?: string; env?: Record<string, string> } = {}): ContainerProcess {
  const service = file.services[name];
  if (service === undefined) throw new Error(`no service ${name}`);
  const made = new ContainerProcess(name, service, mapping, options);
  services.set(name, made);
  return made;
}

/** The image's own superuser is called `postgres`; the embedded server's is not. */
async function startPostgres(): Promise<void> {
  const options = { dataFolder: join(home, 'postgres'), port: ports.postgres, password: secret('database/admin_password'), env: process.env, volatile: true };
  postgres = new Service(await postgresService(options), home, events);
  await postgres.start();
  const as = async (user: string, sql: string) => {
    const url = new URL(databaseUrl(options, 'postgres'));
    url.username = user;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await as('awp', `create role postgres superuser login password '${options.password}'`);
  await as('postgres', 'alter role awp rename to embedded');
}

beforeAll(async () => {
  ports = { postgres: await anyFreePort(), api: await anyFreePort(), web: await anyFreePort(), demo: await anyFreePort(), metrics: await anyFreePort() };
  for (const folder of ['data/artifacts', 'app', 'database']) mkdirSync(join(home, folder), { recursive: true });
  mapping = [
    ['/run/secrets/awp', join(home, 'app')], ['/run/secrets/database', join(home, 'database')], ['/secrets/app', join(home, 'app')], ['/secrets/database', join(home, 'database')],
    ['file:/data', `file:${join(home, 'data')}`], ['/app/build/bundle', bundleFolder],
    ['postgres:5432', `127.0.0.1:${ports.postgres}`], ['temporal:7233', inject('temporalAddress')], ['//demo:8100', `//127.0.0.1:${ports.demo}`], ['//api:8000', `//127.0.0.1:${ports.api}`],
    ['localhost:3000', `localhost:${ports.web}`], ['127.0.0.1:8000', `127.0.0.1:${ports.api}`], ['127.0.0.1:3000', `127.0.0.1:${ports.web}`], ['127.0.0.1:9464', `127.0.0.1:${ports.metrics}`], ['connect(8100', `connect(${ports.demo}`],
  ];
  web = `http://localhost:${ports.web}`;
});

afterAll(async () => {
  for (const service of [...services.values()].reverse()) await service.stop();
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});

it('setup makes every secret once, and prints the sign-in link', async () => {
  const setup = container('setup');
  expect(await setup.toEnd(), setup.output).toBe(0);
  const key = secret('app/master_key');
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect(setup.output).toContain(`${web}/sign-in?token=${secret('app/sign_in_token')}`);
  expect(await container('setup').toEnd()).toBe(0);
  expect(secret('app/master_key')).toBe(key);
});

it('the master key is changed by the two commands of the page: first the old one still reads, then it is gone', async () => {
  const page = readFileSync(join(projectRoot, 'docs/deploy/compose.md'), 'utf8').split('## Change the master key')[1] as string;
  const [change, forget] = [...page.matchAll(/setup sh -c '([^']+)'/g)].map((match) => (match[1] as string).replace('/secrets/app', join(home, 'app')));
  const key = secret('app/master_key');
  expect(secret('app/previous_master_keys')).toBe('');
  execFileSync('sh', ['-c', change as string]);
  expect([secret('app/previous_master_keys'), Buffer.from(secret('app/master_key'), 'base64').length, secret('app/master_key') === key]).toEqual([key, 32, false]);
  execFileSync('sh', ['-c', forget as string]);
  expect([secret('app/previous_master_keys'), await container('setup').toEnd()]).toEqual(['', 0]);
});

it('the jobs make roles, databases, tables, namespace and search attributes; a repeat changes nothing', async () => {
  await startPostgres();
  for (const name of ['databases', 'migrate', 'databases', 'migrate']) {
    const job = container(name);
    expect(await job.toEnd(), job.output).toBe(0);
  }
  expect(services.get('migrate')?.output).toMatch(/up to date/);
  const other = container('migrate', { env: { TEMPORAL_NAMESPACE: 'compose-other' } });
  expect(await other.toEnd(), other.output).toBe(0);
  expect(other.output).toMatch(/the namespace is ready/);
});

it('the application\'s role is no superuser and cannot see Temporal\'s database', async () => {
  const url = secret('app/database_url');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  expect((await client.query('select rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolname = current_user')).rows).toEqual([{ rolsuper: false, rolcreatedb: false, rolcreaterole: false }]);
  await client.end();
  // As api and worker work: nothing of the tables' make, and of the audit log only to read and to add.
  const { pool, close } = openDatabase(loadConfig({ DATABASE_URL: url }));
  for (const sql of ['drop table runs', 'update audit_events set type = type', 'delete from audit_events', 'truncate audit_events', 'create table other (id int)']) await expect(pool.query(sql), sql).rejects.toThrow(/must be owner|permission denied/);
  await close();
  const foreign = new pg.Client({ connectionString: url.replace(/\/awp$/, '/temporal') });
  await expect(foreign.connect()).rejects.toThrow(/permission denied/);
});

it('our processes become healthy by the file\'s own checks', async () => {
  const own: [string, { cwd?: string; env?: Record<string, string> }][] = [
    ['demo', { env: { PORT: String(ports.demo) } }],
    ['worker', { env: { WORKER_METRICS_PORT: String(ports.metrics), AWP_HOME: join(home, 'data') } }],
    ['api', { env: { API_PORT: String(ports.api), AWP_HOME: join(home, 'data') } }],
    ['web', { cwd: webFolder, env: { PORT: String(ports.web) } }],
  ];
  for (const [name, options] of own) container(name, options).start();
  await Promise.all(own.map(async ([name]) => services.get(name)?.healthy()));
});

it('a person signs in with the printed link and completes a demo run through the web', async () => {
  const signIn = await fetch(`${web}/api/v1/session/sign-in-link`, { method: 'POST', headers: { 'content-type': 'application/json', origin: web }, body: JSON.stringify({ token: secret('app/sign_in_token') }) });
  expect(signIn.status, await signIn.clone().text()).toBe(200);
  const cookie = (signIn.headers.get('set-cookie') ?? '').split(';')[0] as string;
  const page = await fetch(`${web}/`, { headers: { cookie } });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('Agentic')]);
  const script = /src="(\/_next\/static\/[^"]+\.js)"/.exec(await (await fetch(`${web}/sign-in`)).text())?.[1];
  expect((await fetch(`${web}${script}`)).status).toBe(200);
  const started = await fetch(`${web}/api/v1/runs`, {
    method: 'POST', headers: { 'content-type': 'application/json', cookie, origin: web },
    body: JSON.stringify({ workflow_id: 'learn_agentic_ai', run_mode: 'test_run', inputs: { learning_goal: 'Build a small agent that calls tools' } }),
  });
  expect(started.status, await started.clone().text()).toBe(201);
  const { id } = (await started.json()) as { id: string };
  const run = await vi.waitFor(async () => {
    const now = (await (await fetch(`${web}/api/v1/runs/${id}`, { headers: { cookie } })).json()) as { status: string; provider: string; error: unknown };
    expect(now.status, JSON.stringify(now.error)).toBe('completed');
    return now;
  }, { timeout: 90_000, interval: 250 });
  expect(run.provider).toBe('demo');
  const artifacts = (await (await fetch(`${web}/api/v1/runs/${id}/artifacts`, { headers: { cookie } })).json()) as unknown[];
  expect(artifacts.length).toBeGreaterThan(3);
}, 180_000);

it('the doctor for production names what this local installation lacks, and finds the rest in order', async () => {
  const api = file.services['api'];
  const doctor = new ContainerProcess('doctor', { ...api, command: ['node', 'scripts/deploy/doctor-production.ts'] } as never, mapping, { env: { AWP_HOME: join(home, 'data') } });
  expect(await doctor.toEnd(), doctor.output).toBe(1);
  expect(doctor.output).toMatch(/✗ AWP_ENV is local[^]*✓ the master key is strong[^]*✗ without TLS: http[^]*✓ the database answers[^]*✓ its role is no superuser[^]*✓ it works as a role that cannot change the audit log[^]*✓ clocks agree[^]*✗ Temporal 1\.29\.\d+ is older[^]*✓ search attributes are there[^]*pollers of workflows[^]*✓ artifacts can be written/);
});

it.skipIf(process.env['DEPLOY_WITHOUT']?.split(',').includes('Prometheus'))('every series that an alert or a panel reads is one that the processes expose, and Prometheus answers every panel', async () => {
  const pages = await Promise.all([`http://127.0.0.1:${ports.api}/metrics`, `http://127.0.0.1:${ports.metrics}/metrics`].map(async (url) => (await fetch(url)).text()));
  const names = exposed(pages.join('\n'));
  const read = [...alertRules().map(({ alert, expr }) => ({ where: alert, expr })), ...panels().flatMap(({ dashboard, title, exprs }) => exprs.map((expr) => ({ where: `${dashboard}, ${title}`, expr })))];
  const missing = read.flatMap(({ where, expr }) => metricsOf(expr).filter((name) => !isForeign(name) && !names.has(name)).map((name) => `${where}: ${name}`));
  expect(missing).toEqual([]);
  const prometheus = await startPrometheus(join(home, 'prometheus'), { 'awp-api': `127.0.0.1:${ports.api}`, 'awp-worker': `127.0.0.1:${ports.metrics}` });
  try {
    await prometheus.scraped(3);
    const empty = [];
    for (const { where, expr } of read) if ((await prometheus.query(expr)).length === 0 && where.startsWith('AWP')) empty.push(where);
    // Only what counts failures or looks at yesterday may show nothing after a run that went well.
    expect(empty.filter((where) => !QUIET.test(where))).toEqual([]);
  } finally {
    await prometheus.stop();
  }
});

it('every process ends by itself within its grace period', async () => {
  for (const name of ['web', 'api', 'worker', 'demo']) {
    const ended = await services.get(name)?.stop();
    // Next ends by the signal itself once its connections are closed.
    expect(name === 'web' ? [0, 143] : [0], `${name}: ${ended?.code}`).toContain(ended?.code);
  }
});
